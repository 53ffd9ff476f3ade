export type { HydrateRow, LiveRow } from './live-feed.js';
export {
  LiveStream,
  type LiveListeners,
  type LiveObserver,
  type LiveSource,
  type LiveStreamOptions,
  type LiveSubscription,
} from './live-stream.js';
export { openLiveStream, type OpenLiveOptions } from './open-live-stream.js';
export { openSubscriberStreams, type SubscriberStreams, type SubscriberStreamsOptions } from './subscriber-streams.js';
