import type { VersionOptions } from '../metadata/options.js';
import type { Box } from '../types/type-of.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * The optimistic lock: what each flush compares and raises. A write over a newer version is an `OptimisticLockError` and
 * nothing of that flush is kept. It counts from 1, or is the time of the last write in whole milliseconds by the server's
 * clock, at least one later than before.
 *
 * ```ts
 * @Version() readonly version!: number;
 * @Version({ type: 'datetime' }) readonly changed!: Date;
 * ```
 */
export const Version = factory('Version()', version);
function version<const O extends VersionOptions = VersionOptions>(
  options?: O,
): PropertyDecoration<O extends { readonly type: 'datetime' } ? Box<Date> : Box<number>>;
function version(options: VersionOptions = {}): PropertyDecoration<never> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Version', (property) => ({
      kind: 'version',
      property,
      options: Object.freeze({ ...options }),
    }));
}
