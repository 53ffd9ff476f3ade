import type { LifecycleEvent } from '../metadata/options.js';

export type LifecycleHook = LifecycleEvent | 'onInit';
export type AroundEvent = 'aroundCreate' | 'aroundUpdate' | 'aroundDelete' | 'aroundSave';
export type FlushPhase = 'beforeFlush' | 'onFlush' | 'afterFlush' | 'beforeCommit' | 'afterCommit' | 'afterRollback';
export type QueryPhase = 'beforeQuery' | 'afterQuery';
export type BulkPhase = 'beforeBulk' | 'afterBulk';
export type LiveHook = 'onLiveCreate' | 'onLiveUpdate' | 'onLiveDelete' | 'onLiveResync';

/** The names of all events, which are the names of a subscriber's methods. */
export type EventName = LifecycleHook | AroundEvent | FlushPhase | QueryPhase | BulkPhase | LiveHook;

/**
 * What becomes of an error that a hook throws:
 * - `veto`: it is thrown at once, and what the hook stands before does not happen
 * - `committed`: the data is there already; all hooks run, then an AfterCommitError is thrown
 * - `observer`: all hooks run; the error is reported and changes nothing
 */
export type HookPolicy = 'veto' | 'committed' | 'observer';

/** Every event with its policy; `ofEntity` ones reach only subscribers of that entity (or of all). */
export const EVENTS: Readonly<Record<EventName, { readonly policy: HookPolicy; readonly ofEntity: boolean }>> =
  Object.freeze({
    onInit: { policy: 'veto', ofEntity: true },
    onLoad: { policy: 'veto', ofEntity: true },
    beforeCreate: { policy: 'veto', ofEntity: true },
    beforeUpdate: { policy: 'veto', ofEntity: true },
    beforeDelete: { policy: 'veto', ofEntity: true },
    beforeSave: { policy: 'veto', ofEntity: true },
    aroundCreate: { policy: 'veto', ofEntity: true },
    aroundUpdate: { policy: 'veto', ofEntity: true },
    aroundDelete: { policy: 'veto', ofEntity: true },
    aroundSave: { policy: 'veto', ofEntity: true },
    afterCreate: { policy: 'committed', ofEntity: true },
    afterUpdate: { policy: 'committed', ofEntity: true },
    afterDelete: { policy: 'committed', ofEntity: true },
    afterSave: { policy: 'committed', ofEntity: true },
    beforeFlush: { policy: 'veto', ofEntity: false },
    onFlush: { policy: 'veto', ofEntity: false },
    afterFlush: { policy: 'committed', ofEntity: false },
    beforeCommit: { policy: 'veto', ofEntity: false },
    afterCommit: { policy: 'committed', ofEntity: false },
    afterRollback: { policy: 'observer', ofEntity: false },
    beforeQuery: { policy: 'veto', ofEntity: false },
    afterQuery: { policy: 'observer', ofEntity: false },
    beforeBulk: { policy: 'veto', ofEntity: true },
    afterBulk: { policy: 'committed', ofEntity: true },
    onLiveCreate: { policy: 'observer', ofEntity: true },
    onLiveUpdate: { policy: 'observer', ofEntity: true },
    onLiveDelete: { policy: 'observer', ofEntity: true },
    onLiveResync: { policy: 'observer', ofEntity: true },
  });

export const EVENT_NAMES = Object.freeze(Object.keys(EVENTS) as EventName[]);

export const LIVE_HOOKS = Object.freeze({
  create: 'onLiveCreate',
  update: 'onLiveUpdate',
  delete: 'onLiveDelete',
  resync: 'onLiveResync',
} as const);
