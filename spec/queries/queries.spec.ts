import 'reflect-metadata';
import { runQueries } from './run-queries.js';

describe('random queries made from metadata', () => {
  it('of a fixed seed', () => runQueries({ worlds: 1, queries: 200, seed: 1 }), 120_000);

  it('of any', () => runQueries({ worlds: 1, queries: 150, seed: Math.floor(Math.random() * 2 ** 30) }), 120_000);
});
