import type { ComputedOptions } from '../metadata/options.js';
import type { SurqlFragment } from '../surrealql/surql.js';
import type { BoxesOf, TypeText } from '../types/property-check.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * A value that the server works out, at each read (`COMPUTED`) or, with `stored: true`, at each write (`VALUE`).
 *
 * ```ts
 * @Computed(surql`string::uppercase(name)`, { type: 'string' }) readonly shout!: string;
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/field
 */
export const Computed = factory('Computed(surql`…`)', computed);
function computed<const S extends string = string>(
  expression: SurqlFragment<unknown>,
  options: Omit<ComputedOptions, 'type'> & { readonly type?: S & TypeText<S> } = {},
): PropertyDecoration<BoxesOf<S>> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Computed', (property) => ({
      kind: 'computed',
      property,
      expression,
      options: Object.freeze({ ...options }),
    }));
}
