import type { Decimal } from '../values/index.js';

const OPERATION: unique symbol = Symbol.for('reverie.field-operation');

export type FieldOperationKind = 'append' | 'addToSet' | 'pull' | 'increment' | 'unset';

/** A change that the server works out from what the field holds at that moment. */
export interface FieldOperation<K extends FieldOperationKind = FieldOperationKind, V = unknown> {
  readonly [OPERATION]: K;
  readonly values: readonly V[];
}

/** What changes the members of a list or set of `E`. */
export type MemberOperation<E> = FieldOperation<'append' | 'addToSet' | 'pull', E>;

function operation<K extends FieldOperationKind, V>(kind: K, values: readonly V[]): FieldOperation<K, V> {
  return Object.freeze({ [OPERATION]: kind, values: Object.freeze([...values]) });
}

/**
 * Adds values at the end of a list, whoever else adds to it meanwhile: `SET tags += [$value]`.
 *
 * ```ts
 * await em.patch(User, 'ann', { labels: append('new') });
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/update
 */
export function append<const V>(...values: readonly V[]): FieldOperation<'append', V> {
  return operation('append', values);
}

/**
 * Adds those values that a list does not hold yet; what it holds stays in its order.
 *
 * ```ts
 * await em.patch(User, 'ann', { labels: addToSet('vip') });
 * ```
 */
export function addToSet<const V>(...values: readonly V[]): FieldOperation<'addToSet', V> {
  return operation('addToSet', values);
}

/**
 * Takes every copy of these values out of a list: `SET tags -= [$value]`.
 *
 * ```ts
 * await em.patch(User, 'ann', { labels: pull('new') });
 * ```
 */
export function pull<const V>(...values: readonly V[]): FieldOperation<'pull', V> {
  return operation('pull', values);
}

/**
 * Adds to a number, one that is missing counts as 0: `SET stars = (stars ?? 0) + $by`.
 *
 * ```ts
 * await em.patch(Post, post.id, { stars: increment(1) });
 * ```
 */
export function increment<V extends number | bigint | Decimal>(by: V): FieldOperation<'increment', V> {
  return operation('increment', [by]);
}

/**
 * Takes the value away: `SET email = NONE`.
 *
 * ```ts
 * await em.updateWhere(User, { active: false }, { email: unset() });
 * ```
 */
export function unset(): FieldOperation<'unset', never> {
  return operation('unset', []);
}

export function isFieldOperation(candidate: unknown): candidate is FieldOperation {
  return typeof candidate === 'object' && candidate !== null && OPERATION in candidate;
}

export function kindOfOperation(candidate: FieldOperation): FieldOperationKind {
  return candidate[OPERATION];
}
