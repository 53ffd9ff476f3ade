import type { EntityState } from '../entity/entity-state.js';
import { ValidationError } from '../errors/index.js';
import type { EntityMetadata, InverseMetadata } from '../metadata/entity-metadata.js';

export function notAnEntity(value: unknown, verb: string): ValidationError {
  return new ValidationError({
    what: `em.${verb}() was given ${nameOfValue(value)}, which this EntityManager does not track`,
    fix: wayToEntity(value),
  });
}

function nameOfValue(value: unknown): string {
  if (typeof value === 'function') return `the class ${value.name}`;
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'object') : String(value);
}

function wayToEntity(value: unknown): string | readonly string[] {
  if (value instanceof Promise) return 'await it first: what em.find(…) and its like answer is a promise';
  if (typeof value === 'function')
    return [
      `an entity is needed and not its class: em.create(${value.name}, { … }), em.getReference(${value.name}, id)`,
      `records that nobody has read: em.deleteWhere(${value.name}, { … }), em.patch(${value.name}, id, { … })`,
    ];
  return [
    'create it with em.create(…) or read it with em.find(…)',
    'attach one from elsewhere: em.merge(entity)',
    'list its class in `entities` of Reverie.init',
  ];
}

export function detachedEntity(state: EntityState, verb: string): ValidationError {
  return new ValidationError({
    what: `em.${verb}() was given ${nameOf(state)}, which is not tracked any more`,
    why: 'it was removed, or its EntityManager was cleared',
    fix: ['attach it again: em.merge(entity)', 'read it again'],
  });
}

export function foreignEntity(state: EntityState, path: string): ValidationError {
  return new ValidationError({
    what: `${path}: ${nameOf(state)} belongs to another EntityManager`,
    why: 'an entity is tracked by one EntityManager at a time; inside a transaction that is `tx`',
    fix: ['read it again here, or link to it by id', 'bring it over: tx.merge(entity)'],
    errors: [{ path, message: 'tracked by another EntityManager', rule: 'foreign' }],
  });
}

export function takenId(state: EntityState): ValidationError {
  return new ValidationError({
    what: `Another ${state.meta.className} with the id ${String(state.id)} is tracked already`,
    why: 'one record is one object in an EntityManager',
    fix: ['change the tracked one: em.getReference(…), em.assign(…)', 'attach values to it: em.merge(entity)'],
    errors: [{ path: `${state.meta.className}.id`, message: 'already tracked', rule: 'unique' }],
  });
}

export function changedId(state: EntityState, id: unknown): ValidationError {
  const path = `${state.meta.className}.id`;
  return new ValidationError({
    what: `The id of ${String(state.id)} was changed to ${String(id)}`,
    why: 'the id of a record never changes',
    fix: `create another ${state.meta.className} and remove this one`,
    errors: [{ path, message: 'the id of a record never changes', rule: 'readonly' }],
  });
}

/** @throws ValidationError for a view, before anything is made of what was given */
export function refuseView(meta: EntityMetadata, verb: string): void {
  if (meta.readOnly) throw readOnlyEntity(meta, verb);
}

export function readOnlyEntity(meta: EntityMetadata, verb: string): ValidationError {
  return new ValidationError({
    what: `${meta.className} is read-only`,
    why: `it is a view: em.${verb}() could write nothing that stays`,
    fix: 'write the records of the tables that it selects from; the server brings it up to date',
    errors: [{ path: meta.className, message: 'a view is read-only', rule: 'readonly' }],
  });
}

export function requiredBackLink(property: InverseMetadata, link: string): ValidationError {
  return new ValidationError({
    what: `A member of ${property.path} cannot be taken out`,
    why: `${link} is required`,
    fix: [
      'move it to another owner',
      'remove it: em.remove(child)',
      `make the collection own its members: { inverse: …, owns: true }`,
    ],
    errors: [{ path: property.path, message: `${link} is required`, rule: 'required' }],
  });
}

function nameOf(state: EntityState): string {
  return state.id === undefined ? `a new ${state.meta.className}` : String(state.id);
}

export function endlessValue(path: string, cause: RangeError): ValidationError {
  return new ValidationError({
    what: `${path} cannot be stored`,
    why: 'its value holds itself, or is nested too deeply to be copied',
    fix: 'store a record id instead of the object',
    errors: [{ path, message: 'holds itself', rule: 'type' }],
    cause,
  });
}
