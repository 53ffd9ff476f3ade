export type { HydrateRow, LiveRow } from './live-feed.js';
export type { LiveConflict, LiveResolution, OnLiveConflict } from './live-conflict.js';
export { LiveList, type LiveListChange } from './live-list.js';
export type { LiveListOptions } from './live-list-options.js';
export type { LiveListSource } from './live-list-source.js';
export { LiveManager, type LiveHandler, type LiveManagerOptions, type LiveOpener } from './live-manager.js';
export type { LiveOptions } from './live-options.js';
export { LiveStream } from './live-stream.js';
export { UnknownOrder, type ListEntry } from './sorted-window.js';
export type {
  LiveListeners,
  LiveObserver,
  LiveSource,
  LiveStreamOptions,
  LiveSubscription,
} from './live-stream-options.js';
export { openLiveStream, type OpenLiveOptions } from './open-live-stream.js';
export { OpenLists } from './open-lists.js';
export { openSubscriberStreams, type SubscriberStreams, type SubscriberStreamsOptions } from './subscriber-streams.js';
