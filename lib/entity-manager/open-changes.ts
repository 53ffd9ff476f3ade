import type { Row } from '../entity/row.js';
import { ReverieError, ValidationError } from '../errors/index.js';
import { beforePatch, ChangeFeed, positionOf, timeOf, touchedBy } from '../live/changes/index.js';
import type { ChangesOptions, FeedChange, FeedEntry } from '../live/changes/index.js';
import type { EntityClass, EntityMetadata } from '../metadata/entity-metadata.js';
import { info, showChanges } from '../surrealql/nodes/index.js';
import { toRecordId, type RecordId } from '../values/index.js';
import { asOptions } from './as-options.js';
import { checkLiveOptions } from './check-live-options.js';
import type { EmSession } from './em-session.js';
import { plainEntity } from './open-live.js';
import { checkSize } from './read-options.js';
import { runStatement } from './run-statement.js';

/** Typed over the options, so that a new one cannot be forgotten here. */
const KNOWN: Readonly<Record<keyof ChangesOptions, true>> = {
  since: true,
  batch: true,
  pollInterval: true,
  includeOriginal: true,
  signal: true,
};

/** As the server tells them. */
interface RawEntry {
  readonly versionstamp: number | bigint;
  readonly changes: readonly Readonly<Record<string, unknown>>[];
}

/** What was asked for of a table. */
interface FedTable {
  /** The class that stands for all records of the table. */
  readonly meta: EntityMetadata;
  /** The classes among them that were asked for. */
  readonly targets: readonly EntityClass[];
}

type Tables = ReadonlyMap<string, FedTable>;

/** @throws ValidationError for a table without a changefeed, and for options that cannot be right */
export function openChanges(
  session: EmSession,
  targets: '*' | EntityClass | readonly EntityClass[],
  given?: ChangesOptions,
): ChangeFeed {
  const options = asOptions(given, 'em.changes()', 'em.changes(Order, { since: cursor })');
  const metas = entitiesOf(session, targets, options);
  const [first] = metas;
  const tables = tablesOf(session, metas);
  checkLiveOptions(first, 'em.changes', options, KNOWN);
  const { since, batch, pollInterval, signal } = options;
  checkSize(first, 'batch', batch, 1);
  checkSize(first, 'pollInterval', pollInterval, 1);
  return new ChangeFeed<object>({
    read: (after, limit) => readEntries(session, tables, after, limit, options),
    check: () => checkDatabase(session, tables),
    after: positionOf(since),
    batch: batch ?? 100,
    pollInterval: pollInterval ?? 500,
    signal,
  });
}

function entitiesOf(
  { core: { registry } }: EmSession,
  targets: '*' | EntityClass | readonly EntityClass[],
  { includeOriginal }: ChangesOptions,
): readonly [EntityMetadata, ...EntityMetadata[]] {
  const asked = targets === '*' ? undefined : ([targets].flat() as readonly EntityClass[]);
  const metas = asked?.map((target) => registry.get(target) as unknown as EntityMetadata);
  const [first, ...others] = metas ?? registry.entities.filter(({ options }) => options.changefeed !== undefined);
  if (first === undefined) throw noFeed('No entity has a changefeed', 'their tables keep no changes');
  for (const { className, table, options } of [first, ...others]) {
    if (options.changefeed === undefined)
      throw noFeed(`${className} has no changefeed`, `the table ${table} keeps no changes`);
    if (includeOriginal === true && options.changefeed.includeOriginal !== true)
      throw noFeed(`The changefeed of ${className} keeps no originals`, `its table ${table} was not told to`);
  }
  return [first, ...others];
}

function tablesOf({ core: { registry } }: EmSession, metas: readonly EntityMetadata[]): Tables {
  const tables = new Map<string, FedTable>();
  for (const meta of metas) {
    const targets = [...(tables.get(meta.table)?.targets ?? []), meta.target];
    tables.set(meta.table, { meta: registry.byTable(meta.table) ?? meta, targets });
  }
  return tables;
}

