import { runChaos } from './run-chaos.js';

/** The short form; `npm run test:chaos` runs a thousand rounds. */
describe('a client whose network and server fail', () => {
  it('loses no write, doubles none, and its live list misses nothing', async () => {
    const tally = await runChaos({ rounds: 40, seed: 20_260_101, longStall: 250 });
    // The faults do hit.
    expect(tally.made).toBeGreaterThan(0);
    expect(tally['not made'] + tally.unknown).toBeGreaterThan(0);
  }, 120_000);
});
