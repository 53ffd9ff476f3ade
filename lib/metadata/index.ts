export { discover } from './discovery.js';
export type * from './entity-metadata.js';
export type * from './options.js';
