import { runModel } from './run-model.js';

describe('the unit of work against a plain model of it', () => {
  it.each([1, 2, 3, 77])('seed %i', (seed) => runModel({ runs: 40, seed }), 60_000);
});
