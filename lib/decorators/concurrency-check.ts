import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * Guards every update and removal of the entity by this field's value, beside the decorator that says what it is: where
 * somebody has changed it since it was read, the flush is an `OptimisticLockError` and nothing of it is kept. Several fields
 * may be checked, with a `@Version` or without.
 *
 * ```ts
 * @ConcurrencyCheck() @Field('string') status!: string;
 * ```
 */
export const ConcurrencyCheck = factory('ConcurrencyCheck()', concurrencyCheck);
function concurrencyCheck(): PropertyDecoration<never> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'ConcurrencyCheck', (property) => ({ kind: 'concurrencyCheck', property }));
}
