import type { LiveNotification } from '../../../lib/driver/driver.js';
import { RoutedLiveChannel } from '../../../lib/driver/live-channel.js';
import { Line } from '../../../lib/driver/transport/line.js';
import { LiveError } from '../../../lib/errors/index.js';
import { RecordId, Uuid } from '../../../lib/values/index.js';

const LIMIT = 10_000;
const created = (n: number): LiveNotification => ({ action: 'CREATE', record: new RecordId('t', n), result: { n } });

function open() {
  const kill = jest.fn(() => Promise.resolve());
  const registered = { id: Uuid.v7(), line: Line.steady({}) };
  return { kill, channel: new RoutedLiveChannel(registered, { text: 'LIVE SELECT * FROM t', bindings: {} }, kill) };
}

describe('a channel that nobody listens to', () => {
  it('keeps what comes for the first listener', () => {
    const { channel, kill } = open();
    for (let n = 0; n < LIMIT; n += 1) channel.deliver(created(n));
    const seen: unknown[] = [];
    channel.on(({ result }) => seen.push((result as { n: number }).n));
    channel.deliver(created(LIMIT));
    expect(seen).toEqual(Array.from({ length: LIMIT + 1 }, (_, n) => n));
    expect(kill).not.toHaveBeenCalled();
  });

  it('ends, and says so, when more waits than is kept', async () => {
    const { channel, kill } = open();
    for (let n = 0; n <= LIMIT + 5; n += 1) channel.deliver(created(n));
    const heard: unknown[] = [];
    channel.on((notification) => heard.push(notification));
    const ends: unknown[] = [];
    channel.onEnd((reason, error) => ends.push(reason, error));
    expect(heard).toEqual([]);
    expect(ends).toEqual(['killed', expect.any(LiveError)]);
    expect(ends[1]).toMatchObject({ reason: 'overflow' });
    await channel.close();
    expect(kill).toHaveBeenCalledTimes(1);
  });
});
