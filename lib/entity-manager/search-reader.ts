import type { Row } from '../entity/row.js';
import { QueryError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { SearchPlan } from '../query/index.js';
import type { TextPlace } from '../types/index.js';
import { RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import type { ReadOptions } from './read-options.js';

/** What a search says of a record. */
export interface Hit {
  readonly id: RecordId;
  readonly distance?: number;
  readonly score?: number;
  readonly highlights?: object | readonly object[];
  readonly offsets?: RawPlaces | readonly RawPlaces[];
}

/** By field: by the place of a text in a list (`'0'` for a text alone) where in it the hits begin and end. */
type RawPlaces = Readonly<
  Record<string, Readonly<Record<string, readonly { readonly s: number; readonly e: number }[]>> | null | undefined>
>;

/** Where the hits stand, field by field. */
export function placesOf({ offsets }: Hit): Readonly<Record<string, readonly TextPlace[]>> {
  const fields = Object.entries(Object.assign({}, ...[offsets ?? {}].flat()) as RawPlaces);
  return Object.fromEntries(
    fields.map(([name, texts]) => [
      name,
      Object.entries(texts ?? {}).flatMap(([index, hits]) =>
        hits.map(({ s: start, e: end }) => ({ start, end, index: Number(index) })),
      ),
    ]),
  );
}

interface Answer {
  readonly hits: readonly Hit[];
  readonly rows: readonly Row[];
}

/** What of a search's options concerns the reading of the records it finds. */
type HitOptions = Pick<
  ReadOptions,
  'fetch' | 'select' | 'omit' | 'filters' | 'refresh' | 'managed' | 'timeout' | 'cache' | 'signal'
>;

/**
 * The entities that a search found, with what it says of them, the best first.
 *
 * @param planOf makes the search for these options, with the relations or without them
 */
export async function readHits(
  session: EmSession,
  meta: EntityMetadata,
  options: HitOptions,
  planOf: (options: HitOptions) => SearchPlan,
): Promise<readonly { readonly entity: object; readonly hit: Hit }[]> {
  session.refuseQueued(meta);
  let hits: readonly Hit[] = [];
  const { fetch, select, omit, filters, refresh, managed, timeout, cache, signal } = options;
  const read = given({ fetch, select, omit, filters, refresh, managed, timeout, cache, signal });
  const plan = (asked: HitOptions) => ({
    ...planOf({ ...options, fetch: undefined, ...asked }),
    matchesNothing: false,
  });
  const entities = await session.finder.read(meta, read, plan, (answer) => {
    const { hits: found, rows } = answer as unknown as Answer;
    for (const hit of found) checkHit(meta, hit);
    // The server reads records in an order of its own.
    const byId = new Map(rows.map((row) => [String(row['id']), row]));
    hits = found.filter(({ id }) => byId.has(String(id)));
    return hits.map(({ id }) => byId.get(String(id)) as Row);
  });
  return entities.map((entity, at) => ({ entity, hit: hits[at] as Hit }));
}

function given(options: HitOptions): HitOptions {
  return Object.fromEntries(Object.entries(options).filter(([, each]) => each !== undefined));
}

/** Without its index the server finds every record, at no distance; of what a transaction wrote itself it gives no ids. */
function checkHit(meta: EntityMetadata, hit: Hit): void {
  if (!RecordId.is(hit.id))
    throw new QueryError({
      what: `A search of ${meta.className} met records that this transaction has itself written`,
      why: 'SurrealDB finds them without their id',
      fix: 'search before they are written, or after the transaction',
    });
  if ('distance' in hit && typeof hit.distance !== 'number')
    throw new QueryError({
      what: `Neighbours in ${meta.className} cannot be found`,
      why: `the table ${meta.table} has no HNSW index on that field`,
      fix: ["sync the schema: sync: 'safe'", "give a metric: { metric: 'cosine' } compares every record"],
    });
}
