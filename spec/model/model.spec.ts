import { runModel } from './run-model.js';

describe('the unit of work against a plain model of it', () => {
  it.each([1, 2, 3])('seed %i', (seed) => runModel({ runs: 40, seed }), 60_000);

  it('any seed', () => runModel({ runs: 30, seed: Math.floor(Math.random() * 2 ** 31) }), 60_000);
});
