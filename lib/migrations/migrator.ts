import { pause } from '../driver/timers.js';
import { MigrationError } from '../errors/index.js';
import { transaction, type Statement } from '../surrealql/nodes/statements.js';
import { entryOf, historyTables, noteEntry, readHistory, removeEntry } from './history.js';
import { isConflict, Lease } from './lease.js';
import { canGoDown, loadAny, loadMigration, type LoadModule } from './load-migration.js';
import { newName, type MigrationFile } from './migration-file.js';
import { MigrationFolder } from './migration-folder.js';
import { MigrationRequests } from './requests.js';
import { MigrationRunner, type Direction } from './runner.js';
import {
  checkHistory,
  checkOrder,
  compare,
  named,
  publicStatus,
  stillPending,
  type KnownMigration,
  type MigrationStatus,
} from './status.js';
import {
  checkDown,
  type CreateOptions,
  type DiffOptions,
  type MigrationDiff,
  type DownOptions,
  type MigrationRun,
  type MigratorHost,
  type RunOptions,
  type UpOptions,
} from './migrator-options.js';
import { BLANK, surqlSource, tsSource } from './write-migration.js';

const WAIT = 300_000;
const LEASE = 15_000;
const ATTEMPTS = 24;

/**
 * Runs the migrations of a folder, each once and each whole, however many processes start at once.
 *
 * ```ts
 * await orm.migrator.diff({ name: 'add slugs' });   // writes a file from the entities
 * await orm.migrator.up();
 * await orm.migrator.down();
 * ```
 * What was applied stands in the table `reverie_migration`, together with the checksum of its file; the right to run them is a
 * lease in the table `reverie_lease`. It needs a user who may define tables.
 */
export class Migrator {
  readonly #host: MigratorHost;
  readonly #folder: MigrationFolder;
  readonly #requests: MigrationRequests;
  readonly #load: LoadModule;

  constructor(host: MigratorHost) {
    this.#host = host;
    this.#folder = new MigrationFolder(host.options.dir ?? 'migrations');
    this.#requests = new MigrationRequests(host.driver);
    this.#load = host.load ?? loadAny;
  }

  /** Every migration that has a file or was applied, in order. Reads only. */
  async status(): Promise<readonly MigrationStatus[]> {
    return (await this.#known()).map(publicStatus);
  }

  /**
   * Throws where the files are not those that were applied. Reads only.
   *
   * @throws MigrationError for changed and missing files
   */
  async check(): Promise<void> {
    checkHistory(await this.#known());
  }

  /**
   * Applies what is pending, in order. Answers with what ran; with nothing where there was nothing to do, also because another
   * process was faster.
   *
   * @throws MigrationError when one fails (it leaves nothing behind, those before it stay), and for files that were changed, are
   *   missing or come too late; TimeoutError when another process does not get done
   */
  async up({ to, outOfOrder = false, dryRun = false, ...options }: UpOptions = {}): Promise<readonly MigrationRun[]> {
    const pending = async (): Promise<readonly KnownMigration[]> => {
      const known = await this.#known();
      checkHistory(known);
      if (!outOfOrder) checkOrder(known);
      const last = to === undefined ? undefined : named(known, to).name;
      return known.filter(
        ({ name, state, adopts }) =>
          (state === 'pending' || adopts !== undefined) && (last === undefined || name <= last),
      );
    };
    const waiting = await pending();
    if (waiting.length === 0) return [];
    if (dryRun) return waiting.filter(({ adopts }) => adopts === undefined).map(({ name }) => ({ name, duration: 0 }));
    return this.#run('up', pending, options);
  }

  /**
   * Takes back the last one, the last `steps`, those after `to`, or all, newest first.
   *
   * @throws MigrationError before anything is done when one of them has no way back, or its file is gone
   */
  async down({ to, steps, all = false, dryRun = false, ...options }: DownOptions = {}): Promise<
    readonly MigrationRun[]
  > {
    checkDown({ to, steps, all });
    const applied = async (): Promise<readonly KnownMigration[]> => {
      const known = await this.#known();
      checkHistory(known);
      const done = known.filter(({ state }) => state === 'applied').reverse();
      if (all) return done;
      if (to === undefined) return done.slice(0, steps ?? 1);
      const { name } = named(known, to);
      return done.filter((each) => each.name > name);
    };
    const chosen = await applied();
    await this.#refuseOneWay(chosen);
    if (dryRun || chosen.length === 0) return chosen.map(({ name }) => ({ name, duration: 0 }));
    // The choice is made once: a process that waited does not take back one more.
    const names = new Set(chosen.map(({ name }) => name));
    return this.#run('down', async () => (await applied()).filter(({ name }) => names.has(name)), options);
  }

  /**
   * Writes an empty migration. Answers with its file.
   *
   * ```ts
   * const { file } = await orm.migrator.create({ name: 'fill slugs' });
   * ```
   */
  async create(given: CreateOptions | string): Promise<{ readonly name: string; readonly file: string }> {
    const { name, type = 'ts' } = typeof given === 'string' ? { name: given } : given;
    return this.#write(name, type, BLANK[type]);
  }

  /**
   * Writes what leads from the database to the entities, and back, as a migration; as several where one has to see what
   * another has committed. Nothing is written where there is no difference, nothing is applied.
   */
  async diff({ name, type = 'surql', contract = false }: DiffOptions): Promise<MigrationDiff> {
    const { plan, parts } = await this.#host.schema.script({ contract });
    const files: string[] = [];
    for (const [index, part] of parts.entries()) {
      const source = type === 'ts' ? tsSource(part) : surqlSource(part);
      files.push((await this.#write(index === 0 ? name : `${name} ${index + 1}`, type, source)).file);
    }
    return Object.freeze({ isEmpty: plan.isEmpty, files: Object.freeze(files), plan });
  }

  /** Notes migrations as applied without running them, up to one: for a database that has their result already. */
  async baseline({ to }: { readonly to?: string } = {}): Promise<readonly string[]> {
    return this.#mend((known) => {
      const last = to === undefined ? undefined : named(known, to).name;
      const pending = known.filter(({ name, state }) => state === 'pending' && (last === undefined || name <= last));
      return {
        names: pending.map(({ name }) => name),
        statements: pending.map((each) => noted(each.file as MigrationFile)),
      };
    });
  }

  /** Takes the files for right: notes the checksums of changed ones, forgets missing ones. */
  async repair(): Promise<readonly string[]> {
    return this.#mend((known) => {
      const wrong = known.filter(({ state }) => state === 'changed' || state === 'missing');
      return {
        names: wrong.map(({ name }) => name),
        statements: wrong.map(({ name, file, entry }) =>
          file === undefined ? removeEntry(name) : noted(file, entry?.duration),
        ),
      };
    });
  }

