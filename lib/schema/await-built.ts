import { pause } from '../driver/timers.js';
import { QueryError } from '../errors/index.js';
import { info } from '../surrealql/nodes/statements.js';
import { valueOf, type SchemaConnection } from './requests.js';
import type { WantedSchema } from './wanted.js';

/** Milliseconds between two looks, at first and at most. */
const FIRST = 10;
const LONGEST = 500;

/**
 * Waits until indexes that are built beside other writers are ready: until then reads by them miss records. It may be another
 * process that has them built.
 *
 * @throws QueryError for one that could not be built
 */
export async function awaitBuilt(connection: SchemaConnection, wanted: WantedSchema): Promise<void> {
  for (const { name: table, indexes } of wanted.tables) {
    for (const { name, concurrently } of indexes) if (concurrently === true) await built(connection, table, name);
  }
}

async function built(connection: SchemaConnection, table: string, index: string): Promise<void> {
  for (let wait = FIRST; ; wait = Math.min(LONGEST, wait * 2)) {
    const results = await connection.run([info({ index, table })], 'read');
    const { building } = valueOf(results, -1) as {
      readonly building?: { readonly status?: string; readonly error?: string };
    };
    const status = building?.status;
    if (status === undefined || status === 'ready') return;
    if (status === 'error' || status === 'aborted') throw notBuilt(table, index, building?.error ?? status);
    await pause(wait);
  }
}

function notBuilt(table: string, index: string, why: string): QueryError {
  return new QueryError({
    what: `The index ${index} of ${table} was not built`,
    why,
    fix: 'correct the records, remove the index, and sync again',
  });
}
