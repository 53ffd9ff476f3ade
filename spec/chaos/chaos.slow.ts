import { OPERATIONS } from './operations.js';
import { inChaos, runChaos } from './run-chaos.js';
import { playLongStall } from './long-stall.js';

describe('a client whose network and server fail, at length', () => {
  const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 1_000);
  const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

  it(`${rounds} rounds from seed ${seed}`, async () => {
    const tally = await runChaos({ rounds, seed, longStall: 1_000 });
    process.stdout.write(`writes: ${JSON.stringify(tally)}\n`);
    expect(Math.min(tally.made, tally['not made'], tally.unknown)).toBeGreaterThan(0);
  }, 14_400_000);

  it.each(OPERATIONS)(
    'the socket killed at every step of: $name',
    async (operation) => {
      // A request and its answer at least.
      expect(await inChaos((game) => game.playEveryStep(operation))).toBeGreaterThanOrEqual(2);
    },
    3_600_000,
  );

  it('a stall of thirty seconds under everyday settings', playLongStall, 600_000);
});
