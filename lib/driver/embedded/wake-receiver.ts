import { Uuid } from '../../values/index.js';
import { decode, encode } from '../codec/index.js';
import { isObject } from '../fault-kind.js';
import type { AddonEngine } from './addon.js';

const TABLE = 'reverie_wake';

/**
 * Makes the engine send one last notification. Once an index has been built, an engine that is freed never ends the wait of
 * its receiver, and the waiting promise keeps the process alive. Killing a live query is what wakes it; the table it needs
 * is there for that moment only. Where there is no database yet, no index was built and nothing has to be done.
 */
export async function wakeReceiver(engine: AddonEngine): Promise<void> {
  const session = Uuid.v4();
  const call = async (method: string, params: readonly unknown[]): Promise<unknown> =>
    decode(await engine.execute(encode({ method, params, session })));
  const query = async (text: string, bindings: object = {}) => firstResult(await call('query', [text, bindings]));

  await call('attach', []);
  try {
    const namespace = firstName(await query('INFO FOR ROOT'), 'namespaces');
    if (namespace === undefined) return;
    await call('use', [namespace, null]);
    const database = firstName(await query('INFO FOR NS'), 'databases');
    if (database === undefined) return;
    await call('use', [namespace, database]);
    await query(`DEFINE TABLE IF NOT EXISTS ${TABLE}`);
    const live = await query(`LIVE SELECT * FROM ${TABLE}`);
    await query('KILL $live', { live });
    await query(`REMOVE TABLE IF EXISTS ${TABLE}`);
  } finally {
    await call('detach', []);
  }
}

function firstResult(answer: unknown): unknown {
  const [entry] = Array.isArray(answer) ? (answer as unknown[]) : [];
  return isObject(entry) ? entry['result'] : undefined;
}

function firstName(info: unknown, kind: string): string | undefined {
  const names = isObject(info) ? info[kind] : undefined;
  return isObject(names) ? Object.keys(names)[0] : undefined;
}
