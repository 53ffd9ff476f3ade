import { ValidationError } from '../errors/index.js';
import { runWithContext } from './async-context.js';
import { EntityManager } from './entity-manager.js';
import type { ForkOptions } from './fork-options.js';
import { forkSession } from './fork-session.js';
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
  run<R>(orm: ContextHost, forkOptions: ForkOptions | undefined, work: ContextWork<R>): R;
} = Object.freeze({
  run<R>(orm: ContextHost, second: ForkOptions | undefined | ContextWork<R>, third?: ContextWork<R>): R {
    if (!isHost(orm)) throw noOrm(orm);
    const work = (third === undefined ? second : third) as ContextWork<R>;
    const options = third === undefined ? {} : ((second ?? {}) as ForkOptions);
    const { session, release } = forkSession(orm.core, undefined, options, 'RequestContext.run');
    const em = new EntityManager(orm.core, session);
    const result = runWithContext([[orm.core, session]], () => work(em));
    if (release !== undefined && result instanceof Promise) void result.then(release, release);
    return result;
  },
});

function isHost(orm: unknown): orm is ContextHost {
  return typeof (orm as { readonly core?: unknown } | null | undefined)?.core === 'object';
}

function noOrm(given: unknown): ValidationError {
  return new ValidationError({
    what: 'RequestContext.run needs the ORM',
    why: given instanceof Promise ? 'it was given a promise that was not awaited' : `it was given ${typeof given}`,
    fix: 'const orm = await Reverie.init({ … }); RequestContext.run(orm, async () => { … })',
  });
}
