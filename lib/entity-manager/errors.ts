import { ValidationError } from '../errors/index.js';

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