  /**
   * Puts one migration that makes the schema of the entities, and what else the database defines, in the place of all that were
   * applied, and removes their files.
   * Databases that have run them take it for applied; what they did to data is not part of it.
   *
   * @throws MigrationError where some are pending, or the database is not what the entities say
   */
  async squash({
    name,
  }: {
    readonly name: string;
  }): Promise<{ readonly file: string; readonly squashed: readonly string[] }> {
    const known = await this.#known();
    checkHistory(known);
    const open = known.filter(({ state }) => state === 'pending');
    if (open.length > 0) throw stillPending(open.map((each) => each.name));
    await this.#host.schema.verify();
    const squashed = known.map((each) => each.name);
    const statements = await this.#host.schema.wholeSurql();
    const notes = squashed.map((each) => `squashes: ${each}`);
    const source = `${[...notes.map((note) => `-- ${note}`), '-- up', statements].join('\n')}\n`;
    const { file } = await this.#write(name, 'surql', source);
    for (const each of known) await this.#folder.remove(each.file as MigrationFile);
    await this.up();
    return Object.freeze({ file, squashed });
  }

  async #run(
    direction: Direction,
    choose: () => Promise<readonly KnownMigration[]>,
    { wait = WAIT, onEvent = () => undefined }: RunOptions,
  ): Promise<readonly MigrationRun[]> {
    await this.#prepare();
    const duration = this.#host.options.lease ?? LEASE;
    const onWait = (): void => onEvent({ type: 'waiting' });
    return Lease.hold(this.#requests, { duration, wait, onWait }, async (lease) => {
      const runs: MigrationRun[] = [];
      const runner = new MigrationRunner({
        driver: this.#host.driver,
        requests: this.#requests,
        lease,
        em: () => this.#host.em(),
        tell: onEvent,
      });
      for (const { name, file, entry, adopts } of await choose()) {
        if (adopts !== undefined) {
          await this.#requests.run([
            transaction([...lease.fence(), noted(file as MigrationFile), ...adopts.map(removeEntry)]),
          ]);
          continue;
        }
        const loaded = await loadMigration(file as MigrationFile, this.#load);
        runs.push(Object.freeze({ name, duration: await runner.run(loaded, direction, entry) }));
      }
      return Object.freeze(runs);
    });
  }

  /** Changes the history alone, under the lease. */
  async #mend(
    choose: (known: readonly KnownMigration[]) => {
      readonly names: readonly string[];
      readonly statements: readonly Statement[];
    },
  ): Promise<readonly string[]> {
    await this.#prepare();
    const duration = this.#host.options.lease ?? LEASE;
    return Lease.hold(this.#requests, { duration, wait: WAIT }, async (lease) => {
      const { names, statements } = choose(await this.#known());
      if (names.length > 0) await this.#requests.run([transaction([...lease.fence(), ...statements])]);
      return names;
    });
  }

  async #known(): Promise<readonly KnownMigration[]> {
    const rows = (await this.#requests.ask(readHistory())) as readonly Readonly<Record<string, unknown>>[];
    return compare(await this.#folder.files(), rows.map(entryOf));
  }

  /** Several processes may do it at once. */
  async #prepare(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#requests.run(historyTables());
        return;
      } catch (error) {
        if (!isConflict(error) || attempt === ATTEMPTS) throw error;
        await pause(Math.random() * 20 * attempt);
      }
    }
  }

  async #refuseOneWay(chosen: readonly KnownMigration[]): Promise<void> {
    const loaded = await Promise.all(chosen.map(({ file }) => loadMigration(file as MigrationFile, this.#load)));
    const oneWay = loaded.filter((each) => !canGoDown(each)).map(({ file }) => file.name);
    if (oneWay.length === 0) return;
    throw new MigrationError({
      what: `${oneWay.join(', ')} cannot be taken back`,
      why: 'it has no `down`; nothing was done',
      fix: 'write one: down(m) in TypeScript, a part below `-- down` in .surql',
      migrations: oneWay,
    });
  }

  async #write(
    given: string,
    type: 'ts' | 'surql',
    source: string,
  ): Promise<{ readonly name: string; readonly file: string }> {
    const last = (await this.#folder.files()).at(-1)?.name;
    const name = newName(given, new Date(), last);
    return Object.freeze({ name, file: await this.#folder.write(name, type, source) });
  }
}

function noted({ name, checksum, extension }: MigrationFile, duration = 0): Statement {
  return noteEntry({ name, checksum, extension, duration, finished: true, batches: [] });
}
