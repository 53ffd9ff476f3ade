import { buildAggregate, type AggregateRequest } from '../../query/index.js';
import type { Printed } from '../../surrealql/printed.js';
import type { Aggregate, AggregateOptions, AggregateRow, GroupKey } from '../../types/index.js';
import { readAggregate } from '../aggregate-reader.js';
import { printRead } from '../run-statement.js';
import type { ReadOptions } from '../read-options.js';
import { whereOf, type QueryState } from './query-state.js';

type Selection = Readonly<Record<string, Aggregate>>;
type GroupRequest = Pick<ReadOptions, 'limit' | 'offset' | 'useIndex' | 'noIndex' | 'timeout' | 'signal' | 'filters'> &
  AggregateRequest;

/**
 * Groups of a select, and what is made of each; immutable.
 *
 * ```ts
 * await em.select(Order).where({ paid: true }).groupBy(['status'], { n: count() }).having({ n: { $gt: 1 } }).list();
 * ```
 * @see https://surrealdb.com/docs/surrealql/clauses/group-by
 */
export class GroupQuery<T extends object, G extends readonly GroupKey[], S extends Selection> {
  readonly #state: QueryState;
  readonly #request: GroupRequest;

  /** @internal */
  constructor(state: QueryState, request: GroupRequest) {
    this.#state = state;
    this.#request = request;
  }

  /** Conditions on what was made of the groups. */
  having(having: NonNullable<AggregateOptions<T, G, S>['having']>): GroupQuery<T, G, S> {
    return new GroupQuery(this.#state, { ...this.#request, having });
  }

  orderBy(orderBy: NonNullable<AggregateOptions<T, G, S>['orderBy']>): GroupQuery<T, G, S> {
    return new GroupQuery(this.#state, { ...this.#request, orderBy });
  }

  limit(limit: number): GroupQuery<T, G, S> {
    return new GroupQuery(this.#state, { ...this.#request, limit });
  }

  offset(offset: number): GroupQuery<T, G, S> {
    return new GroupQuery(this.#state, { ...this.#request, offset });
  }

  /** Milliseconds that the server may take: `TIMEOUT`. */
  timeout(timeout: number): GroupQuery<T, G, S> {
    return new GroupQuery(this.#state, { ...this.#request, timeout });
  }

  async list(): Promise<AggregateRow<T, G, S>[]> {
    const { session, meta } = this.#state;
    return readAggregate(session, meta, this.#asked()) as Promise<AggregateRow<T, G, S>[]>;
  }

  execute(): Promise<AggregateRow<T, G, S>[]> {
    return this.list();
  }

  toSurql(): Printed {
    const { session, meta } = this.#state;
    const { statement } = buildAggregate(meta, this.#asked(), session.finder.contextWith(this.#request.filters));
    return printRead(session, statement, this.#request);
  }

  #asked(): GroupRequest {
    const where = whereOf(this.#state);
    return where === undefined ? this.#request : { ...this.#request, where };
  }
}
