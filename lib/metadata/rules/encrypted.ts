import type { Rule } from './rule.js';

const ALGORITHMS: ReadonlySet<string> = new Set(['argon2', 'bcrypt', 'pbkdf2', 'scrypt']);

/** Secrets are hashed by a function of the server, and an index over hashes finds nothing. */
export const checkEncrypted: Rule = ({ entity, problems }) => {
  for (const property of entity.properties) {
    if (property.kind !== 'field' || property.algorithm === undefined) continue;
    if (!ALGORITHMS.has(property.algorithm))
      problems.add(
        property.path,
        `there is no algorithm "${String(property.algorithm)}"; the server knows argon2, bcrypt, pbkdf2 and scrypt`,
        `@Encrypted('argon2') ${property.property}`,
      );
    if (entity.indexes.some(({ columns }) => columns.includes(property.column)))
      problems.add(property.path, 'an index over hashes finds nothing, because every hash has a salt of its own');
  }
};
