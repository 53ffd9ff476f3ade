import {
  binary,
  block,
  call,
  iff,
  object,
  param,
  path,
  pathOf,
  subquery,
  table,
  value,
} from '../surrealql/nodes/expressions.js';
import { defineTable } from '../surrealql/nodes/definitions.js';
import {
  info,
  letStatement,
  remove,
  returnStatement,
  select,
  update,
  upsert,
  type Statement,
} from '../surrealql/nodes/statements.js';
import { RecordId } from '../values/index.js';

/** The table of what was applied. */
export const HISTORY_TABLE = 'reverie_migration';
/** The table of leases. */
export const LEASE_TABLE = 'reverie_lease';

/** What the history knows of a migration. */
export interface HistoryEntry {
  readonly name: string;
  readonly checksum: string;
  /** A `.ts` and the `.js` that is made of it differ in their text, so that only equal languages are compared. */
  readonly extension: string;
  readonly appliedAt: Date;
  /** Milliseconds. */
  readonly duration: number;
  /** False while a migration without a transaction is under way, or after it has failed. */
  readonly finished: boolean;
  /** How far its batches came, in their order. */
  readonly batches: readonly BatchMark[];
}

export interface BatchMark {
  readonly cursor: string | null;
  readonly count: number;
  readonly done: boolean;
}

const idOf = (name: string): RecordId => new RecordId(HISTORY_TABLE, name);

/** Definitions of both tables; nobody but users of the database sees them. */
export function historyTables(): readonly Statement[] {
  return [HISTORY_TABLE, LEASE_TABLE].map((name) =>
    defineTable({ exists: 'if-not-exists', name, type: 'NORMAL', schemafull: false, permissions: 'none' }),
  );
}

/** Answers with all entries; with none where the table has not been made yet. */
export function readHistory(): readonly Statement[] {
  const names = pathOf(param('db'), 'tables', 'name');
  const rows = select({ from: [table(HISTORY_TABLE)] });
  return [
    letStatement('db', subquery(info('database', true))),
    returnStatement(
      iff(
        binary(value(HISTORY_TABLE), 'IN', names),
        block([returnStatement(subquery(rows))]),
        block([returnStatement(value([]))]),
      ),
    ),
  ];
}

export function entryOf(row: Readonly<Record<string, unknown>>): HistoryEntry {
  return Object.freeze({
    name: String((row['id'] as RecordId).key),
    checksum: String(row['checksum']),
    extension: String(row['extension']),
    appliedAt: row['applied_at'] as Date,
    duration: Number(row['duration']),
    finished: row['finished'] === true,
    batches: (row['batches'] ?? []) as readonly BatchMark[],
  });
}

/** Notes a migration; `applied_at` is the server's time. */
export function noteEntry(entry: Omit<HistoryEntry, 'appliedAt'>): Statement {
  const { name, checksum, extension, duration, finished, batches } = entry;
  return upsert({
    target: value(idOf(name)),
    data: {
      kind: 'content',
      data: object([
        ['checksum', value(checksum)],
        ['extension', value(extension)],
        ['applied_at', call('time::now')],
        ['duration', value(duration)],
        ['finished', value(finished)],
        ['batches', value(batches)],
      ]),
    },
    returns: 'none',
  });
}

export function removeEntry(name: string): Statement {
  return remove({ target: value(idOf(name)), returns: 'none' });
}

/** How long a migration took, which is known only afterwards. */
export function noteDuration(name: string, duration: number): Statement {
  return update({
    target: value(idOf(name)),
    data: { kind: 'set', assignments: [{ target: path('duration'), operator: '=', value: value(duration) }] },
    returns: 'none',
  });
}
