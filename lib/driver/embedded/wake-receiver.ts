import type { AddonEngine } from './addon.js';
import { inClosingSession } from './closing-session.js';

/** A place that no application uses; it is gone again before the engine is. */
const SCRATCH = 'reverie_closing';

/**
 * Makes the engine send one notification. A receiver that waits for one keeps the process alive, and freeing the engine does not
 * always end its wait: not while it remembers how an index was built. Removing a table that is being watched sends a notice.
 */
export function wakeReceiver(engine: AddonEngine): Promise<void> {
  return inClosingSession(engine, async (call) => {
    await call('use', SCRATCH, SCRATCH);
    await call('query', 'DEFINE TABLE watched; LIVE SELECT * FROM watched');
    await call('query', `REMOVE TABLE watched; REMOVE NAMESPACE ${SCRATCH}`);
  });
}
