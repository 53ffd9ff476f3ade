import { decodeExact } from '../driver/codec/index.js';
import { call, path, pathOf, subquery, table as tableNode, value } from '../surrealql/nodes/expressions.js';
import { returnStatement, select, type SelectNode } from '../surrealql/nodes/statements.js';
import { BoundExcluded, BoundIncluded, equals, RecordIdRange, type RecordId, type RecordKey } from '../values/index.js';
import { ask, type Executor } from './requests.js';

/** Keys that are held at once. */
const WINDOW = 20_000;

/**
 * The keys of a table in their order, many at a time. The engine reads a range that has no end to its last record, whatever
 * LIMIT says, but a table only up to START and LIMIT: so that keys are counted off, and records read between two of them.
 */
export async function* readKeys(
  executor: Executor,
  table: string,
  { after, size = WINDOW }: { readonly after?: RecordKey | undefined; readonly size?: number },
): AsyncGenerator<readonly RecordKey[]> {
  let last = after;
  let place = after === undefined ? 0 : await countUpTo(executor, table, after);
  for (;;) {
    const keys = await window(executor, table, { place, last, size });
    if (keys.length === 0) return;
    yield keys;
    last = keys.at(-1);
    place += keys.length;
  }
}

/** With the key before it, which has to be where it was: records may have come or gone in the meantime. */
async function window(
  executor: Executor,
  table: string,
  { place, last, size }: { readonly place: number; readonly last: RecordKey | undefined; readonly size: number },
): Promise<readonly RecordKey[]> {
  const from = last === undefined ? 0 : Math.max(0, place - 1);
  const keys = await ids(executor, { from: [tableNode(table)], start: value(from), limit: value(size + 1) });
  if (last === undefined) return keys;
  if (keys.length > 0 && equals(keys[0], last)) return keys.slice(1);
  const rest = new RecordIdRange(table, new BoundExcluded(last), undefined);
  return ids(executor, { from: [value(rest)], limit: value(size) });
}

async function ids(executor: Executor, what: Pick<SelectNode, 'from' | 'start' | 'limit'>): Promise<RecordKey[]> {
  const encoded = select({ value: call('encoding::cbor::encode', path('id')), ...what });
  const found = (await ask(executor, [returnStatement(subquery(encoded))])) as readonly Uint8Array[];
  return found.map((bytes) => (decodeExact(bytes) as RecordId).key);
}

async function countUpTo(executor: Executor, table: string, key: RecordKey): Promise<number> {
  const range = new RecordIdRange(table, undefined, new BoundIncluded(key));
  const counted = select({ value: call('count'), from: [value(range)], groupBy: 'all' });
  const count = await ask(executor, [returnStatement(pathOf(subquery(counted), 0, 'count'))]);
  return typeof count === 'number' ? count : 0;
}
