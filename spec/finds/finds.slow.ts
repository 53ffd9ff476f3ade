import { runFinds } from './run-finds.js';

describe('finds against a scan of the same rows, at length', () => {
  const worlds = Number(process.env['FINDS_WORLDS'] ?? 100);
  const finds = Number(process.env['FINDS_EACH'] ?? 50);
  const seed = Number(process.env['FINDS_SEED'] ?? Math.floor(Math.random() * 2 ** 30));

  it(`${worlds} worlds of ${finds} finds from seed ${seed}`, () => runFinds({ worlds, finds, seed }), 3_600_000);
});
