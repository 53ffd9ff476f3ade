import { Flight } from '../../../lib/driver/flight.js';
import { RequestPool } from '../../../lib/driver/request-pool.js';
import { ConnectionError, TimeoutError } from '../../../lib/errors/index.js';

const flight = () => new Flight({ timeout: 0, signal: undefined, name: 'the query' });

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
      pool.run(flight(), () => {
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
    const run = pool.run(flight(), long.work);
    const late = pool.run(flight(), () => Promise.resolve('never'));
    await expect(late).rejects.toThrow(TimeoutError);
    await expect(late).rejects.toMatchObject({
      outcome: 'not-sent',
      stats: { total: 1, active: 1, idle: 0, waiting: 1, timeouts: 1 },
    });
    await expect(late).rejects.toThrow('total 1, active 1, idle 0, waiting 1, timeouts 1');
    expect(pool.stats).toMatchObject({ active: 1, waiting: 0, timeouts: 1 });
    long.end();
    await run;
    expect(await pool.run(flight(), () => Promise.resolve('now'))).toBe('now');
  });

  it('are given back by what fails', async () => {
    const pool = new RequestPool({ size: 1 });
    await expect(pool.run(flight(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(pool.stats.active).toBe(0);
  });

  it('are no longer waited for by who has given up, or when the pool is closed', async () => {
    const pool = new RequestPool({ size: 1, acquire: 0 });
    const long = held();
    const run = pool.run(flight(), long.work);
    const given = flight();
    const impatient = pool.run(given, () => Promise.resolve('never'));
    const patient = pool.run(flight(), () => Promise.resolve('never'));
    expect(pool.stats.waiting).toBe(2);
    given.end(new Error('aborted'));
    await expect(impatient).rejects.toThrow();
    expect(pool.stats).toMatchObject({ active: 1, waiting: 1, timeouts: 0 });
    pool.close(new ConnectionError({ what: 'The connection is closed' }));
    await expect(patient).rejects.toThrow('The connection is closed');
    long.end();
    await run;
    expect(pool.stats).toMatchObject({ active: 0, waiting: 0 });
  });
});
