import { valueDecoder } from '../../entity/decode-value.js';
import { buildValues } from '../../query/index.js';
import { apart, pathOf, type Expression, type FragmentNode } from '../../surrealql/nodes/index.js';
import { FRAGMENT } from '../../surrealql/nodes/expressions.js';
import type { Printed } from '../../surrealql/printed.js';
import { fragmentOf } from '../../surrealql/surql.js';
import type { AnyFragment, Fragment, Subquery } from '../../types/index.js';
import { plainDates } from '../../values/index.js';
import { printRead, runStatement } from '../run-statement.js';
import type { ReadOptions } from '../read-options.js';
import { whereOf, type QueryState } from './query-state.js';

/**
 * One value of each record of a select: a list when awaited, a subquery inside another where.
 *
 * ```ts
 * const totals = await em.select(Order).where({ paid: true }).value('total');
 * await em.find(User, { id: { $in: em.select(Order).where({ total: { $gte: 100 } }).value('buyer') } });
 * ```
 * As a subquery it is read once, before the statement around it, and without the records that have no value. Where it speaks of the
 * row around it (``surql`$parent.id` ``) it is read for every row.
 */
export class ValuesQuery<V> implements Subquery<V>, PromiseLike<(V | null)[]> {
  readonly #state: QueryState;
  readonly #path: string | AnyFragment;
  readonly #request: ReadOptions;

  constructor(state: QueryState, path: string | AnyFragment, request: ReadOptions) {
    this.#state = state;
    this.#path = path;
    this.#request = request;
    const inPlace: FragmentNode = fragmentOf(this.#list());
    // Stands wherever a surql may, at run time; its type says what it is a list of.
    Object.defineProperties(this, {
      kind: { value: inPlace.kind },
      strings: { value: inPlace.strings },
      values: { value: inPlace.values },
      [FRAGMENT]: { value: true },
    });
    Object.freeze(this);
  }

  /** The first value as an expression: `{ total: { $gt: em.select(Order).orderBy({ at: 'desc' }).value('total').first() } }`. */
  first(): Fragment<V | null> {
    return fragmentOf<V | null>(pathOf(this.#list(), 0));
  }

  async execute(): Promise<(V | null)[]> {
    const { session, meta } = this.#state;
    session.refuseQueued(meta);
    const { statement, field } = this.#plan();
    const values = (await runStatement(session, statement, 'find', this.#request)) as readonly unknown[];
    const decode = typeof this.#path === 'string' ? valueDecoder(field) : (raw: unknown) => plainDates(raw) ?? null;
    return values.map(decode) as (V | null)[];
  }

  then<A = (V | null)[], B = never>(
    fulfilled?: ((values: (V | null)[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.execute().then(fulfilled, rejected);
  }

  toSurql(): Printed {
    return printRead(this.#state.session, this.#plan().statement, this.#request);
  }

  #list(): Expression {
    return apart(this.#plan().present);
  }

  #plan(): ReturnType<typeof buildValues> {
    const { session, meta } = this.#state;
    return buildValues(
      meta,
      whereOf(this.#state),
      this.#path,
      this.#request,
      session.finder.contextWith(this.#request.filters),
    );
  }
}
