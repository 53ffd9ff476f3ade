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
