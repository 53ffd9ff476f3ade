import { Uuid } from '../../values/index.js';
import { decode, encode } from '../codec/index.js';
import type { AddonEngine } from './addon.js';

/** A place that no application uses; it is gone again before the engine is. */
const SCRATCH = 'reverie_closing';

/**
 * Makes the engine send one notification. A receiver that waits for one keeps the process alive, and freeing the engine does not
 * always end its wait: not once an index has been defined. Removing a table that is being watched sends a notice.
 */
export async function wakeReceiver(engine: AddonEngine): Promise<void> {
  const session = Uuid.v4();
  const call = async (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    decode(await engine.execute(encode({ method, params, session })));
  await call('attach');
  await call('use', SCRATCH, SCRATCH);
  await call('query', 'DEFINE TABLE watched; LIVE SELECT * FROM watched');
  await call('query', `REMOVE TABLE watched; REMOVE NAMESPACE ${SCRATCH}`);
  await call('detach');
}
