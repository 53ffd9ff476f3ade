import { defineConfig } from 'reverie-orm';

/** Copy to `ormconfig.ts` and hand it to `Reverie.init`: one place for what an application and its scripts connect to. */
export default defineConfig({
  // Embedded engine: mem://  surrealkv://path  rocksdb://path.  Server: ws://  wss://  http://  https://
  url: process.env['SURREAL_URL'] ?? 'ws://127.0.0.1:8000',
  namespace: 'app',
  database: 'app',
  // Or { token }, { access, variables }, or a function that resolves to one of these.
  auth: { username: process.env['SURREAL_USER'] ?? 'root', password: process.env['SURREAL_PASS'] ?? 'root' },

  // Classes or globs.
  entities: ['src/**/*.entity.ts'],
  subscribers: ['src/**/*.subscriber.ts'],

  // What happens to the schema at boot: 'off' | 'verify' | 'safe' | 'force'.
  sync: 'off',

  logging: ['query', 'slow'],
  slowQuery: 200, // milliseconds
  retry: { attempts: 5 },
  connect: { timeout: 5_000, attempts: 3 },
});
