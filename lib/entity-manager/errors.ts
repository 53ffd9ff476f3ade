import { EntityNotFoundError, ValidationError } from '../errors/index.js';

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
  const text = typeof id === 'object' && id !== null && !('table' in id) ? JSON.stringify(id) : String(id);
  return new EntityNotFoundError({
    what: `No ${className} matches ${text}`,
    entity: className,
    id,
    fix: 'use findOne for a result that may be missing',
  });
}
