import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildPage, planPaging, takeKeyset, type Paging } from '../query/index.js';
import type { EmSession } from './em-session.js';
import { checkReadOptions, checkSize, refuseOptions, type ReadOptions } from './read-options.js';

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
  options: StreamReadOptions = {},
): AsyncGenerator<object, void, undefined> {
  const { batch = BATCH, managed = false, ...read } = options;
  checkStreamOptions(meta, batch, read);
  session.refuseQueued(meta);
  const paging = planPaging(meta, where, read.orderBy, session.finder.contextWith(read.filters));
  return readBatches(session, paging, batch, { ...read, managed });
}

async function* readBatches(
  session: EmSession,
  paging: Paging,
  batch: number,
  read: ReadOptions,
): AsyncGenerator<object, void, undefined> {
  let after: readonly unknown[] | undefined;
  for (;;) {
    const place = { limit: batch, ...(after !== undefined && { after }) };
    const query = session.finder.contextWith(read.filters);
    const plan = (asked: ReadOptions) => buildPage(paging, { ...asked, ...place }, query);
    const entities = await session.finder.read(paging.meta, read, plan, (rows) => {
      after = rows.map(takeKeyset).at(-1);
      return rows;
    });
    yield* entities;
    if (entities.length < batch) return;
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
