import { buildFind, type Explained, type FilterChoice, type FindPlan } from '../../query/index.js';
import type { Printed } from '../../surrealql/printed.js';
import type {
  Aggregate,
  AnyFragment,
  CheckedProjection,
  ExistingPath,
  Fetch,
  FindOptions,
  Fragment,
  GroupKey,
  Loaded,
  NoFetch,
  OrderBy,
  PathValue,
  ProjectedRow,
  Projection,
  Select,
  Where,
} from '../../types/index.js';
import type { CheckedGroups, CheckedSelection } from '../../types/aggregate.js';
import { asOptions, requireOptions } from '../as-options.js';
import { checkReadOptions, type ReadOptions } from '../read-options.js';
import { printRead } from '../run-statement.js';
import { GroupQuery } from './group-query.js';
import { ProjectionQuery } from './projection-query.js';
import { whereOf, type QueryState } from './query-state.js';
import { SplitQuery } from './split-query.js';
import { ValuesQuery } from './values-query.js';

/**
 * A select, built step by step; immutable, so that what two queries share can be kept and gone on from.
 *
 * ```ts
 * const open = em.select(Order).where({ status: 'open' });
 * const latest = await open.orderBy({ at: 'desc' }).limit(10).fetch({ buyer: true }).list();
 * const { text, bindings } = open.toSurql();
 * ```
 * Nothing is sent before `list`, `one`, `execute`, `explain`, or the await of a `value`.
 *
 * @throws ValidationError as `find` does, when it is run or printed
 * @see https://surrealdb.com/docs/surrealql/statements/select
 */
export class SelectQuery<
  T extends object,
  F extends Fetch<T> = NoFetch,
  S extends Select<T> = Select<T>,
  O extends Select<T> = Select<T>,
> {
  readonly #state: QueryState;
  readonly #read: ReadOptions;

  /** @internal */
  constructor(state: QueryState, read: ReadOptions = {}) {
    this.#state = state;
    this.#read = read;
  }

  /** Conditions, beside those that it has: all must hold. */
  where(where: Where<T>): SelectQuery<T, F, S, O> {
    return new SelectQuery({ ...this.#state, wheres: [...this.#state.wheres, where] }, this.#read);
  }

  /** Relations to bring along. */
  fetch<const G extends Fetch<T>>(fetch: G): SelectQuery<T, G, S, O> {
    return this.#with<G>({ fetch });
  }

  /** How the relations are brought: as the option of a read. */
  strategy(strategy: NonNullable<FindOptions<T>['strategy']>): SelectQuery<T, F, S, O> {
    return this.#with({ strategy });
  }

  /**
   * Properties to read; the others stay unread. As an object: a plain row of fields and expressions for each record,
   * `.fields({ name: 'name', length: fn.string.len(field(User, 'name')) })`.
   */
  fields<const P extends Select<T>>(fields: P): SelectQuery<T, F, P, O>;
  fields<const P extends Projection>(fields: P & CheckedProjection<T, P>): ProjectionQuery<ProjectedRow<T, P>>;
  fields(fields: Select<T> | Projection): object {
    if (Array.isArray(fields))
      return new SelectQuery<T, F, never, O>(this.#state, { ...this.#read, select: fields as Select<T> });
    const { className } = this.#state.meta;
    const selection = requireOptions(
      fields as Projection,
      `em.select(${className}).fields(…)`,
      "['name'] or { name: 'name' }",
    );
    return new ProjectionQuery(this.#state, this.#read, selection);
  }

  /** Properties to leave unread. */
  omit<const P extends Select<T>>(fields: P): SelectQuery<T, F, S, P> {
    return new SelectQuery<T, F, S, P>(this.#state, { ...this.#read, omit: fields });
  }

  orderBy(orderBy: OrderBy<T>): SelectQuery<T, F, S, O> {
    return this.#with({ orderBy });
  }

  limit(limit: number): SelectQuery<T, F, S, O> {
    return this.#with({ limit });
  }

  offset(offset: number): SelectQuery<T, F, S, O> {
    return this.#with({ offset });
  }

  useIndex(...names: readonly string[]): SelectQuery<T, F, S, O> {
    return this.#with({ useIndex: names });
  }

  noIndex(): SelectQuery<T, F, S, O> {
    return this.#with({ noIndex: true });
  }

  /** Filters by name, or all of them at once: as the option of a read. */
  filters(filters: FindOptions<T>['filters']): SelectQuery<T, F, S, O> {
    return this.#with({ filters: filters as FilterChoice });
  }

  /** Milliseconds that the server may take: `TIMEOUT`. */
  timeout(timeout: number): SelectQuery<T, F, S, O> {
    return this.#with({ timeout });
  }

  /** Keeps the answer: as the option of a read. */
  cache(cache: NonNullable<FindOptions<T>['cache']> = true): SelectQuery<T, F, S, O> {
    return this.#with({ cache });
  }

  /** The records as they were at that time, on an engine that keeps versions. */
  version(version: Date): SelectQuery<T, F, S, O> {
    return this.#with({ version });
  }

  /** Groups of records, and what is made of each: `.groupBy(['status'], { n: count() })`. */
  groupBy<const G extends readonly GroupKey[], const S extends Readonly<Record<string, Aggregate>>>(
    keys: G & CheckedGroups<T, G>,
    select: S & CheckedSelection<T, S>,
  ): GroupQuery<T, G, S> {
    return new GroupQuery<T, G, S>(this.#state, { ...this.#read, groupBy: keys, select });
  }

  /** One value of each record, a field or an expression: awaited a list, inside a where a subquery. */
  value<const P extends string>(path: P & ExistingPath<T, P>): ValuesQuery<PathValue<T, P>>;
  value<V>(expression: Fragment<V>): ValuesQuery<[V] extends [never] ? unknown : V>;
  value(path: string | AnyFragment): ValuesQuery<unknown> {
    return new ValuesQuery(this.#state, path, this.#read);
  }

  /** A plain row for each element of a list: order and limit count those. */
  split<const P extends string & keyof T>(path: P): SplitQuery<T, P> {
    return new SplitQuery<T, P>(this.#state, path, this.#read);
  }

  /** The managed entities. */
  async list(): Promise<Loaded<T, F, S, O>[]> {
    const { session, meta } = this.#state;
    return session.finder.find(meta, whereOf(this.#state), this.#read) as Promise<Loaded<T, F, S, O>[]>;
  }

  /** `list`, for code that runs any builder. */
  execute(): Promise<Loaded<T, F, S, O>[]> {
    return this.list();
  }

  /** The first of them, or null. */
  async one(): Promise<Loaded<T, F, S, O> | null> {
    const [first] = await this.limit(1).list();
    return first ?? null;
  }

  /** How the server would answer; with `full` it does. */
  async explain(options?: { readonly full?: boolean }): Promise<Explained> {
    const { session, meta } = this.#state;
    const { full } = asOptions(options, '.explain()', '.explain({ full: true })');
    return session.finder.explain(meta, whereOf(this.#state), this.#read, full === true);
  }

  /** The text of the request, and the values bound in it. */
  toSurql(): Printed {
    return printRead(this.#state.session, this.#plan().statement, this.#read);
  }

  #plan(): FindPlan {
    const { session, meta } = this.#state;
    checkReadOptions(meta, this.#read);
    return buildFind(meta, whereOf(this.#state), this.#read, session.finder.contextWith(this.#read.filters));
  }

  #with<G extends Fetch<T> = F>(read: ReadOptions): SelectQuery<T, G, S, O> {
    return new SelectQuery<T, G, S, O>(this.#state, { ...this.#read, ...read });
  }
}