/** The schema may not have been synced: the server would answer with nothing, for ever. */
async function checkDatabase(session: EmSession, tables: Tables): Promise<void> {
  let described: unknown;
  try {
    described = await runStatement(session, info('database', true), 'system');
  } catch (error) {
    // Who may read changes may still not look at the schema.
    if (ReverieError.is(error) && error.code === 'PERMISSION') return;
    throw error;
  }
  const known = (described as { readonly tables: readonly { readonly name: string; readonly changefeed?: unknown }[] })
    .tables;
  for (const [table, { meta }] of tables) {
    if (known.find(({ name }) => name === table)?.changefeed !== undefined) continue;
    throw noFeed(
      `The table ${table} of ${meta.className} has no changefeed in the database`,
      'the schema there is another one',
      ['orm.schema.sync() or a migration: DEFINE TABLE … CHANGEFEED'],
    );
  }
}

/**
 * All tables at once, and the others left out here: with the name of a table the server cuts by LIMIT before it looks at the
 * table, so that a short answer is not the end.
 */
async function readEntries(
  session: EmSession,
  tables: Tables,
  after: bigint,
  limit: number,
  { includeOriginal, signal }: ChangesOptions,
): Promise<readonly FeedEntry<object>[]> {
  const entries = (await runStatement(session, showChanges(after + 1n, limit), 'find', {
    signal,
  })) as readonly RawEntry[];
  return entries.map(({ versionstamp, changes }) => {
    const stamp = BigInt(versionstamp);
    return {
      versionstamp: stamp,
      changes: changes.flatMap((change) => changeOf(session, tables, change, stamp, includeOriginal === true) ?? []),
    };
  });
}

/** Undefined for what is no change of a record, or of one that was not asked for. */
function changeOf(
  session: EmSession,
  tables: Tables,
  change: Readonly<Record<string, unknown>>,
  versionstamp: bigint,
  includeOriginal: boolean,
): FeedChange | undefined {
  const gone = change['delete'] as Row | undefined;
  // With originals `update` is the way back, of a create the row itself; without them it is what the record became.
  const way = Array.isArray(change['update']) ? (change['update'] as readonly unknown[]) : undefined;
  const row = (way === undefined ? change['update'] : change['current']) as Row | undefined;
  const id = toRecordId((gone ?? row)?.['id']) as RecordId | undefined;
  const fed = id === undefined ? undefined : tables.get(id.table);
  if (id === undefined || fed === undefined) return undefined;
  const { meta, targets } = fed;
  const plain = (given: Row) => plainEntity(session.core, meta, given, session.em as object);
  const entity = row === undefined ? undefined : plain(row);
  // Of a record that is gone nobody can tell the class.
  if (entity !== undefined && !targets.some((target) => entity instanceof target)) return undefined;
  const isOriginal = meta.options.changefeed?.includeOriginal === true;
  const asked = includeOriginal && way !== undefined && row !== undefined;
  return Object.freeze({
    action: gone !== undefined ? 'delete' : isOriginal && way === undefined ? 'create' : 'update',
    id,
    target: meta.target,
    entity,
    original: asked ? plain(beforePatch(row, way) as Row) : undefined,
    changedFields: asked ? propertiesOf(meta, way) : undefined,
    versionstamp,
    at: timeOf(versionstamp),
  });
}

function propertiesOf({ byColumn }: EntityMetadata, way: readonly unknown[]): readonly never[] {
  const columns = touchedBy(way, (name) => byColumn.has(name));
  return Object.freeze(columns.flatMap((column) => byColumn.get(column)?.property ?? [])) as readonly never[];
}

function noFeed(what: string, why: string, more: readonly string[] = []): ValidationError {
  return new ValidationError({
    what,
    why,
    fix: ["@Table({ name: …, changefeed: { expiry: '7d', includeOriginal: true } }), and sync the schema", ...more],
    errors: [{ path: 'changefeed', message: `${what}: ${why}`, rule: 'changefeed' }],
  });
}
