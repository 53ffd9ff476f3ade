import type { LiveRecordChange } from '../subscribers/events.js';

/** A record changed in the database while the entity of this EntityManager has changes that are not written yet. */
export interface LiveConflict<T extends object = object> {
  /** The managed entity, with its changes. */
  readonly entity: T;
  /** What the database holds, as a plain instance; `null` when the record was deleted. */
  readonly theirs: T | null;
  readonly action: LiveRecordChange['action'];
}

/**
 * What becomes of the entity.
 * - `mine` (also undefined): it stays as it is; the next flush writes its changes, or fails if it is versioned
 * - `theirs`: its changes are dropped
 * - `merge`: it takes what it has not changed itself; its changes stay pending. Of a deleted record as `mine`.
 */
export type LiveResolution = 'mine' | 'theirs' | 'merge' | undefined | void;

export type OnLiveConflict<T extends object> = (conflict: LiveConflict<T>) => LiveResolution | Promise<LiveResolution>;
