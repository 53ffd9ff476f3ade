import type { TableOptions } from '../metadata/options.js';
import { classFactory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/**
 * Makes a class an entity. `name` is the table's name in every statement; a class's own name is never used, because
 * bundlers change it.
 *
 * ```ts
 * @Table({ name: 'user', changefeed: { expiry: '7d' } })
 * class User { @Id() id!: RecordId<'user'>; }
 * ```
 * A table with a new name is a new, empty table, unless `renamedFrom` says what it was: schema sync copies its records, and leads
 * links to the copies.
 *
 * ```ts
 * @Table({ name: 'person', renamedFrom: 'user' })
 * class Person { @Id() id!: RecordId<'person'>; }
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/table
 */
export const Table = classFactory("Table({ name: '…' })", table);
function table(options: TableOptions | string): ClassDecoration {
  return (...args) =>
    stageClass(args, 'Table', (staged) => {
      if (staged.table !== undefined) staged.problems.push({ text: '@Table stands twice on the class' });
      staged.table = Object.freeze(typeof options === 'string' ? { name: options } : { ...options });
    });
}
