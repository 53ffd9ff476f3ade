export type { HydrateRow, LiveRow } from './live-feed.js';
export { LiveManager, type LiveHandler, type LiveManagerOptions, type LiveOpener } from './live-manager.js';
export type { LiveOptions } from './live-options.js';
export { LiveStream } from './live-stream.js';
export type {
  LiveListeners,
  LiveObserver,
  LiveSource,
  LiveStreamOptions,
  LiveSubscription,
} from './live-stream-options.js';
export { openLiveStream, type OpenLiveOptions } from './open-live-stream.js';
export { openSubscriberStreams, type SubscriberStreams, type SubscriberStreamsOptions } from './subscriber-streams.js';
