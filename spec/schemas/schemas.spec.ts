import { runSchemas } from './run-schemas.js';

describe('random pairs of schemas', () => {
  it.each([1, 2])('seed %i', (seed) => runSchemas({ runs: 15, seed }), 120_000);
});
