import type { Purpose } from '../driver/driver.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type { EventName } from './event-name.js';

/**
 * The entity manager, as far as this room knows it. The events are generic over it, so that the rooms above can say
 * what it really is: `CreateEvent<User, EntityManager>`.
 */
export type EventManagerHandle = object;

/** One property that a write changes. */
export interface PropertyChange<V = unknown> {
  readonly old: V | undefined;
  readonly new: V | undefined;
}

/** By property; frozen. */
export type PropertyChanges<T extends object = object> = {
  readonly [K in keyof T & string]?: PropertyChange<T[K]>;
};

interface ManagerEvent<Em> {
  /** Of the flush, transaction or find that the event belongs to. Its `flush()` must not be called from a hook. */
  readonly em: Em;
}

interface EntityEvent<T extends object, Em> extends ManagerEvent<Em> {
  readonly entity: T;
  readonly id: RecordId;
  readonly metadata: EntityMetadata<T>;
}

/** `onInit`: the instance has just been made, by `create` or for a row; `onLoad`: it holds all of a row that a find read. */
export interface LoadEvent<T extends object = object, Em = EventManagerHandle> extends ManagerEvent<Em> {
  readonly entity: T;
  readonly metadata: EntityMetadata<T>;
}

export interface CreateEvent<T extends object = object, Em = EventManagerHandle> extends EntityEvent<T, Em> {
  readonly action: 'create';
  /** Every property that is given a value. */
  readonly changes: PropertyChanges<T>;
}

export interface UpdateEvent<T extends object = object, Em = EventManagerHandle> extends EntityEvent<T, Em> {
  readonly action: 'update';
  readonly changes: PropertyChanges<T>;
}

export interface DeleteEvent<T extends object = object, Em = EventManagerHandle> extends EntityEvent<T, Em> {
  readonly action: 'delete';
  /** Empty. */
  readonly changes: PropertyChanges<T>;
}

/** A create or an update. */
export type SaveEvent<T extends object = object, Em = EventManagerHandle> = CreateEvent<T, Em> | UpdateEvent<T, Em>;

/** One write of a flush, as the list of `onFlush`, `beforeCommit`, `afterCommit` and `afterRollback` shows it; frozen. */
export interface ChangeRecord<T extends object = object> {
  readonly action: 'create' | 'update' | 'delete';
  readonly entity: T;
  readonly id: RecordId;
  readonly metadata: EntityMetadata<T>;
  readonly changes: PropertyChanges<T>;
}

export interface FlushEvent<Em = EventManagerHandle> extends ManagerEvent<Em> {
  /** In commit order; empty in `beforeFlush`, which runs before changes are looked for. */
  readonly changes: readonly ChangeRecord[];
}

export interface CommitEvent<Em = EventManagerHandle> extends ManagerEvent<Em> {
  /** Everything that the transaction writes or has written, in commit order; frozen. */
  readonly changes: readonly ChangeRecord[];
}

export interface RollbackEvent<Em = EventManagerHandle> extends ManagerEvent<Em> {
  /** What the flush or the transaction fails with. */
  readonly error: unknown;
  /** What was to be written; none of it was kept. */
  readonly changes: readonly ChangeRecord[];
}

/** One request. */
export interface QueryEvent<Em = EventManagerHandle> extends ManagerEvent<Em | undefined> {
  readonly text: string;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly purpose: Purpose;
  /** Milliseconds from sending to the answer; `afterQuery` only. */
  readonly duration?: number;
  /** What the request failed with; `afterQuery` only. */
  readonly error?: unknown;
}

/** A set-based write, which fires no events of single entities. */
export interface BulkEvent<T extends object = object, Em = EventManagerHandle> extends ManagerEvent<Em> {
  readonly action: 'insert' | 'upsert' | 'update' | 'delete';
  readonly metadata: EntityMetadata<T>;
  /** The where as the caller gave it; for `insert` and `upsert` the rows. */
  readonly criteria: unknown;
  /** What an update sets. */
  readonly data?: unknown;
  /** How many records were written; `afterBulk` only. */
  readonly count?: number;
}

/**
 * One event of a live query. The entity is a plain instance that no entity manager knows.
 * - `leave`: the record stopped matching the condition of the stream; `entity` is what it has become
 * - `delete`: `entity` is what the record was
 * - `resync`: events may have been missed: read again what you keep
 */
export type LiveChange<T extends object = object> = LiveRecordChange<T> | LiveResync;

export interface LiveRecordChange<T extends object = object> {
  readonly action: 'create' | 'update' | 'delete' | 'leave';
  readonly id: RecordId;
  readonly entity: T;
  /** The stored properties that the write changed, of a stream opened with `diff` (else undefined); empty for `delete`. */
  readonly changedFields: readonly (keyof T & string)[] | undefined;
}

export interface LiveResync {
  readonly action: 'resync';
  readonly id: undefined;
  readonly entity: undefined;
  readonly changedFields: undefined;
}

/** What `onLiveCreate`, `onLiveUpdate` and `onLiveDelete` get. */
export interface LiveEvent<T extends object = object, Em = EventManagerHandle> extends ManagerEvent<Em> {
  readonly action: 'create' | 'update' | 'delete';
  readonly id: RecordId;
  readonly entity: T;
  readonly changedFields: readonly (keyof T & string)[] | undefined;
  readonly metadata: EntityMetadata<T>;
}

/** What `onLiveResync` gets: events of this entity may have been missed. */
export interface LiveResyncEvent<T extends object = object, Em = EventManagerHandle> extends ManagerEvent<Em> {
  readonly action: 'resync';
  readonly metadata: EntityMetadata<T>;
}

/** Which event carries what. */
export interface EventPayloads<T extends object = object, Em = EventManagerHandle> {
  onInit: LoadEvent<T, Em>;
  onLoad: LoadEvent<T, Em>;
  beforeCreate: CreateEvent<T, Em>;
  afterCreate: CreateEvent<T, Em>;
  aroundCreate: CreateEvent<T, Em>;
  beforeUpdate: UpdateEvent<T, Em>;
  afterUpdate: UpdateEvent<T, Em>;
  aroundUpdate: UpdateEvent<T, Em>;
  beforeDelete: DeleteEvent<T, Em>;
  afterDelete: DeleteEvent<T, Em>;
  aroundDelete: DeleteEvent<T, Em>;
  beforeSave: SaveEvent<T, Em>;
  afterSave: SaveEvent<T, Em>;
  aroundSave: SaveEvent<T, Em>;
  beforeFlush: FlushEvent<Em>;
  onFlush: FlushEvent<Em>;
  afterFlush: FlushEvent<Em>;
  beforeCommit: CommitEvent<Em>;
  afterCommit: CommitEvent<Em>;
  afterRollback: RollbackEvent<Em>;
  beforeQuery: QueryEvent<Em>;
  afterQuery: QueryEvent<Em>;
  beforeBulk: BulkEvent<T, Em>;
  afterBulk: BulkEvent<T, Em>;
  onLiveCreate: LiveEvent<T, Em>;
  onLiveUpdate: LiveEvent<T, Em>;
  onLiveDelete: LiveEvent<T, Em>;
  onLiveResync: LiveResyncEvent<T, Em>;
}

/** The payload of one event. */
export type EventOf<E extends EventName, Em = EventManagerHandle> = EventPayloads<object, Em>[E];
