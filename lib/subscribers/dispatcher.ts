import { SubscriberError } from '../errors/index.js';
import type { EntityMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import { throwAfterCommit } from './after-commit.js';
import { runAround, type AroundCall, type HookFailure } from './around.js';
import type { Next, SubscriberInput } from './entity-subscriber.js';
import { EVENTS, type AroundEvent, type EventName } from './event-name.js';
import type { EventManagerHandle, EventOf } from './events.js';
import { FlushEvents } from './flush-events.js';
import { HookTable, type Hook } from './hook-table.js';
import { reportError, type ErrorReporter } from './report-error.js';
import { subscriptionsOf, type Subscription } from './subscription.js';

export interface DispatcherOptions {
  /** Where errors of hooks go that can change nothing any more; default a process warning. */
  readonly report?: ErrorReporter;
}

/** What an around hook is called with. */
export interface AroundEntry<E extends AroundEvent, Em> {
  readonly metadata: EntityMetadata;
  readonly event: EventOf<E, Em>;
}

/**
 * Calls the hooks of entities and subscribers, each awaited before the next.
 *
 * ```ts
 * const dispatcher = new SubscriberDispatcher(registry, [AuditSubscriber, { instance: cache, targets: [User] }]);
 * if (dispatcher.has('beforeBulk', metadata)) await dispatcher.emit('beforeBulk', metadata, event);
 * ```
 */
export class SubscriberDispatcher<Em = EventManagerHandle> {
  readonly subscriptions: readonly Subscription[];
  readonly #table: HookTable;
  readonly #report: ErrorReporter;

  /** @throws MetadataError with all that is wrong with the subscribers. */
  constructor(
    registry: MetadataRegistry,
    subscribers: readonly SubscriberInput[] = [],
    options: DispatcherOptions = {},
  ) {
    this.subscriptions = subscriptionsOf(registry, subscribers);
    this.#table = new HookTable(registry, this.subscriptions);
    this.#report = options.report ?? reportError;
  }

  /** Whether anybody would hear the event (of this entity); answers from a table. */
  has(event: EventName, metadata?: EntityMetadata): boolean {
    return this.#table.has(event, metadata);
  }

  /**
   * Calls the hooks of an event. How their errors count is the event's policy: a `before*` or `on*` hook vetoes with its
   * own error; `after*` hooks all run, and then an AfterCommitError is thrown; `afterRollback`, `afterQuery` and `onLive*`
   * only observe.
   */
  async emit<E extends EventName>(
    event: E,
    metadata: EntityMetadata | undefined,
    payload: EventOf<E, Em>,
  ): Promise<void> {
    const hooks = this.#table.hooks(event, metadata);
    if (hooks.length === 0) return;
    const { policy } = EVENTS[event];
    if (policy === 'veto') {
      for (const hook of hooks) await hook.call(payload);
      return;
    }
    const failures = await callAll(hooks, payload);
    if (policy === 'observer') this.report(failures);
    else throwAfterCommit(failures);
  }

  /** As `emit` for an `after*` event, but hands the failures back: a caller with more to do throws them together. */
  async settle<E extends EventName>(
    event: E,
    metadata: EntityMetadata | undefined,
    payload: EventOf<E, Em>,
  ): Promise<readonly HookFailure[]> {
    const hooks = this.#table.hooks(event, metadata);
    return hooks.length === 0 ? [] : callAll(hooks, payload);
  }

  /**
   * For the events of code that cannot wait.
   *
   * @throws SubscriberError when a hook is async.
   */
  emitSync<E extends 'onInit' | 'onLoad'>(event: E, metadata: EntityMetadata, payload: EventOf<E, Em>): void {
    for (const hook of this.#table.hooks(event, metadata)) {
      const result = hook.call(payload);
      if (isThenable(result)) {
        Promise.resolve(result).catch(() => undefined);
        throw asyncHook(hook, event);
      }
    }
  }

  /** `onLoad` for what a find has newly loaded, in order; called once by the find, when everything else is done. */
  async emitLoads(
    em: Em,
    loaded: Iterable<{ readonly metadata: EntityMetadata; readonly entity: object }>,
  ): Promise<void> {
    if (!this.has('onLoad')) return;
    for (const { metadata, entity } of loaded) await this.emit('onLoad', metadata, { em, entity, metadata });
  }

  /**
   * Puts the hooks of one event, for all given entities, around one request. Resolves when the request succeeded.
   *
   * @throws what a hook vetoed with, or the request failed with; AfterCommitError for hooks that failed after it.
   */
  async around<E extends AroundEvent>(event: E, entries: readonly AroundEntry<E, Em>[], request: Next): Promise<void> {
    throwAfterCommit(
      await this.runAround(
        entries.flatMap((entry) => this.aroundCalls(event, entry)),
        request,
      ),
    );
  }

  /** The around hooks for one entity, outermost first. */
  aroundCalls<E extends AroundEvent>(event: E, entry: AroundEntry<E, Em>): readonly AroundCall[] {
    return this.#table
      .hooks(event, entry.metadata)
      .map((hook) => ({ label: hook.label, run: (next: Next) => hook.call(entry.event, next) }));
  }

  /** See `runAround` of this room; without hooks it is the request alone. */
  async runAround(calls: readonly AroundCall[], request: Next): Promise<readonly HookFailure[]> {
    if (calls.length > 0) return runAround(calls, request);
    await request();
    return [];
  }

  /** The events of one flush, or of all flushes of one transaction. */
  flush(em: Em): FlushEvents<Em> {
    return new FlushEvents(this, em);
  }

  report(failures: readonly HookFailure[]): void {
    for (const { label, error } of failures) this.#report(error, label);
  }
}

async function callAll(hooks: readonly Hook[], payload: unknown): Promise<readonly HookFailure[]> {
  const failures: HookFailure[] = [];
  for (const hook of hooks) {
    try {
      await hook.call(payload);
    } catch (error) {
      failures.push({ label: hook.label, error });
    }
  }
  return failures;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function asyncHook(hook: Hook, event: EventName): SubscriberError {
  return new SubscriberError({
    what: `${hook.label} is async`,
    why: `${event} runs while entities are being built, where nothing can wait`,
    fix:
      event === 'onInit'
        ? 'make it synchronous, or use onLoad, which a find waits for'
        : 'make it synchronous, or find the records, which waits for it',
  });
}
