import { RecordId } from '../../lib/values/index.js';
import { SyncTogether } from './support/sync-together.js';

test('two, four and eight processes that sync at once apply it once, and none fails', async () => {
  const together = await SyncTogether.open();
  try {
    for (const count of [2, 4, 8]) {
      const applied = await together.run(count);
      expect({ count, applied: applied.filter((steps) => steps > 0).length }).toEqual({ count, applied: 1 });
    }
  } finally {
    await together.close();
  }
}, 180_000);

test('two and four processes that rename a table at once copy it once, and none fails', async () => {
  const together = await SyncTogether.open();
  try {
    for (const count of [2, 4]) {
      expect({ count, found: await together.rename(count) }).toEqual({
        count,
        found: [[{ n: 200, sum: 20_100 }], [new RecordId('guest', 7)], [{ n: 200 }], [{ n: 200 }], 1],
      });
    }
  } finally {
    await together.close();
  }
}, 180_000);
