import fc from 'fast-check';
import { checkFind, checkPages } from './check.js';
import { orders, requests } from './requests.js';
import { wheres } from './wheres.js';
import { World } from './world.js';

export interface FindsOptions {
  /** How many databases, each with rows and indexes of its own. */
  readonly worlds: number;
  /** How many finds in each. */
  readonly finds: number;
  readonly seed: number;
}

/** Random finds over random rows and random indexes answer what a scan of the same rows in memory does. */
export async function runFinds({ worlds, finds, seed }: FindsOptions): Promise<void> {
  let told = 0;
  for (let at = 0; at < worlds; at++) told += await runWorld(seed + at, finds);
  // Conditions that match all rows or none would show nothing.
  expect(told).toBeGreaterThan((worlds * finds) / 8);
}

async function runWorld(seed: number, finds: number): Promise<number> {
  const world = await World.open(seed);
  let told = 0;
  try {
    const where = wheres(world.indexedProperties, world.indexes.text);
    const find = fc.asyncProperty(where, requests, async (...asked) => {
      if (await checkFind(world, ...asked)) told++;
    });
    const size = fc.integer({ min: 1, max: 20 });
    const pages = fc.asyncProperty(where, fc.option(orders, { nil: undefined }), size, (...asked) =>
      checkPages(world, ...asked),
    );
    const assert = (property: typeof find | typeof pages, numRuns: number): Promise<void> =>
      fc.assert(property as typeof find, { seed, numRuns }).catch((error: unknown) => {
        throw explained(error, world, seed);
      });
    await assert(find, Math.ceil(finds / 2));
    await world.change(seed);
    await assert(find, Math.floor(finds / 2));
    await assert(pages, Math.ceil(finds / 8));
  } finally {
    await world.close();
  }
  return told;
}

/** Says what it takes to see it again. */
function explained(error: unknown, { indexes }: World, seed: number): Error {
  const names = [...indexes.declared, ...indexes.undeclared.map((each) => ({ ...each, undeclared: true }))];
  const message = error instanceof Error ? error.message : String(error);
  return new Error(
    `World ${seed} with the indexes ${JSON.stringify(names)}${indexes.text ? ' and full text' : ''}: ${message}`,
    { cause: error },
  );
}
