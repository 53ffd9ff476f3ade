import { BoundExcluded, BoundIncluded, Range, type RecordId } from '../values/index.js';
import type { StreamBatches } from './stream-batches.js';

/** Batches whose ids are listed at once: few requests, and little memory. */
const LISTED = 20;

/** How many times the rows of a batch a range may hold where few of them match. */
const WIDEST = 32;

/** Stored ids next to each other, in the order of the stream; nothing of it lies behind the last part. */
interface Part {
  readonly ids: readonly RecordId[];
  readonly isLast: boolean;
}

/**
 * What a table holds behind an id, in the order of the ids or against it: only a range with two ends is read for the cost of its own
 * rows (3.0.2), so the ends are looked up first. The ranges leave no gap, so it does not matter which records come or go
 * between: what is not there is not read, what is new is.
 */
export async function* readByRange(batches: StreamBatches, from: RecordId): AsyncGenerator<object, void, undefined> {
  const parts = batches.direction === 'ASC' ? upwards(batches, from) : downwards(batches, from);
  let start = from;
  let width = batches.size;
  for await (const { ids, isLast } of parts) {
    for (let at = 0; at < ids.length;) {
      at = Math.min(at + width, ids.length);
      const end = ids[at - 1] as RecordId;
      const found = yield* readRange(batches, start, isLast && at === ids.length ? undefined : end);
      width = nextWidth(width, batches.size, found);
      start = end;
    }
  }
}

/** All of one range, in as many requests as it has batches that match; answers how many rows that were. */
async function* readRange(
  batches: StreamBatches,
  start: RecordId,
  end: RecordId | undefined,
): AsyncGenerator<object, number, undefined> {
  let found = 0;
  for (let from = start; ;) {
    const { entities, last } = await batches.within(between(batches, from, end));
    found += entities.length;
    yield* entities;
    const [id] = last ?? [];
    if (entities.length < batches.size) return found;
    from = id as RecordId;
  }
}

function between({ direction }: StreamBatches, start: RecordId, end: RecordId | undefined): Range {
  const near = new BoundExcluded(start.key);
  const far = end && new BoundIncluded(end.key);
  return direction === 'ASC' ? new Range(near, far) : new Range(far, near);
}

/** So wide that a little less than a batch should match: one row more takes a second request. */
function nextWidth(width: number, batch: number, found: number): number {
  const right = Math.floor((width * batch * 0.9) / Math.max(found, 1));
  return Math.max(batch, Math.min(right, width * 8, batch * WIDEST));
}

async function* upwards(batches: StreamBatches, from: RecordId): AsyncGenerator<Part, void, undefined> {
  for (let after = from; ;) {
    const limit = LISTED * batches.size;
    const ids = await batches.idsIn(new Range(new BoundExcluded(after.key), undefined), limit);
    const last = ids.at(-1);
    const isLast = ids.length < limit || last === undefined;
    yield { ids, isLast };
    if (isLast) return;
    after = last;
  }
}

/** Ids can be listed upwards only: a first pass leaves a mark at so many records, and each part is listed from its mark on. */
async function* downwards(batches: StreamBatches, from: RecordId): AsyncGenerator<Part, void, undefined> {
  const marks = await marksBelow(batches, from);
  let below = from;
  for (let at = marks.length; at >= 0; at--) {
    const mark = marks[at - 1];
    const begin = mark && new BoundExcluded(mark.key);
    const listed = await batches.idsIn(new Range(begin, new BoundExcluded(below.key)), 2 * LISTED * batches.size);
    const ids = listed.toReversed();
    yield { ids, isLast: mark === undefined };
    below = ids.at(-1) ?? below;
  }
}

async function marksBelow(batches: StreamBatches, from: RecordId): Promise<readonly RecordId[]> {
  const marks: RecordId[] = [];
  for (;;) {
    const last = marks.at(-1);
    const range = new Range(last && new BoundExcluded(last.key), new BoundExcluded(from.key));
    const [mark] = await batches.idsIn(range, 1, LISTED * batches.size - 1);
    if (mark === undefined) return marks;
    marks.push(mark);
  }
}
