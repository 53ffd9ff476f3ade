import type { EntityClass } from '../metadata/entity-metadata.js';
import type {
  BulkEvent,
  CommitEvent,
  CreateEvent,
  DeleteEvent,
  EventManagerHandle,
  FlushEvent,
  LiveEvent,
  LiveResyncEvent,
  LoadEvent,
  QueryEvent,
  RollbackEvent,
  SaveEvent,
  UpdateEvent,
} from './events.js';

type Awaitable = void | Promise<unknown>;

/** Calls the rest: further around hooks, and in the end the request. To be called once, and awaited. */
export type Next = () => Promise<void>;

/**
 * Hears what happens to entities. All methods are optional, may be async and are awaited one after the other:
 * the lifecycle methods of the entity first, then subscribers in the order of registration.
 *
 * - `before*` run before the request of a flush is sent; what they change on entities goes with it. To throw is to veto.
 * - `around*` get `next`, and enclose the one request of the flush; the first subscriber is the outermost.
 * - `after*` and `afterCommit` run once the transaction has been committed. What they throw surfaces as an
 *   `AfterCommitError`: the data stays.
 * - `afterRollback` and `afterQuery` observe; what they throw is reported and changes nothing.
 * - `onLive*` hear of changes made by anybody, over a live query of their own; `onLiveResync` that some may have been missed, because
 *   the connection was lost and is back, or because more came than could be kept.
 *
 * ```ts
 * @Subscriber(User)
 * class AuditSubscriber implements EntitySubscriber<User> {
 *   beforeUpdate(event: UpdateEvent<User>) { if (event.changes.email !== undefined) event.entity.verified = false; }
 *   afterCommit(event: CommitEvent) { for (const { action, id } of event.changes) audit.write(action, String(id)); }
 *   async aroundSave(event: SaveEvent<User>, next: Next) {
 *     const start = performance.now();
 *     try { await next(); } finally { metrics.record(performance.now() - start); }
 *   }
 * }
 * ```
 */
export interface EntitySubscriber<T extends object = object, Em = EventManagerHandle> {
  /** An instance has just been made. Runs while entities are being built, so it cannot be async. */
  onInit?(event: LoadEvent<T, Em>): void;
  /** A find has read all of the entity, and is finished otherwise; once for each entity. */
  onLoad?(event: LoadEvent<T, Em>): Awaitable;

  beforeCreate?(event: CreateEvent<T, Em>): Awaitable;
  afterCreate?(event: CreateEvent<T, Em>): Awaitable;
  beforeUpdate?(event: UpdateEvent<T, Em>): Awaitable;
  afterUpdate?(event: UpdateEvent<T, Em>): Awaitable;
  beforeDelete?(event: DeleteEvent<T, Em>): Awaitable;
  afterDelete?(event: DeleteEvent<T, Em>): Awaitable;
  /** After `beforeCreate` or `beforeUpdate`. */
  beforeSave?(event: SaveEvent<T, Em>): Awaitable;
  /** After `afterCreate` or `afterUpdate`. */
  afterSave?(event: SaveEvent<T, Em>): Awaitable;

  aroundCreate?(event: CreateEvent<T, Em>, next: Next): Awaitable;
  aroundUpdate?(event: UpdateEvent<T, Em>, next: Next): Awaitable;
  aroundDelete?(event: DeleteEvent<T, Em>, next: Next): Awaitable;
  aroundSave?(event: SaveEvent<T, Em>, next: Next): Awaitable;

  /** Before changes are looked for: what is changed here is found. */
  beforeFlush?(event: FlushEvent<Em>): Awaitable;
  /** The changes are known, no other hook has run. */
  onFlush?(event: FlushEvent<Em>): Awaitable;
  /** The last hook of a flush that succeeded, of one without changes too. */
  afterFlush?(event: FlushEvent<Em>): Awaitable;
  /** The last hook before the request that commits. */
  beforeCommit?(event: CommitEvent<Em>): Awaitable;
  afterCommit?(event: CommitEvent<Em>): Awaitable;
  /** The flush or the transaction failed and left nothing behind. */
  afterRollback?(event: RollbackEvent<Em>): Awaitable;

  /** Each request, whatever it is for. */
  beforeQuery?(event: QueryEvent<Em>): Awaitable;
  afterQuery?(event: QueryEvent<Em>): Awaitable;
  beforeBulk?(event: BulkEvent<T, Em>): Awaitable;
  afterBulk?(event: BulkEvent<T, Em>): Awaitable;

  onLiveCreate?(event: LiveEvent<T, Em>): Awaitable;
  onLiveUpdate?(event: LiveEvent<T, Em>): Awaitable;
  onLiveDelete?(event: LiveEvent<T, Em>): Awaitable;
  onLiveResync?(event: LiveResyncEvent<T, Em>): Awaitable;
}

/** A class that `@Subscriber()` stands on; made without arguments. */
export type SubscriberClass = new () => object;

/** An instance together with the entities it is for, as dependency injection registers it. */
export interface SubscriberRegistration {
  readonly instance: object;
  /** None: every entity. A base class stands for its subclasses too. */
  readonly targets?: readonly EntityClass[];
}

export type SubscriberInput = SubscriberClass | SubscriberRegistration | object;
