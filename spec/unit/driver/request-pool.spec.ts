import { RequestPool } from '../../../lib/driver/request-pool.js';
import { TimeoutError } from '../../../lib/errors/index.js';

/** Work that ends when it is told to. */
function held() {
  let end: () => void = () => undefined;
  const work = new Promise<void>((resolve) => (end = resolve));
  return { work: () => work, end };
}

describe('places for requests', () => {
  it('are taken in turn, never more than there are', async () => {
    const pool = new RequestPool({ size: 2 });
    const parts = [held(), held(), held()];
    const started: number[] = [];
    const runs = parts.map(({ work }, at) =>
      pool.run(() => {
        started.push(at);
        return work();
      }),
    );
    expect(pool.stats).toEqual({ total: 2, active: 2, idle: 0, waiting: 1, timeouts: 0 });
    parts[1]?.end();
    await runs[1];
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2]);
    for (const { end } of parts) end();
    await Promise.all(runs);
    expect(pool.stats).toEqual({ total: 2, active: 0, idle: 2, waiting: 0, timeouts: 0 });
  });

  it('are waited for no longer than the deadline; the place is not lost by it', async () => {
    const pool = new RequestPool({ size: 1, acquire: 20 });
    const long = held();
    const run = pool.run(long.work);
    const late = pool.run(() => Promise.resolve('never'));
    await expect(late).rejects.toThrow(TimeoutError);
    await expect(late).rejects.toMatchObject({ outcome: 'not-sent' });
    expect(pool.stats).toMatchObject({ active: 1, waiting: 0, timeouts: 1 });
    long.end();
    await run;
    expect(await pool.run(() => Promise.resolve('now'))).toBe('now');
  });

  it('are given back by what fails', async () => {
    const pool = new RequestPool({ size: 1 });
    await expect(pool.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(pool.stats.active).toBe(0);
  });
});
