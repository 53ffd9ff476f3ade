export type { HydrateRow, LiveRow } from './live-feed.js';
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
