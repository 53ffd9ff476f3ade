import { BulkError, ReverieError, ValidationError } from '../errors/index.js';
import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { Statement } from '../surrealql/nodes/index.js';
import type { CreateChangeSet } from '../unit-of-work/change-set.js';
import { refuseView } from '../unit-of-work/errors.js';
import { explainFailure } from '../unit-of-work/explain-failure.js';
import { isJudged } from './direct/barred.js';
import { announced } from './direct/bulk-events.js';
import { encodeEachRow, encodeRows, encodeUnjudged } from './direct/encode-rows.js';
import { explainDirect } from './direct/explain-direct.js';
import type { DirectWrite } from './direct/direct-write.js';
import { insertChunks } from './direct/insert-chunks.js';
import { letGo, refreshCopies, takeWritten } from './direct/managed-copies.js';
import { overwriteRows } from './direct/overwrite-rows.js';
import { needsAnswer, requestOf, runDirect, writeContext } from './direct/send-direct.js';
import type { EmSession } from './em-session.js';

export interface InsertOptions {
  /** Rows of one statement; each chunk is a transaction of its own. Default: what the engine takes well. */
  readonly chunk?: number;
  /** How many chunks may be under way at once; default 1. */
  readonly concurrency?: number;
  /**
   * What to do with a row whose id or unique value exists: `error` (default), leave the stored record as it is, or give it the
   * fields that the row names.
   */
  readonly onConflict?: 'error' | 'ignore' | 'update';
  /** `throw` (default) stops at the first failing chunk; `collect` goes on and reports each failing row. */
  readonly onError?: 'throw' | 'collect';
  /** All rows or none: the chunks are one transaction, sent as one request. */
  readonly atomic?: boolean;
  /** `after`: the result brings the written records as managed entities. Default `none`. */
  readonly returning?: 'none' | 'after';
  /** Milliseconds that the server may take for each of its statements: `TIMEOUT`. */
  readonly timeout?: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface BulkResult<T extends object = object> {
  readonly inserted: number;
  readonly failed: number;
  /** `index` is the 0-based place of the row in what was given. */
  readonly errors: readonly { readonly index: number; readonly error: unknown }[];
  /** With `returning: 'after'`: what was written, in the order given; rows that failed or were left as they were are not in it. */
  readonly entities?: readonly T[];
}

/** Writes rows past the unit of work. In a deferred transaction they are queued and leave with it. */
export async function insertRows(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  options: InsertOptions,
): Promise<BulkResult | undefined> {
  refuseView(meta, 'insert');
  checkOptions(options);
  if (session.deferred !== undefined) return queueRows(session, meta, rows, options);
  const collects = options.onError === 'collect';
  const { sets, places, rejected } = collects
    ? await encodeEachRow(session, meta, rows, 'insert')
    : { sets: await encodeRows(session, meta, rows, 'insert'), places: [...rows.keys()], rejected: [] };
  const notice = { meta, action: 'insert', criteria: rows } as const;
  const write = () => new BulkInsert(session, meta, options, { places, rejected }).run(sets);
  const result = await announced(session, notice, write, ({ inserted }) => inserted);
  if (options.onConflict === 'update' && options.returning !== 'after')
    await refreshCopies(
      session,
      sets.map(({ id }) => id),
    );
  return result;
}

/** What rows are sent as; of several chunks the first. @throws ValidationError for rows that cannot be stored */
export function insertRequest(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  options: InsertOptions,
): readonly Statement[] {
  refuseView(meta, 'insert');
  checkOptions(options);
  const chunks = chunksOf(session, encodeUnjudged(session, meta, rows, 'insert'), options);
  const sent = options.atomic === true ? chunks : chunks.slice(0, 1);
  return requestOf(session, writeOf(session, meta, sent, options));
}

function chunksOf(session: EmSession, sets: readonly CreateChangeSet[], { chunk }: InsertOptions): Chunk[] {
  const size = chunk ?? session.connection.capabilities.insertChunk;
  const chunks: Chunk[] = [];
  for (let start = 0; start < sets.length; start += size) chunks.push({ start, sets: sets.slice(start, start + size) });
  return chunks;
}

function writeOf(
  session: EmSession,
  meta: EntityMetadata,
  chunks: readonly Chunk[],
  { onConflict = 'error', returning, atomic = false, timeout }: InsertOptions,
): InsertWrite {
  const lists = chunks.map(({ sets }) => sets);
  const form = { judged: isJudged(session), timeout };
  const answersRows = returning === 'after';
  if (onConflict === 'update') {
    const write = overwriteRows(meta, lists.flat(), { ...form, answersRows, query: writeContext(session) });
    return { ...write, rowsOf: (answer) => write.inOrder(answer) as readonly Row[] };
  }
  const write = insertChunks(meta, lists, { ...form, onConflict, returnsRows: answersRows, atomic });
  return { ...write, rowsOf: (answer) => (answer as readonly (readonly Row[])[]).flat() };
}

/** An insert and the way to read its answer: the rows that were written. */
interface InsertWrite extends DirectWrite {
  rowsOf(answer: unknown): readonly Row[];
}

function checkOptions({ chunk, concurrency, atomic, onError }: InsertOptions): void {
  for (const [name, given] of Object.entries({ chunk, concurrency }))
    if (given !== undefined && (!Number.isInteger(given) || given < 1))
      throw new ValidationError({ what: `${name} must be a whole number from 1, got ${given}` });
  if (atomic === true && onError === 'collect')
    throw new ValidationError({
      what: `{ atomic: true, onError: 'collect' } contradict each other`,
      why: 'an atomic insert writes all rows or none, so there is nothing to go on with',
      fix: 'leave one of them out',
    });
}

/** New rows go with the block's own; what may meet stored ones is a statement of its own. */
async function queueRows(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  { returning, onError, onConflict = 'error', timeout }: InsertOptions,
): Promise<undefined> {
  if (returning === 'after') needsAnswer(session, `em.insert(${meta.className}, …, { returning: 'after' })`);
  if (onError === 'collect') needsAnswer(session, `em.insert(${meta.className}, …, { onError: 'collect' })`);
  if (onConflict === 'error') {
    for (const row of rows) session.uow.create(meta, row);
    if (rows.length > 0) session.deferred?.madeRows(meta);
    return undefined;
  }
  const sets = await encodeRows(session, meta, rows, 'insert');
  letGo(
    session,
    sets.map(({ id }) => id),
    'insert',
  );
  session.deferred?.queueWrite(
    writeOf(session, meta, [{ start: 0, sets }], {
      onConflict,
      atomic: true,
      ...(timeout !== undefined && { timeout }),
    }),
  );
  return undefined;
}

/** Where the rows that can be sent stood in what was given, and those that cannot. */
interface GivenRows {
  readonly places: readonly number[];
  readonly rejected: BulkResult['errors'];
}

class BulkInsert {
  readonly #session: EmSession;
  readonly #meta: EntityMetadata;
  readonly #options: InsertOptions;
  readonly #places: readonly number[];
  readonly #errors: { index: number; error: unknown }[];
  /** By the place of their chunk. */
  readonly #rows = new Map<number, readonly Row[]>();
  #inserted = 0;
  #done = 0;

