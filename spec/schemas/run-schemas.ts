import fc from 'fast-check';
import { checkPair, type Outcome } from './check.js';
import { pairs, type Pair } from './recipes.js';

export interface SchemasOptions {
  readonly runs: number;
  readonly seed: number;
}

/** Pairs of schemas at random; a pair that fails is made as small as it can be. Answers how often each thing was seen. */
export async function runSchemas({ runs, seed }: SchemasOptions): Promise<ReadonlyMap<Outcome, number>> {
  const seen = new Map<Outcome, number>();
  const property = fc.asyncProperty(pairs, async (pair) => {
    const outcome = await checkPair(pair);
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  });
  const details = await fc.check(property, {
    seed,
    numRuns: runs,
    endOnFailure: process.env['SCHEMAS_SHRINK'] === '0',
  });
  if (details.failed) throw explained(details);
  return seen;
}

/** Says what it takes to see it again. */
function explained({ seed, counterexample, errorInstance }: fc.RunDetails<[Pair]>): Error {
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return new Error(`Seed ${seed}, the pair ${JSON.stringify(counterexample?.[0], said)}:\n${message}`, {
    cause: errorInstance,
  });
}

/** What is off or empty says nothing. */
function said(_key: string, value: unknown): unknown {
  return value === false || (Array.isArray(value) && value.length === 0) ? undefined : value;
}
