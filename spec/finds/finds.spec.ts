import { runFinds } from './run-finds.js';

describe('finds against a scan of the same rows', () => {
  it.each([1, 1001])('worlds from %i', (seed) => runFinds({ worlds: 6, finds: 25, seed }), 120_000);
});