  constructor(session: EmSession, meta: EntityMetadata, options: InsertOptions, { places, rejected }: GivenRows) {
    this.#session = session;
    this.#meta = meta;
    this.#options = options;
    this.#places = places;
    this.#errors = [...rejected];
  }

  async run(sets: readonly CreateChangeSet[]): Promise<BulkResult> {
    const chunks = chunksOf(this.#session, sets, this.#options);
    const total = sets.length + this.#errors.length;
    if (this.#errors.length > 0) this.#progress(this.#errors.length, total);
    if (this.#options.atomic === true) await this.#writeAll(chunks, total);
    else await this.#writeChunks(chunks, total);
    return this.#result();
  }

  async #writeAll(chunks: readonly Chunk[], total: number): Promise<void> {
    if (total === 0) return;
    await this.#write(chunks, 0);
    this.#progress(total, total);
  }

  /** As many runners as chunks may be under way; after a failure none of them takes another. */
  async #writeChunks(chunks: readonly Chunk[], total: number): Promise<void> {
    const waiting = chunks.values();
    const failures: unknown[] = [];
    const run = async (): Promise<void> => {
      for (const chunk of waiting) {
        if (failures.length > 0) return;
        try {
          await this.#writeChunk(chunk);
        } catch (error) {
          failures.push(error);
          return;
        }
        this.#progress(chunk.sets.length, total);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#runners(), chunks.length) }, run));
    if (failures.length > 0) throw this.#failure(failures[0]);
    this.#errors.sort((a, b) => a.index - b.index);
  }

  /** An interactive transaction takes one statement after the other. */
  #runners(): number {
    const { concurrency = 1 } = this.#options;
    return this.#session.transaction === undefined ? concurrency : 1;
  }

  #progress(count: number, total: number): void {
    this.#done += count;
    this.#options.onProgress?.({ done: this.#done, total });
  }

  async #writeChunk(chunk: Chunk): Promise<void> {
    try {
      await this.#write([chunk], chunk.start);
    } catch (error) {
      if (this.#options.onError !== 'collect') throw error;
      await this.#writeEach(chunk);
    }
  }

  /** A chunk fails as a whole: row by row it shows which ones are to blame. */
  async #writeEach({ sets, start }: Chunk): Promise<void> {
    for (const [offset, set] of sets.entries()) {
      try {
        await this.#write([{ start: start + offset, sets: [set] }], start + offset);
      } catch (error) {
        this.#errors.push({ index: this.#places[start + offset] as number, error });
      }
    }
  }

  async #write(chunks: readonly Chunk[], start: number): Promise<void> {
    const sets = chunks.flatMap((chunk) => chunk.sets);
    const { onConflict = 'error', returning } = this.#options;
    const write = writeOf(this.#session, this.#meta, chunks, this.#options);
    try {
      const rows = write.rowsOf(await runDirect(this.#session, write));
      this.#rows.set(start, returning === 'after' ? rows : []);
      const isCounted = onConflict === 'ignore' || returning === 'after';
      this.#inserted += isCounted ? rows.length : sets.length;
    } catch (error) {
      throw explainDirect(explainFailure(error, { statements: [], groups: [], members: sets }, 'none'), [write]);
    }
  }

  #failure(error: unknown): unknown {
    if (this.#inserted === 0) return error;
    return new BulkError({
      what: `An insert of ${this.#meta.className} stopped after ${this.#inserted} rows`,
      why: ReverieError.is(error) ? error.what : String(error),
      fix: [`go on past failing rows: { onError: 'collect' }`, 'write all or nothing: { atomic: true }'],
      result: this.#counts(),
      cause: error,
    });
  }

  #counts(): BulkResult {
    return { inserted: this.#inserted, failed: this.#errors.length, errors: this.#errors };
  }

  async #result(): Promise<BulkResult> {
    if (this.#options.returning !== 'after') return this.#counts();
    const rows = [...this.#rows].sort(([a], [b]) => a - b).flatMap(([, each]) => each);
    const entities: object[] = [];
    for (const row of rows) entities.push(await takeWritten(this.#session, this.#meta, row));
    return { ...this.#counts(), entities };
  }
}

interface Chunk {
  /** Where its first row stands among those that are sent. */
  readonly start: number;
  readonly sets: readonly CreateChangeSet[];
}
