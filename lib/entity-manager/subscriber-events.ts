import type * as base from '../subscribers/index.js';
import type { EntityManager } from './entity-manager.js';

/*
 * The events as applications see them: `event.em` is an EntityManager. The room of subscribers stands below the
 * EntityManager and leaves its type open.
 */
export type EntitySubscriber<T extends object = object> = base.EntitySubscriber<T, EntityManager>;

export type LoadEvent<T extends object = object> = base.LoadEvent<T, EntityManager>;
export type CreateEvent<T extends object = object> = base.CreateEvent<T, EntityManager>;
export type UpdateEvent<T extends object = object> = base.UpdateEvent<T, EntityManager>;
export type DeleteEvent<T extends object = object> = base.DeleteEvent<T, EntityManager>;
export type SaveEvent<T extends object = object> = base.SaveEvent<T, EntityManager>;
export type FlushEvent = base.FlushEvent<EntityManager>;
export type CommitEvent = base.CommitEvent<EntityManager>;
export type RollbackEvent = base.RollbackEvent<EntityManager>;
export type QueryEvent = base.QueryEvent<EntityManager>;
export type BulkEvent<T extends object = object> = base.BulkEvent<T, EntityManager>;
export type LiveEvent<T extends object = object> = base.LiveEvent<T, EntityManager>;
export type LiveResyncEvent<T extends object = object> = base.LiveResyncEvent<T, EntityManager>;
