import type { EntityState } from '../entity/entity-state.js';
import { ValidationError } from '../errors/index.js';

export function notAnEntity(value: unknown, verb: string): ValidationError {
  const name =
    typeof value === 'object' && value !== null ? ((value as object).constructor?.name ?? 'object') : String(value);
  return new ValidationError({
    what: `em.${verb}() was given ${name}, which this EntityManager does not track`,
    fix: [
      'create it with em.create(…) or read it with em.find(…)',
      'attach one from elsewhere: em.merge(entity)',
      'list its class in `entities` of Reverie.init',
    ],
  });
}

export function foreignEntity(state: EntityState, path: string): ValidationError {
  return new ValidationError({
    what: `${path}: ${String(state.id ?? `a new ${state.meta.className}`)} belongs to another EntityManager`,
    why: 'an entity is tracked by one EntityManager at a time; inside a transaction that is `tx`',
    fix: ['read it again here, or link to it by id', 'bring it over: tx.merge(entity)'],
    errors: [{ path, message: 'tracked by another EntityManager', rule: 'foreign' }],
  });
}
