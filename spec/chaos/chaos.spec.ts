import { OPERATIONS } from './operations.js';
import { inChaos, runChaos } from './run-chaos.js';

/** The short form; `npm run test:chaos` runs a thousand rounds, and every step of every operation. */
describe('a client whose network and server fail', () => {
  it('loses no write, doubles none, and its live list misses nothing', async () => {
    const tally = await runChaos({ rounds: 12, seed: 20_260_101, longStall: 250 });
    // The faults do hit.
    expect(tally.made).toBeGreaterThan(0);
    expect(tally['not made'] + tally.unknown).toBeGreaterThan(0);
  }, 600_000);

  it('nor when its socket is killed at any step of a flush', async () => {
    const flush = OPERATIONS.find(({ name }) => name === 'flush') as (typeof OPERATIONS)[number];
    // What is read first, and the flush: a request and an answer each.
    expect(await inChaos((game) => game.playEveryStep(flush))).toBeGreaterThanOrEqual(4);
  }, 600_000);
});
