import { decodeExact } from '../driver/codec/index.js';
import { parsePath } from '../schema/field-path.js';
import {
  and,
  array,
  binary,
  call,
  graph,
  param,
  path,
  subquery,
  value,
  type Expression,
} from '../surrealql/nodes/expressions.js';
import { returnStatement, select } from '../surrealql/nodes/statements.js';
import { BoundIncluded, RecordIdRange, type RecordId, type RecordKey } from '../values/index.js';
import type { StoredTable } from './read-definitions.js';
import { readKeys } from './read-keys.js';
import { ask, type Executor } from './requests.js';

/** A record with every value as it is stored, floats told from ints. */
export interface StoredRecord {
  readonly row: Readonly<Record<string, unknown>>;
  readonly isEdge: boolean;
  /** Its size as CBOR. */
  readonly bytes: number;
}

/** What a page should weigh: enough to make a round trip worth it, little enough to hold. */
const PAGE_BYTES = 1_000_000;
const FIRST_PAGE = 100;
const LARGEST_PAGE = 2_000;

export interface ReadingOptions {
  /** The key of the last record that is known. */
  readonly after?: RecordKey | undefined;
  /** Records a page; default: as many as weigh enough. */
  readonly batch?: number | undefined;
}

/** The records of a table in the order of their keys, a page at a time. */
export async function* readRecords(
  executor: Executor,
  table: StoredTable,
  { after, batch }: ReadingOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  let size = batch ?? FIRST_PAGE;
  for await (const keys of readKeys(executor, table.name, { after })) {
    for (let at = 0; at < keys.length;) {
      const page = await readPage(executor, table, keys.slice(at, at + size));
      at += size;
      if (page.length === 0) continue;
      yield page;
      if (batch === undefined) size = sizeAfter(page);
    }
  }
}

function sizeAfter(page: readonly StoredRecord[]): number {
  const weight = page.reduce((sum, { bytes }) => sum + bytes, 0) / page.length;
  return Math.max(1, Math.min(LARGEST_PAGE, Math.floor(PAGE_BYTES / weight)));
}

export function keyOf({ row }: StoredRecord): RecordKey {
  return (row['id'] as RecordId).key;
}

/** Records travel as bytes of CBOR, which tell 1.0 from 1; an answer in plain values does not. */
async function readPage(
  executor: Executor,
  table: StoredTable,
  keys: readonly RecordKey[],
): Promise<readonly StoredRecord[]> {
  const [first, last] = [keys[0] as RecordKey, keys.at(-1) as RecordKey];
  const range = new RecordIdRange(table.name, new BoundIncluded(first), new BoundIncluded(last));
  const omit = table.computed.map((name) => path(...(parsePath(name) as [string])));
  const rows = select({ from: [value(range)], ...(omit.length > 0 && { omit }) });
  const encoded = select({
    value: array([call('encoding::cbor::encode', param('this')), isEdge(table)]),
    from: [subquery(rows)],
  });
  const pairs = (await ask(executor, [returnStatement(subquery(encoded))])) as readonly [Uint8Array, boolean][];
  return pairs.map(([bytes, edge]) => ({
    row: decodeExact(bytes) as StoredRecord['row'],
    isEdge: edge,
    bytes: bytes.length,
  }));
}

/** In a table of any kind an edge is told from a record with `in` and `out` by where the graph leads. */
function isEdge({ kind }: StoredTable): Expression {
  if (kind !== 'ANY') return value(kind === 'RELATION');
  const ends = ['in', 'out'].map((name) => call('type::is_record', path(name)));
  return and([...ends, binary(graph([{ arrow: '<-', tables: [] }], path('id')), 'CONTAINS', path('in'))]);
}
