import 'reflect-metadata';
import { runQueries } from './run-queries.js';

/** Seeds of any kind are for `npm run test:queries`. */
describe('random queries made from metadata', () => {
  it.each([1, 17])('from seed %i', (seed) => runQueries({ worlds: 1, queries: 200, seed }), 120_000);
});
