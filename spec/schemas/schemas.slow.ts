import { runSchemas } from './run-schemas.js';

describe('random pairs of schemas, at length', () => {
  const runs = Number(process.env['SCHEMAS_RUNS'] ?? 500);
  const seed = Number(process.env['SCHEMAS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

  it(`${runs} pairs from seed ${seed}`, async () => {
    const seen = await runSchemas({ runs, seed });
    // A run that never saw one of these would show little.
    expect([...seen.keys()].sort()).toEqual(expect.arrayContaining(['additive', 'forced', 'safe']));
  }, 3_600_000);
});
