import type { SoftDeleteOptions } from '../metadata/options.js';
import type { Box } from '../types/type-of.js';
import type { DateTime } from '../values/index.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * When the record was deleted: removing one sets it, by the server's clock, and reads leave such records out. Alone it
 * declares an `option<datetime>`; beside `@Field` that says what the column is. Unique indexes of the table count live
 * records only.
 *
 * ```ts
 * @SoftDelete() deletedAt?: Date;
 * @SoftDelete() @Field('option<datetime>', { name: 'deleted_at' }) deletedAt?: Date;
 *
 * em.remove(user);
 * await em.flush();                                                   // UPDATE … SET deletedAt = time::now()
 * await em.find(User, {}, { filters: { softDelete: false } });        // shows it
 * ```
 */
export const SoftDelete = factory('SoftDelete()', softDelete);
function softDelete(options: SoftDeleteOptions = {}): PropertyDecoration<Box<Date, Date | DateTime> | Box<undefined>> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'SoftDelete', (property) => ({
      kind: 'softDelete',
      property,
      options: Object.freeze({ ...options }),
    }));
}
