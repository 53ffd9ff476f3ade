import fc from 'fast-check';
import { aggregatesOf } from './aggregates.js';
import { selectsOf } from './builders.js';
import { readsOf } from './reads.js';
import type { Query } from './query.js';
import { World } from './world.js';

export interface QueriesOptions {
  /** How many databases, each with rows of its own. */
  readonly worlds: number;
  /** How many queries in each. */
  readonly queries: number;
  readonly seed: number;
}

/** Random queries made from metadata: each is understood, and what can be worked out in memory is answered alike. */
export async function runQueries({ worlds, queries, seed }: QueriesOptions): Promise<void> {
  let checked = 0;
  for (let at = 0; at < worlds; at++) checked += await runWorld(seed + at, queries);
  // What is only understood shows nothing of its answer.
  expect(checked).toBeGreaterThan((worlds * queries) / 4);
}

async function runWorld(seed: number, numRuns: number): Promise<number> {
  const world = await World.open(seed);
  let checked = 0;
  const property = fc.asyncProperty(queriesOf(world), async (query) => {
    if (await query.run(world)) checked++;
  });
  try {
    await fc.assert(property, { seed, numRuns });
  } catch (error) {
    throw new Error(`World ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await world.orm.close();
  }
  return checked;
}

/** Queries of all kinds over all entities. */
function queriesOf({ metas }: World): fc.Arbitrary<Query> {
  return fc.oneof(...metas.flatMap((meta) => [readsOf(meta), aggregatesOf(meta), selectsOf(meta)]));
}
