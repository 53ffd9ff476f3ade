import { SyncTogether } from './support/sync-together.js';

const rounds = Number(process.env['SYNC_ROUNDS'] ?? 10);

test.each([2, 4, 8])(
  '%i processes that sync at once, time and again',
  async (count) => {
    const together = await SyncTogether.open();
    try {
      for (let round = 1; round <= rounds; round += 1) {
        const applied = await together.run(count);
        expect({ round, applied: applied.filter((steps) => steps > 0).length }).toEqual({ round, applied: 1 });
      }
    } finally {
      await together.close();
    }
  },
  3_600_000,
);
