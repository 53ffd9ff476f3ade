import type { FilterChoice } from '../query/index.js';
import type { Fetch } from '../types/index.js';
import type { OnLiveConflict } from './live-conflict.js';

/** How a live query is listened to, beside its where. */
export interface LiveOptions<T extends object = object, F = Fetch<T>> {
  /** Tells with each update which fields it changed. */
  readonly diff?: boolean;
  /**
   * Relations that each event's entity brings along, read when the event arrives; its own values are those of the event. A link
   * that leads elsewhere by then stays unloaded, and of a `delete` nothing is fetched.
   */
  readonly fetch?: F;
  /** Events that may wait for their reader; default 10,000. */
  readonly buffer?: number;
  /** What becomes of the event that finds them full: `error` (default) ends the stream, `resync` stands for those that waited. */
  readonly overflow?: 'error' | 'resync';
  /** Milliseconds for which an event is held, so that one that overtook another is put back in order; default 20, `0` for none. */
  readonly reorder?: number;
  /** As of a read. A record that is deleted softly stops matching: its event is `leave`. */
  readonly filters?: FilterChoice;
  /**
   * Events reach the EntityManager: a clean managed entity is refreshed, one with changes of its own is asked about by `onConflict`,
   * and records that it did not know are managed from then on, as after a find. The events carry the managed entities.
   */
  readonly managed?: boolean;
  /** Decides about a managed entity that has changes of its own; without it they stay. May be async. Needs `managed: true`. */
  readonly onConflict?: OnLiveConflict<T>;
  /** Ends the stream when it is aborted. */
  readonly signal?: AbortSignal;
}
