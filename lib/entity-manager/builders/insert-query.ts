import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { Printed } from '../../surrealql/printed.js';
import type { CreateData } from '../../types/index.js';
import { insertRequest, insertRows, type BulkResult, type InsertOptions } from '../bulk-insert.js';
import type { EmSession } from '../em-session.js';
import { printRequest } from '../print-request.js';

/**
 * An insert, built step by step; immutable, and without effect before `execute`.
 *
 * ```ts
 * const { entities } = await em.insert(User).values({ name: 'Ann' }).onConflict('ignore').returning('after').execute();
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/insert
 */
export class InsertQuery<T extends object> {
  readonly #session: EmSession;
  readonly #meta: EntityMetadata;
  readonly #rows: readonly object[];
  readonly #options: InsertOptions;

  /** @internal */
  constructor(session: EmSession, meta: EntityMetadata, rows: readonly object[] = [], options: InsertOptions = {}) {
    this.#session = session;
    this.#meta = meta;
    this.#rows = rows;
    this.#options = options;
  }

  /** Rows, beside those that it has. */
  values(rows: CreateData<T> | readonly CreateData<T>[]): InsertQuery<T> {
    return new InsertQuery<T>(this.#session, this.#meta, [...this.#rows, ...[rows].flat()] as object[], this.#options);
  }

  /** What becomes of a row whose id or unique value exists. */
  onConflict(onConflict: NonNullable<InsertOptions['onConflict']>): InsertQuery<T> {
    return this.#with({ onConflict });
  }

  /** `after`: the result brings the written records as managed entities. */
  returning(returning: NonNullable<InsertOptions['returning']>): InsertQuery<T> {
    return this.#with({ returning });
  }

  /** All rows or none. */
  atomic(): InsertQuery<T> {
    return this.#with({ atomic: true });
  }

  /** Milliseconds that the server may take for each of its statements: `TIMEOUT`. */
  timeout(timeout: number): InsertQuery<T> {
    return this.#with({ timeout });
  }

  /** Chunks and what is told of them: as the options of `em.insert(entity, rows, options)`. */
  options(options: Omit<InsertOptions, 'onConflict' | 'returning' | 'atomic' | 'timeout'>): InsertQuery<T> {
    return this.#with(options);
  }

  /** Writes the rows; undefined in a deferred transaction, with which they leave. @throws as `em.insert` */
  async execute(): Promise<BulkResult<T>> {
    return insertRows(this.#session, this.#meta, this.#rows, this.#options) as Promise<BulkResult<T>>;
  }

  /**
   * The text of the request, and the values bound in it; of several chunks the first. Ids that nobody gives are made anew each
   * time.
   *
   * @throws ValidationError for rows that cannot be stored
   */
  toSurql(): Printed {
    return printRequest(this.#session, insertRequest(this.#session, this.#meta, this.#rows, this.#options));
  }

  #with(options: InsertOptions): InsertQuery<T> {
    return new InsertQuery<T>(this.#session, this.#meta, this.#rows, { ...this.#options, ...options });
  }
}
