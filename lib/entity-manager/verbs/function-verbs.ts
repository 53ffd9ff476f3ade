import type { ArgumentTypes, CallArguments, DefinedFunction } from '../../functions/define-function.js';
import type { DefinedModel, ModelArguments, ModelInput } from '../../functions/define-model.js';
import type { EntityClass } from '../../metadata/entity-metadata.js';
import type { Fragment } from '../../types/index.js';
import type { TypeOf } from '../../types/type-of.js';
import { callByName, callDefined, runExpression, type CallOptions, type Returns } from '../run-expression.js';
import type { RunOptions } from '../run-statement.js';
import { SearchVerbs } from './search-verbs.js';

/** What a call answers, from what `returns` says of it. */
type Returned<R> = string extends R
  ? unknown
  : R extends string
    ? TypeOf<R>
    : R extends readonly [EntityClass<infer T>]
      ? T[]
      : R extends EntityClass<infer T>
        ? T | null
        : unknown;

/** Functions and other expressions, run by themselves. */
export abstract class FunctionVerbs extends SearchVerbs {
  /**
   * Runs an expression on the server and answers its value.
   *
   * ```ts
   * const root = await em.run(fn.math.sqrt(16));          // 4
   * const now = await em.run(fn.time.now());              // a Date
   * ```
   * @throws CapabilityError for a function that the connected server does not have
   * @see https://surrealdb.com/docs/surrealql/statements/return
   */
  async run<V>(expression: Fragment<V>, options?: RunOptions): Promise<[V] extends [never] ? unknown : V> {
    return runExpression(this.current, expression, options) as never;
  }

  /**
   * Calls a function by its name: one that the database defines, or one of the server's. `returns` says what it answers: a type
   * (which is checked), an entity, or `[Entity]` for a list; entities are managed.
   *
   * ```ts
   * const sum = await em.call('fn::add', [1, 2], { returns: 'int' });           // 3
   * const friends = await em.call('fn::friends', [ann.id], { returns: [User] });
   * ```
   * @throws ValidationError for an answer of another type
   * @throws QueryError where there is no such function, or its arguments are not of the types that it takes
   * @see https://surrealdb.com/docs/surrealql/statements/define/function
   */
  call<const R extends Returns = string>(
    name: string,
    args?: readonly unknown[],
    options?: CallOptions<R>,
  ): Promise<Returned<R>>;
  /** Calls a function that `defineFunction` has declared, with its arguments by name: `em.call(gross, { net: new Decimal(100) })`. */
  call<A extends ArgumentTypes, R extends string>(
    defined: DefinedFunction<A, R>,
    ...args: CallArguments<A>
  ): Promise<string extends R ? unknown : TypeOf<R>>;
  /** Runs a model that `defineModel` has declared: `em.call(price, { squarefoot: 500 })`. */
  call<I extends ModelInput, R extends string>(
    model: DefinedModel<I, R>,
    ...input: ModelArguments<I>
  ): Promise<string extends R ? unknown : TypeOf<R>>;
  async call(called: unknown, args?: unknown, options?: CallOptions<Returns>): Promise<unknown> {
    if (typeof called === 'function') return callDefined(this.current, called as never, args, options);
    return callByName(this.current, called as string, args as readonly unknown[] | undefined, options);
  }
}
