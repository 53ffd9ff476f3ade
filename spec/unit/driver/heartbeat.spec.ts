import { Heartbeat } from '../../../lib/driver/transport/heartbeat.js';

const TIMES = { interval: 20, timeout: 20 };
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function work(milliseconds: number): void {
  for (const start = Date.now(); Date.now() - start < milliseconds;);
}

describe('the heartbeat', () => {
  it('gives up a connection that stays silent', async () => {
    const dead = jest.fn();
    const heartbeat = new Heartbeat({ ...TIMES, ping: () => undefined, dead });
    await pause(150);
    expect(dead).toHaveBeenCalledTimes(1);
    heartbeat.stop();
  });

  it('does not take its own long work for the silence of the server', async () => {
    const dead = jest.fn();
    let pings = 0;
    const heartbeat: Heartbeat = new Heartbeat({
      ...TIMES,
      ping: () => {
        pings += 1;
        // The answer comes while this process is busy: it can be read only afterwards.
        setImmediate(() => {
          setImmediate(() => heartbeat.beat());
          work(100);
        });
      },
      dead,
    });
    await pause(400);
    heartbeat.stop();
    expect(pings).toBeGreaterThan(1);
    expect(dead).not.toHaveBeenCalled();
  });
});
