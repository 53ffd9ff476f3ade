import { asRecordId } from './where-id.js';
import type { EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import { isSecret } from '../metadata/is-secret.js';
import type { HashAlgorithm } from '../metadata/options.js';
import { describe, missingWhere, refused } from '../query/query-errors.js';
import { buildIds } from '../query/index.js';
import { surql, type SurqlFragment } from '../surrealql/surql.js';
import type { EmSession } from './em-session.js';

/** The record that matches and whose hashes belong to these secrets; they are compared by the server. */
export async function verifyRecord(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  secrets: object,
): Promise<object | null> {
  const { context } = session.finder;
  if (where === undefined) throw missingWhere(meta.className);
  const id = asRecordId(meta, where, context);
  const known = id === undefined ? where : { id };
  if (buildIds(meta, known, context) === undefined) throw emptyWhere(meta);
  const [found] = await session.finder.find(meta, { $and: [known, ...comparisons(meta, secrets)] }, { limit: 1 });
  return found ?? null;
}

/** Conditions that hold for the record whose hashes belong to these secrets. */
export function comparisons(meta: EntityMetadata, secrets: object | null | undefined): SurqlFragment[] {
  const given = Object.entries(secrets ?? {});
  if (given.length === 0) throw noSecret(meta);
  return given.map(([name, secret]) => {
    const field = secretOf(meta, name);
    if (typeof secret !== 'string') throw noText(field, secret);
    return COMPARE[field.algorithm as HashAlgorithm](surql.id(field.column), secret);
  });
}

type Compare = (column: SurqlFragment, secret: string) => SurqlFragment;

/** Of a record without a hash the functions would make an error of the whole read. */
const COMPARE: Readonly<Record<HashAlgorithm, Compare>> = {
  argon2: (column, secret) => surql`crypto::argon2::compare(${column} ?? '', ${secret})`,
  bcrypt: (column, secret) => surql`crypto::bcrypt::compare(${column} ?? '', ${secret})`,
  pbkdf2: (column, secret) => surql`crypto::pbkdf2::compare(${column} ?? '', ${secret})`,
  scrypt: (column, secret) => surql`crypto::scrypt::compare(${column} ?? '', ${secret})`,
};

function secretOf(meta: EntityMetadata, name: string): FieldMetadata {
  const property = meta.byProperty.get(name);
  if (property !== undefined && isSecret(property)) return property;
  throw refused({
    path: `${meta.className}.${name}`,
    what: `${meta.className}.${name} is no secret that the server has hashed`,
    fix: [`conditions on other fields belong into the where`, `@Encrypted('argon2') ${name}!: WriteOnly<string>`],
    rule: 'unknown',
  });
}

function noSecret(meta: EntityMetadata) {
  return refused({
    path: meta.className,
    what: `em.verify(${meta.className}, …) was given no secret`,
    fix: `em.verify(${meta.className}, where, { password })`,
    rule: 'required',
  });
}

function noText({ path }: FieldMetadata, secret: unknown) {
  return refused({
    path,
    what: `${path} is compared with a text`,
    why: `it was given ${secret === null ? 'null' : typeof secret === 'object' ? describe(secret) : typeof secret}`,
    rule: 'type',
  });
}

function emptyWhere(meta: EntityMetadata) {
  return refused({
    path: meta.className,
    what: `em.verify(${meta.className}, …) was given an empty where`,
    why: 'the secret would be compared with that of every record, and may belong to somebody else',
    fix: `em.verify(${meta.className}, { email }, { … })`,
    rule: 'required',
  });
}
