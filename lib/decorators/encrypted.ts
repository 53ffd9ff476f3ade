import type { EncryptedOptions, HashAlgorithm } from '../metadata/options.js';
import type { HashedBox } from '../types/property-check.js';
import type { Box } from '../types/type-of.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * A secret that the server hashes when it is written, once, and that nobody reads back: it is undefined on every entity that
 * was read, and no part of JSON, of a select, of a where or of an order. Whoever is to be known by it is found with `em.verify`.
 *
 * ```ts
 * @Encrypted('argon2') password!: WriteOnly<string>;
 *
 * em.create(User, { email: 'ann@example.com', password: 'correct horse' });
 * await em.flush();
 * const ann = await em.verify(User, { email: 'ann@example.com' }, { password: 'correct horse' });
 * ```
 * Text that is a hash of the algorithm already is stored as it is, so that an export can be imported again.
 *
 * @param algorithm `argon2` (default), `bcrypt`, `pbkdf2` or `scrypt`
 * @see https://surrealdb.com/docs/surrealql/functions/database/crypto
 */
export const Encrypted = factory('Encrypted()', encrypted);
function encrypted<const O extends EncryptedOptions>(
  algorithm: HashAlgorithm = 'argon2',
  options?: O,
): PropertyDecoration<HashedBox | (O extends { readonly optional: true } ? Box<undefined> : never)> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Encrypted', (property) => ({
      kind: 'encrypted',
      property,
      algorithm,
      options: Object.freeze({ ...options }),
    }));
}
