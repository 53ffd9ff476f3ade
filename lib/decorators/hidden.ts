import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * Keeps a property out of JSON, beside the decorator that says what it is.
 *
 * ```ts
 * @Hidden() @Field('string') phone!: string;
 * ```
 */
export const Hidden = factory('Hidden()', hidden);
function hidden(): PropertyDecoration<never> {
  return (...args: readonly unknown[]) => stageProperty(args, 'Hidden', (property) => ({ kind: 'hidden', property }));
}
