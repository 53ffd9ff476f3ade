import { runChaos } from './run-chaos.js';

describe('a client whose network and server fail, at length', () => {
  const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 1_000);
  const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

  it(`${rounds} rounds from seed ${seed}`, async () => {
    const tally = await runChaos({ rounds, seed, longStall: 1_000 });
    process.stdout.write(`writes: ${JSON.stringify(tally)}\n`);
    expect(Math.min(tally.made, tally['not made'], tally.unknown)).toBeGreaterThan(0);
  }, 3_600_000);
});
