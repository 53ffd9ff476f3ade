import { BulkError, ReverieError, ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { insertRows, type BulkResult, type InsertOptions } from './bulk-insert.js';
import type { EmSession } from './em-session.js';

/** Rows that come one by one. */
export type RowStream<R> = AsyncIterable<R> | Iterable<R>;

/** Rows that are read from somewhere; a list is in hand, and data of one row is no stream. */
export function isStream(rows: unknown): rows is RowStream<object> {
  if (typeof rows !== 'object' || rows === null || Array.isArray(rows)) return false;
  return Symbol.asyncIterator in rows || Symbol.iterator in rows;
}

/** Takes as many rows at once as may be under way, and the next ones when those are written: memory holds no more of them. */
export async function insertStream(
  session: EmSession,
  meta: EntityMetadata,
  rows: RowStream<object>,
  options: InsertOptions,
): Promise<BulkResult | undefined> {
  if (options.atomic === true) throw notAtOnce(meta);
  const { chunk = session.connection.capabilities.insertChunk, concurrency = 1 } = options;
  const written = new WrittenSoFar(session, meta, options);
  let waiting: object[] = [];
  for await (const row of rows) {
    waiting.push(row);
    if (waiting.length < chunk * concurrency) continue;
    await written.add(waiting);
    waiting = [];
  }
  if (waiting.length > 0 || written.isEmpty) await written.add(waiting);
  return written.result();
}

class WrittenSoFar {
  readonly #session: EmSession;
  readonly #meta: EntityMetadata;
  readonly #options: InsertOptions;
  readonly #entities: object[] = [];
  readonly #errors: BulkResult['errors'][number][] = [];
  #inserted = 0;
  #taken = 0;
  #isQueued = false;

  constructor(session: EmSession, meta: EntityMetadata, options: InsertOptions) {
    this.#session = session;
    this.#meta = meta;
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#taken === 0;
  }

  async add(rows: readonly object[]): Promise<void> {
    const before = this.#taken;
    this.#taken += rows.length;
    const { onProgress } = this.#options;
    const onBatch = ({ done }: { readonly done: number }) => onProgress?.({ done: before + done, total: this.#taken });
    const batch = { ...this.#options, onProgress: onBatch };
    try {
      this.#count(await insertRows(this.#session, this.#meta, rows, batch), before);
    } catch (error) {
      throw this.#failure(error, before);
    }
  }

  result(): BulkResult | undefined {
    if (this.#isQueued) return undefined;
    return { ...this.#counts(), ...(this.#options.returning === 'after' && { entities: this.#entities }) };
  }

  #count(result: BulkResult | undefined, before: number): void {
    this.#isQueued = result === undefined;
    if (result === undefined) return;
    this.#inserted += result.inserted;
    for (const { index, error } of result.errors) this.#errors.push({ index: before + index, error });
    for (const entity of result.entities ?? []) this.#entities.push(entity);
  }

  #counts(): BulkResult {
    return { inserted: this.#inserted, failed: this.#errors.length, errors: this.#errors };
  }

  /** Of what was written before the batch that failed, and in it. */
  #failure(error: unknown, before: number): unknown {
    const cause = BulkError.is(error) ? error.cause : error;
    if (BulkError.is(error)) this.#count(error.result as BulkResult, before);
    if (this.#inserted === 0) return error;
    return new BulkError({
      what: `An insert of ${this.#meta.className} stopped after ${this.#inserted} rows`,
      why: ReverieError.is(cause) ? cause.what : String(cause),
      fix: `go on past failing rows: { onError: 'collect' }`,
      result: this.#counts(),
      cause,
    });
  }
}

function notAtOnce({ className }: EntityMetadata): ValidationError {
  return new ValidationError({
    what: `Rows of ${className} that come one by one cannot be written as one`,
    why: 'an atomic insert is one request, which holds all of them',
    fix: ['leave atomic out', 'gather them in a list first'],
  });
}
