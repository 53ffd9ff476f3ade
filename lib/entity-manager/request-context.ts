import { runWithContext } from './async-context.js';
import { EmSession } from './em-session.js';
import { EntityManager } from './entity-manager.js';
import type { OrmCore } from './orm-core.js';

/** What a context is made for: an ORM. */
export interface ContextHost {
  /** @internal */
  readonly core: OrmCore;
}

/**
 * Gives a request, a job or a test an EntityManager of its own: whatever runs inside, across `await`, timers and streams,
 * finds it as `orm.em`.
 *
 * ```ts
 * app.use((req, res, next) => RequestContext.run(orm, next));
 * ```
 */
export const RequestContext = Object.freeze({
  run<R>(orm: ContextHost, work: (em: EntityManager) => R): R {
    const session = new EmSession(orm.core);
    const em = new EntityManager(orm.core, session);
    return runWithContext([[orm.core, session]], () => work(em));
  },
});
