export type { ServerLimits } from './limits.js';
export { LocalServer } from './local-server.js';
export type { ServerOptions } from './server-options.js';
export { startServer, type RunningServer } from './start-server.js';
