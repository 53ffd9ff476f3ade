import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { planPaging } from '../query/index.js';
import { RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import { asReadOptions, checkReadOptions, checkSize, refuseOptions, type ReadOptions } from './read-options.js';
import { StreamBatches, type Place } from './stream-batches.js';
import { readByRange } from './stream-ranges.js';

/** The typed form is `StreamOptions`. */
export interface StreamReadOptions extends ReadOptions {
  readonly batch?: number;
}

const BATCH = 500;

/** All rows that match, a batch a request, each batch from where the last one ended. What is wrong is said before it begins. */
export function streamRows(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  options?: StreamReadOptions,
): AsyncGenerator<object, void, undefined> {
  const { batch = BATCH, managed = false, ...read } = asReadOptions(meta, options);
  checkStreamOptions(meta, batch, read);
  session.refuseQueued(meta);
  const paging = planPaging(meta, where, read.orderBy, session.finder.contextWith(read.filters));
  return readBatches(new StreamBatches(session, paging, batch, { ...read, managed }));
}

/**
 * The first batch is an ordinary read: what it holds whole is read in one request. How the rest is read depends on what a place in
 * the result costs.
 */
async function* readBatches(batches: StreamBatches): AsyncGenerator<object, void, undefined> {
  let { entities, last } = await batches.behind();
  yield* entities;
  if (entities.length < batches.size) return;
  if (!batches.startsAnywhere) {
    const [id] = last ?? [];
    return yield* batches.isById && RecordId.is(id) ? readByRange(batches, id) : readByList(batches, last);
  }
  while (entities.length === batches.size) {
    ({ entities, last } = await batches.behind(last));
    yield* entities;
  }
}

/** Batches whose ids are listed at once, for the cost of sorting all that match. */
const LISTED = 100;

/** Of whatever order, and of what an index finds: sorted as ids, many at once, and read by those. */
async function* readByList(batches: StreamBatches, after: Place | undefined): AsyncGenerator<object, void, undefined> {
  const limit = LISTED * batches.size;
  for (let place = after; ;) {
    const { ids, last } = await batches.idsBehind(place, limit);
    for (let at = 0; at < ids.length; at += batches.size) yield* await batches.among(ids.slice(at, at + batches.size));
    if (ids.length < limit) return;
    place = last;
  }
}

function checkStreamOptions(meta: EntityMetadata, batch: number, read: ReadOptions): void {
  checkSize(meta, 'batch', batch, 1);
  refuseOptions(
    meta,
    read,
    ['limit', 'offset', 'version'],
    'a stream reads all that match, batch by batch',
    'leave the loop when there is enough, or use em.find()',
  );
  checkReadOptions(meta, read);
}
