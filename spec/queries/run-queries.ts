import fc from '../support/property';
import { ValidationError } from '../../lib/index.js';
import type { EntityMetadata } from '../../lib/metadata/entity-metadata.js';
import { aggregatesOf } from './aggregates.js';
import { selectsOf } from './builders.js';
import { readsOf } from './reads.js';
import type { Query } from './query.js';
import { functionsOf, searchesOf } from './searches.js';
import { walksOf } from './walks.js';
import { World } from './world.js';
import { writesOf } from './writes.js';

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
    const isChecked = await query.run(world).catch(refusedAsTooDeep);
    if (isChecked) checked++;
  });
  try {
    await fc.assert(property, { seed, numRuns, endOnFailure: process.env['QUERIES_SHRINK'] === 'no' });
  } catch (error) {
    throw new Error(`World ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await world.orm.close();
  }
  return checked;
}

/** What the server's parser could not read is refused before it is sent. */
function refusedAsTooDeep(error: unknown): false {
  if (error instanceof ValidationError && error.errors.some(({ rule }) => rule === 'nesting')) return false;
  throw error;
}

/** Not a view, nor what one is made of. */
const isWritten = ({ readOnly, table }: EntityMetadata): boolean => !readOnly && table !== 'town';

/** Queries of all kinds over all entities. */
function queriesOf({ metas }: World): fc.Arbitrary<Query> {
  return fc.oneof(
    ...metas.flatMap((meta) => {
      const own = [searchesOf(meta), walksOf(meta, metas), isWritten(meta) ? writesOf(meta) : undefined];
      return [
        readsOf(meta),
        aggregatesOf(meta),
        selectsOf(meta),
        functionsOf(meta),
        ...own.flatMap((each) => each ?? []),
      ];
    }),
  );
}
