export type { HookFailure } from './around.js';
export { SubscriberDispatcher, type AroundEntry, type DispatcherOptions } from './dispatcher.js';
export type {
  EntitySubscriber,
  Next,
  SubscriberClass,
  SubscriberInput,
  SubscriberRegistration,
} from './entity-subscriber.js';
export { EVENT_NAMES, LIVE_HOOKS, type AroundEvent, type EventName, type LiveHook } from './event-name.js';
export type * from './events.js';
export { FlushEvents, recordsOf, type FlushChange } from './flush-events.js';
export { reportError, type ErrorReporter } from './report-error.js';
export type { Subscription } from './subscription.js';
