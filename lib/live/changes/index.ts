export { ChangeFeed, type ChangeFeedSettings, type FeedChange, type FeedEntry } from './change-feed.js';
export type { ChangesOptions } from './feed-options.js';
export { positionOf, timeOf } from './feed-position.js';
export { beforePatch, touchedBy } from './reverse-patch.js';
