import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { isSecret } from '../metadata/is-secret.js';
import type { RecordId } from '../values/index.js';
import { throwAfterCommit } from './after-commit.js';
import type { AroundCall, HookFailure } from './around.js';
import type { SubscriberDispatcher } from './dispatcher.js';
import type { Next } from './entity-subscriber.js';
import type { EventName } from './event-name.js';
import type { ChangeRecord, EventOf, PropertyChange, PropertyChanges } from './events.js';

/** What a unit of work calls a change set, as far as events need it. */
export interface FlushChange {
  readonly action: 'create' | 'update' | 'delete';
  readonly meta: EntityMetadata;
  readonly state: { readonly entity: object };
  readonly id: RecordId;
  /** By property. */
  readonly changes: ReadonlyMap<string, PropertyChange>;
}

const BEFORE = Object.freeze({ create: 'beforeCreate', update: 'beforeUpdate', delete: 'beforeDelete' } as const);
const AFTER = Object.freeze({ create: 'afterCreate', update: 'afterUpdate', delete: 'afterDelete' } as const);
const AROUND = Object.freeze({ create: 'aroundCreate', update: 'aroundUpdate', delete: 'aroundDelete' } as const);

/**
 * The events of one flush in their order; of a transaction with several flushes, one object for all of them.
 * Records for events are made only where somebody listens.
 *
 * ```ts
 * const events = dispatcher.flush(em);
 * await events.beforeFlush();
 * await events.onFlush(changes);
 * await events.before(changes);           // may change entities: compute the changes again
 * await events.beforeCommit(changes);
 * try { await events.around(changes, request); }
 * catch (error) { await events.rolledBack(error, changes); throw error; }
 * await events.committed(changes);        // may throw an AfterCommitError
 * ```
 */
export class FlushEvents<Em> {
  readonly #dispatcher: SubscriberDispatcher<Em>;
  readonly #em: Em;
  readonly #failures: HookFailure[] = [];

  constructor(dispatcher: SubscriberDispatcher<Em>, em: Em) {
    this.#dispatcher = dispatcher;
    this.#em = em;
  }

  /** What around hooks threw after the request had succeeded; `committed` throws it. An interactive transaction may still roll back. */
  get failures(): readonly HookFailure[] {
    return this.#failures;
  }

