import type { TimestampOptions } from '../metadata/options.js';
import type { Box } from '../types/type-of.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * When the record was created, by the server's clock in whole milliseconds; it never changes.
 *
 * ```ts
 * @CreatedAt() readonly createdAt!: Date;
 * @CreatedAt({ precision: 'ns', codec: DateTime }) readonly createdAt!: DateTime;
 * ```
 */
export const CreatedAt = factory('CreatedAt()', createdAt);
function createdAt(options: TimestampOptions = {}): PropertyDecoration<Box<Date>> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'CreatedAt', (property) => ({
      kind: 'createdAt',
      property,
      options: Object.freeze({ ...options }),
    }));
}

/**
 * When the record was last written, by the server's clock in whole milliseconds.
 *
 * ```ts
 * @UpdatedAt() readonly updatedAt!: Date;
 * ```
 */
export const UpdatedAt = factory('UpdatedAt()', updatedAt);
function updatedAt(options: TimestampOptions = {}): PropertyDecoration<Box<Date>> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'UpdatedAt', (property) => ({
      kind: 'updatedAt',
      property,
      options: Object.freeze({ ...options }),
    }));
}
