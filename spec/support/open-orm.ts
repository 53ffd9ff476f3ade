import { Reverie, type LogEntry, type ReverieOptions } from '../../lib/index.js';
import type { Backend } from './backends.js';
import { entities } from './entities.js';

/** An ORM on a database of its own, and every request that it sends. */
export interface TestOrm {
  readonly orm: Reverie;
  /** Texts of the requests since the last `clear`, schema and live queries left out. */
  readonly sent: () => string[];
  readonly clear: () => void;
  readonly close: () => Promise<void>;
}

let databases = 0;

export async function openOrm(backend: Backend, options: Partial<ReverieOptions> = {}): Promise<TestOrm> {
  const store = await backend.open();
  const log: LogEntry[] = [];
  const orm = await Reverie.init({
    url: store.url,
    namespace: 'test',
    database: `db${++databases}`,
    entities,
    sync: 'safe',
    logger: (entry) => void log.push(entry),
    ...(store.auth !== undefined && { auth: store.auth }),
    ...options,
  });
  log.length = 0;
  return {
    orm,
    sent: () =>
      log
        .filter(({ purpose }) => purpose !== 'schema' && purpose !== 'live' && purpose !== 'system')
        .map(({ text }) => text),
    clear: () => void (log.length = 0),
    async close() {
      await orm.close();
      await store.close();
    },
  };
}
