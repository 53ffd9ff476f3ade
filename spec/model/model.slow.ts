import { runModel } from './run-model.js';

describe('the unit of work against a plain model of it, at length', () => {
  const runs = Number(process.env['MODEL_RUNS'] ?? 2_000);
  const seed = Number(process.env['MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

  it(`${runs} runs from seed ${seed}`, () => runModel({ runs, seed }), 3_600_000);
});
