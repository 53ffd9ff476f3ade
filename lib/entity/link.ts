import { ValidationError } from '../errors/index.js';
import type { EntityClass } from '../metadata/entity-metadata.js';
import { stagedOf } from '../metadata/staging.js';
import type { IdInput, Link } from '../types/index.js';
import { RecordId, toRecordId, type RecordKey } from '../values/index.js';
import { LinkReference, entityOf } from './link-reference.js';

/**
 * A link to a record that need not be loaded, for `create`, `assign` or a property.
 *
 * ```ts
 * const post = em.create(Post, { title: 'Hello', author: link(User, 'ann') });
 * post.author = link(bob);
 * ```
 * @throws ValidationError for an entity that has no id yet, and for a class without a table
 */
export function link<T extends object>(entity: T): Link<T>;
export function link<T extends object>(entity: EntityClass<T>, id: IdInput<T> | RecordId): Link<T>;
export function link(target: object, id?: unknown): Link<object> {
  const reference = id === undefined ? toEntity(target) : new LinkReference(idIn(target as EntityClass, id));
  return reference as unknown as Link<object>;
}

function toEntity(entity: object): LinkReference {
  const id = toRecordId((entity as { id?: unknown }).id);
  if (id !== undefined) return new LinkReference(id, entityOf(entity));
  throw new ValidationError({
    what: `link() was given ${entity.constructor.name} without an id`,
    fix: ['create it first: em.create(…) gives it one', 'name class and key: link(User, key)'],
  });
}

function idIn(target: EntityClass, id: unknown): RecordId {
  const given = toRecordId(id);
  if (given !== undefined) return given;
  const table = stagedOf(target)?.table?.name;
  if (table === undefined) {
    throw new ValidationError({
      what: `${target.name} has no table to link to`,
      fix: `@Table({ name: '…' }) class ${target.name}`,
    });
  }
  const text = typeof id === 'string' && id.startsWith(`${table}:`) ? id.slice(table.length + 1) : id;
  return new RecordId(table, text as RecordKey);
}