  async beforeFlush(): Promise<void> {
    if (this.#dispatcher.has('beforeFlush'))
      await this.#emit('beforeFlush', undefined, { em: this.#em, changes: NO_CHANGES });
  }

  async onFlush(changes: readonly FlushChange[]): Promise<void> {
    if (this.#dispatcher.has('onFlush'))
      await this.#emit('onFlush', undefined, { em: this.#em, changes: recordsOf(changes) });
  }

  /** `beforeCreate`, `beforeUpdate` or `beforeDelete`, then `beforeSave`, change by change. */
  async before(changes: readonly FlushChange[]): Promise<void> {
    for (const change of changes) {
      await this.#emitChange(BEFORE[change.action], change);
      if (change.action !== 'delete') await this.#emitChange('beforeSave', change);
    }
  }

  async beforeCommit(changes: readonly FlushChange[]): Promise<void> {
    if (this.#dispatcher.has('beforeCommit'))
      await this.#emit('beforeCommit', undefined, { em: this.#em, changes: recordsOf(changes) });
  }

  /** Resolves when the request succeeded; see `failures` for hooks that failed after it. */
  async around(changes: readonly FlushChange[], request: Next): Promise<void> {
    const calls = changes.flatMap((change) => this.#aroundCalls(change));
    this.#failures.push(...(await this.#dispatcher.runAround(calls, request)));
  }

  /**
   * `afterCreate`, `afterUpdate` or `afterDelete`, then `afterSave`, change by change; then `afterCommit` and `afterFlush`.
   * All hooks run.
   *
   * @throws AfterCommitError when some of them failed.
   */
  async committed(changes: readonly FlushChange[]): Promise<void> {
    const failures = this.#failures.splice(0);
    for (const change of changes) {
      failures.push(...(await this.#settleChange(AFTER[change.action], change)));
      if (change.action !== 'delete') failures.push(...(await this.#settleChange('afterSave', change)));
    }
    for (const event of ['afterCommit', 'afterFlush'] as const) {
      if (!this.#dispatcher.has(event)) continue;
      failures.push(
        ...(await this.#dispatcher.settle(event, undefined, { em: this.#em, changes: recordsOf(changes) })),
      );
    }
    throwAfterCommit(failures);
  }

  /** A flush that found nothing to do: no transaction, so `afterFlush` alone. */
  async nothingToDo(): Promise<void> {
    if (this.#dispatcher.has('afterFlush'))
      await this.#emit('afterFlush', undefined, { em: this.#em, changes: NO_CHANGES });
  }

  /** Never throws: the error that the caller is about to throw must not be replaced. */
  async rolledBack(error: unknown, changes: readonly FlushChange[]): Promise<void> {
    this.#dispatcher.report(this.#failures.splice(0));
    if (!this.#dispatcher.has('afterRollback')) return;
    await this.#emit('afterRollback', undefined, { em: this.#em, error, changes: recordsOf(changes) });
  }

  #aroundCalls(change: FlushChange): readonly AroundCall[] {
    const events = change.action === 'delete' ? [AROUND.delete] : [AROUND[change.action], 'aroundSave' as const];
    const wanted = events.filter((event) => this.#dispatcher.has(event, change.meta));
    if (wanted.length === 0) return [];
    const event = this.#eventOf(change);
    return wanted.flatMap((name) => this.#dispatcher.aroundCalls(name, { metadata: change.meta, event }));
  }

  async #emitChange(event: EntityChangeEvent, change: FlushChange): Promise<void> {
    if (this.#dispatcher.has(event, change.meta)) await this.#emit(event, change.meta, this.#eventOf(change));
  }

  async #settleChange(event: EntityChangeEvent, change: FlushChange): Promise<readonly HookFailure[]> {
    if (!this.#dispatcher.has(event, change.meta)) return [];
    return this.#dispatcher.settle(event, change.meta, this.#eventOf(change));
  }

  #emit<E extends EventName>(event: E, metadata: EntityMetadata | undefined, payload: EventOf<E, Em>): Promise<void> {
    return this.#dispatcher.emit(event, metadata, payload);
  }

  #eventOf(change: FlushChange): EventOf<EntityChangeEvent, Em> {
    return Object.freeze({ em: this.#em, ...recordOf(change) }) as EventOf<EntityChangeEvent, Em>;
  }
}

type EntityChangeEvent =
  (typeof BEFORE)[keyof typeof BEFORE] | (typeof AFTER)[keyof typeof AFTER] | 'beforeSave' | 'afterSave';

const NO_CHANGES: readonly ChangeRecord[] = Object.freeze([]);

/** What changes are shown as. */
export function recordsOf(changes: readonly FlushChange[]): readonly ChangeRecord[] {
  return Object.freeze(changes.map((change) => Object.freeze(recordOf(change))));
}

function recordOf(change: FlushChange): ChangeRecord {
  return {
    action: change.action,
    entity: change.state.entity,
    id: change.id,
    metadata: change.meta,
    changes: propertyChanges(change),
  };
}

/** What stands for a secret: whoever keeps changes, an audit log for one, must not keep passwords. */
const MASK = '(secret)';

function propertyChanges({ meta, changes }: FlushChange): PropertyChanges {
  const byProperty: Record<string, PropertyChange> = {};
  for (const [property, { old, new: value }] of changes) {
    const known = meta.byProperty.get(property);
    const shown = known !== undefined && isSecret(known) ? masked : (each: unknown) => each;
    byProperty[property] = Object.freeze({ old: shown(old), new: shown(value) });
  }
  const isHidden = (property: string) => meta.byProperty.get(property)?.hidden === true;
  if (Object.keys(byProperty).some(isHidden)) {
    const open = Object.fromEntries(Object.entries(byProperty).filter(([property]) => !isHidden(property)));
    Object.defineProperty(byProperty, 'toJSON', { value: () => open });
  }
  return Object.freeze(byProperty) as PropertyChanges;
}

const masked = (value: unknown): unknown => (value === undefined || value === null ? value : MASK);
