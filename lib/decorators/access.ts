import type { AccessOptions } from '../metadata/options.js';
import { classFactory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/**
 * How records of this class sign up and in (`record`), or how tokens and keys made elsewhere are taken (`jwt`, `bearer`). Schema
 * sync defines it; `orm.auth` uses it. Without `signup` and `signin` a record access takes the fields of the class, and knows its
 * users by `identifier` and the `@Encrypted` field.
 *
 * ```ts
 * @Access({ name: 'account', duration: { token: '15m', session: '12h', grant: '30d' } })
 * @Table({ name: 'user' })
 * class User {
 *   @Id() id!: RecordId<'user'>;
 *   @Field('string') email!: string;
 *   @Encrypted('argon2') password!: WriteOnly<string>;
 * }
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/define/access
 */
export const Access = classFactory("Access({ name: 'account' })", access);
function access(options: AccessOptions): ClassDecoration {
  return (...args) => stageClass(args, 'Access', (staged) => staged.accesses.unshift(Object.freeze({ ...options })));
}
