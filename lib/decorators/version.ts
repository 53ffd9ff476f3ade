import type { VersionOptions } from '../metadata/options.js';
import type { Box } from '../types/type-of.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * The optimistic lock: an int that each flush compares and raises by one. A write over a newer version is an
 * `OptimisticLockError` and nothing of that flush is kept.
 *
 * ```ts
 * @Version() readonly version!: number;
 * ```
 */
export function Version(options: VersionOptions = {}): PropertyDecoration<Box<number>> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Version', (property) => ({
      kind: 'version',
      property,
      options: Object.freeze({ ...options }),
    }));
}
