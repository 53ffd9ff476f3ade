import { MigrationError, ValidationError } from '../errors/index.js';
import type { HistoryEntry } from './history.js';
import { readScript, type MigrationFile } from './migration-file.js';

/** `changed`: applied, and its file differs since; `missing`: applied, and its file is gone. */
export type MigrationState = 'applied' | 'pending' | 'changed' | 'missing';

export interface MigrationStatus {
  readonly name: string;
  readonly state: MigrationState;
  readonly appliedAt?: Date;
  /** Milliseconds it took. */
  readonly duration?: number;
}

/** A migration with what is known of it on both sides. */
export interface KnownMigration extends MigrationStatus {
  readonly file?: MigrationFile;
  readonly entry?: HistoryEntry;
  /** The entries whose place a squashed migration takes. */
  readonly adopts?: readonly string[];
}

/** Files and history, by name. */
export function compare(files: readonly MigrationFile[], history: readonly HistoryEntry[]): readonly KnownMigration[] {
  const entries = new Map(history.map((entry) => [entry.name, entry]));
  const known = files.map((file) => stateOf(file, entries));
  const named = new Set(known.flatMap((each) => [each.name, ...(each.adopts ?? [])]));
  const missing = history
    .filter((entry) => !named.has(entry.name))
    .map((entry): KnownMigration => ({ name: entry.name, state: 'missing', ...timesOf(entry), entry }));
  return Object.freeze([...known, ...missing].sort((a, b) => (a.name < b.name ? -1 : 1)).map(Object.freeze)) as never;
}

function stateOf(file: MigrationFile, entries: ReadonlyMap<string, HistoryEntry>): KnownMigration {
  const { name } = file;
  const entry = entries.get(name);
  if (entry === undefined) return { name, state: 'pending', file, ...adoption(file, entries) };
  if (!entry.finished) return { name, state: 'pending', file, entry };
  const changed = entry.extension === file.extension && entry.checksum !== file.checksum;
  return { name, state: changed ? 'changed' : 'applied', file, entry, ...timesOf(entry) };
}

/** A squashed migration whose parts were all applied has nothing to do but to take their place. */
function adoption(
  file: MigrationFile,
  entries: ReadonlyMap<string, HistoryEntry>,
): { readonly adopts?: readonly string[]; readonly state?: 'applied' } {
  if (file.extension !== 'surql') return {};
  const { squashes } = readScript(file.source);
  const applied = squashes.filter((name) => entries.get(name)?.finished === true);
  if (applied.length === 0) return {};
  if (applied.length === squashes.length) return { adopts: squashes, state: 'applied' };
  throw new MigrationError({
    what: `${file.name} takes the place of ${squashes.length} migrations, of which only ${applied.length} were applied here`,
    fix: 'apply the others first, from the version of the application that still has their files',
    migrations: squashes.filter((name) => !applied.includes(name)),
  });
}

function timesOf({ appliedAt, duration }: HistoryEntry): Pick<MigrationStatus, 'appliedAt' | 'duration'> {
  return { appliedAt, duration };
}

/** What a user sees of it. */
export function publicStatus({ name, state, appliedAt, duration }: KnownMigration): MigrationStatus {
  return Object.freeze({
    name,
    state,
    ...(appliedAt !== undefined && { appliedAt }),
    ...(duration !== undefined && { duration }),
  });
}

/**
 * Refuses a history that the files do not tell.
 *
 * @throws MigrationError for changed and missing files
 */
export function checkHistory(known: readonly KnownMigration[]): void {
  const wrong = known.filter(({ state }) => state === 'changed' || state === 'missing');
  if (wrong.length === 0) return;
  const lines = wrong.map(({ name, state }) =>
    state === 'changed' ? `  ${name}: its file was changed after it was applied` : `  ${name}: its file is missing`,
  );
  throw new MigrationError({
    what: 'The files of migrations are not those that were applied',
    why: `\n${lines.join('\n')}`,
    fix: [
      'bring the files back as they were, and write a new migration for what has to change',
      'where the files are right: migrator.repair(), or reverie migration:repair',
    ],
    migrations: wrong.map(({ name }) => name),
  });
}

/**
 * Refuses migrations that would run after later ones.
 *
 * @throws MigrationError
 */
export function checkOrder(known: readonly KnownMigration[]): void {
  const last = known.filter(({ state }) => state === 'applied').at(-1);
  const late = known.filter(({ name, state }) => state === 'pending' && last !== undefined && name < last.name);
  if (late.length === 0) return;
  throw new MigrationError({
    what: `${late.map(({ name }) => name).join(', ')} would run after ${last?.name}, which was written later`,
    why: 'other databases run them in the order of their names',
    fix: ['give the file a newer name', 'where the order does not matter: migrator.up({ outOfOrder: true })'],
    migrations: late.map(({ name }) => name),
  });
}

/** By its name, or by the beginning of one that no other shares. */
export function named(known: readonly KnownMigration[], given: string): KnownMigration {
  const exact = known.find(({ name }) => name === given);
  const candidates = exact === undefined ? known.filter(({ name }) => name.startsWith(given)) : [exact];
  const [found] = candidates;
  if (found !== undefined && candidates.length === 1) return found;
  throw new ValidationError({
    what: `${JSON.stringify(given)} names ${candidates.length === 0 ? 'no migration' : `${candidates.length} migrations`}`,
    why: `there are ${known.map(({ name }) => name).join(', ') || 'none'}`,
  });
}

export function stillPending(names: readonly string[]): MigrationError {
  return new MigrationError({
    what: `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} pending`,
    why: 'only what was applied can be squashed',
    fix: 'migrator.up() first',
    migrations: names,
  });
}
