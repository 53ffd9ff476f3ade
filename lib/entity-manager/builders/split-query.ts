import { plainRow } from '../../entity/plain-row.js';
import type { Row } from '../../entity/row.js';
import { buildSplit } from '../../query/index.js';
import type { SelectNode } from '../../surrealql/nodes/index.js';
import type { Printed } from '../../surrealql/printed.js';
import type { OrderBy, Select, Where } from '../../types/index.js';
import { checkReadOptions, type ReadOptions } from '../read-options.js';
import { printRead, runStatement } from '../run-statement.js';
import { whereOf, type QueryState } from './query-state.js';

/** Rows of a split: the list is one of its elements. */
export type SplitRow<T, P extends string> = {
  readonly [K in keyof T]: K extends P ? (T[K] extends readonly (infer E)[] ? E : unknown) : T[K];
};

/**
 * A plain row for each element of a list, of which order and limit count the rows; immutable.
 *
 * ```ts
 * const tags = await em.select(Post).where({ draft: false }).split('tags').orderBy({ tags: 'asc' }).limit(10).list();
 * ```
 * @see https://surrealdb.com/docs/surrealql/clauses/split
 */
export class SplitQuery<T extends object, P extends string> implements PromiseLike<SplitRow<T, P>[]> {
  readonly #state: QueryState;
  readonly #path: string;
  readonly #read: ReadOptions;

  /** @internal */
  constructor(state: QueryState, path: string, read: ReadOptions) {
    this.#state = state;
    this.#path = path;
    this.#read = read;
  }

  /** Conditions on the records, beside those that it has: all must hold. */
  where(where: Where<T>): SplitQuery<T, P> {
    return new SplitQuery({ ...this.#state, wheres: [...this.#state.wheres, where] }, this.#path, this.#read);
  }

  /** Properties to leave out of the rows. */
  omit(fields: Select<T>): SplitQuery<T, P> {
    return this.#with({ omit: fields });
  }

  orderBy(orderBy: OrderBy<T>): SplitQuery<T, P> {
    return this.#with({ orderBy });
  }

  limit(limit: number): SplitQuery<T, P> {
    return this.#with({ limit });
  }

  offset(offset: number): SplitQuery<T, P> {
    return this.#with({ offset });
  }

  /** Milliseconds that the server may take: `TIMEOUT`. */
  timeout(timeout: number): SplitQuery<T, P> {
    return this.#with({ timeout });
  }

  async list(): Promise<SplitRow<T, P>[]> {
    const { session, meta } = this.#state;
    session.refuseQueued(meta);
    const rows = (await runStatement(session, this.#statement(), 'find', this.#read)) as readonly Row[];
    const shape = session.uow.shapes.of(meta);
    return rows.map((row) => plainRow(shape, row)) as SplitRow<T, P>[];
  }

  execute(): Promise<SplitRow<T, P>[]> {
    return this.list();
  }

  then<A = SplitRow<T, P>[], B = never>(
    fulfilled?: ((rows: SplitRow<T, P>[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.list().then(fulfilled, rejected);
  }

  toSurql(): Printed {
    return printRead(this.#state.session, this.#statement(), this.#read);
  }

  #statement(): SelectNode {
    const { session, meta } = this.#state;
    checkReadOptions(meta, this.#read);
    const query = session.finder.contextWith(this.#read.filters);
    return buildSplit(meta, whereOf(this.#state), this.#path, this.#read, query);
  }

  #with(read: ReadOptions): SplitQuery<T, P> {
    return new SplitQuery(this.#state, this.#path, { ...this.#read, ...read });
  }
}
