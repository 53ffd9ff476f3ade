import { EntityNotFoundError, ValidationError } from '../errors/index.js';
import type { RecordId } from '../values/index.js';

export function noContext(): ValidationError {
  return new ValidationError({
    what: 'The global EntityManager was used outside of a request or transaction',
    why: 'entities of different requests would share one identity map',
    fix: [
      'fork one for the job: const em = orm.em.fork()',
      'run the request in a context: RequestContext.run(orm, () => …)',
      'in a script: Reverie.init({ allowGlobalContext: true, … })',
    ],
  });
}

export function transactionOver(): ValidationError {
  return new ValidationError({
    what: 'The EntityManager of a transaction was used after its block had ended',
    why: 'what it would write could no longer be committed',
    fix: ['await everything that the block starts', 'afterwards use the EntityManager that started the transaction'],
  });
}

/** What the `…OrFail` verbs throw. */
export function notFound(className: string, id: unknown): EntityNotFoundError {
  return new EntityNotFoundError({
    what: `No ${className} matches ${textOf(id)}`,
    entity: className,
    id,
    fix: 'use findOne for a result that may be missing',
  });
}

/** `em.refresh` of what the database has never had, or has no more. */
export function notThere(className: string, id: RecordId | undefined, isNew: boolean): EntityNotFoundError {
  return new EntityNotFoundError({
    what: `${isNew ? 'A new' : 'The'} ${className} ${String(id)} cannot be read again`,
    why: isNew ? 'it is not in the database yet' : 'it is no longer in the database, or may not be seen',
    entity: className,
    id,
    fix: isNew ? 'flush first: await em.flush()' : 'let go of what is tracked: em.clear()',
  });
}

function textOf(id: unknown): string {
  if (typeof id !== 'object' || id === null || 'table' in id) return String(id);
  return JSON.stringify(id, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
