import 'reflect-metadata';
import { runQueries } from './run-queries.js';

describe('random queries made from metadata, at length', () => {
  const worlds = Number(process.env['QUERIES_WORLDS'] ?? 10);
  const queries = Number(process.env['QUERIES_EACH'] ?? 500);
  const seed = Number(process.env['QUERIES_SEED'] ?? Math.floor(Math.random() * 2 ** 30));

  it(
    `${worlds} worlds of ${queries} queries from seed ${seed}`,
    () => runQueries({ worlds, queries, seed }),
    3_600_000,
  );
});
