import fc from 'fast-check';
import { backend } from '../support/backends.js';
import { openOrm } from '../support/open-orm.js';
import { POPULATION } from './actions/create.js';
import { FLUSH } from './actions/flush.js';
import { commands } from './commands.js';
import { entities } from './entities.js';
import { World } from './world.js';

/** Random steps on the library and on the model side by side, on one engine whose tables are emptied before each run. */
export async function runModel(options: { readonly runs: number; readonly seed: number }): Promise<void> {
  const test = await openOrm(backend('embedded'), { entities });
  try {
    const property = fc.asyncProperty(commands, async (steps) => {
      const world = await World.open(test, [...POPULATION, FLUSH]);
      await fc.asyncModelRun(() => ({ model: world, real: world }), steps);
    });
    await fc.assert(property, { numRuns: options.runs, seed: options.seed, verbose: 0 });
  } finally {
    await test.close();
  }
}
