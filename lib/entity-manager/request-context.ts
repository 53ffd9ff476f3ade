import { CapabilityError } from '../errors/index.js';
import { runWithContext } from './async-context.js';
import { EmSession } from './em-session.js';
import { EntityManager } from './entity-manager.js';
import type { OrmCore } from './orm-core.js';

/** What a context is made for: an ORM. */
export interface ContextHost {
  /** @internal */
  readonly core: OrmCore;
}

type ContextWork<R> = (em: EntityManager) => R;

/**
 * Gives a request, a job or a test an EntityManager of its own: whatever runs inside, across `await`, timers and streams,
 * finds it as `orm.em`.
 *
 * ```ts
 * app.use((req, res, next) => RequestContext.run(orm, () => next()));
 * ```
 */
export const RequestContext: {
  run<R>(orm: ContextHost, work: ContextWork<R>): R;
  run<R>(orm: ContextHost, forkOptions: object | undefined, work: ContextWork<R>): R;
} = Object.freeze({
  run<R>(orm: ContextHost, second: object | undefined, third?: ContextWork<R>): R {
    const work = (third === undefined ? second : third) as ContextWork<R>;
    if (third !== undefined) refuseOptions(second);
    const session = new EmSession(orm.core);
    const em = new EntityManager(orm.core, session);
    return runWithContext([[orm.core, session]], () => work(em));
  },
});

function refuseOptions(options: object | undefined): void {
  const [first] = Object.keys({ ...options });
  if (first === undefined) return;
  throw new CapabilityError({
    what: `RequestContext.run was given the fork option "${first}"`,
    why: 'forks share the namespace, database and user of their ORM in this version',
    fix: 'make an ORM of its own for another namespace, database or user',
  });
}
