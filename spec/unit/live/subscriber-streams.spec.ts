import { openSubscriberStreams, type LiveRow } from '../../../lib/live/index.js';
import type { EntityMetadata } from '../../../lib/metadata/entity-metadata.js';
import { SubscriberDispatcher, type LiveEvent } from '../../../lib/subscribers/index.js';
import { Admin, User, eventRegistry } from '../../support/event-entities.js';
import { FakeLiveDriver } from '../../support/fake-live-driver.js';

const registry = eventRegistry();
const tick = () => new Promise((resolve) => setImmediate(resolve));

function open(subscribers: readonly object[], driver = new FakeLiveDriver()) {
  const reported: [unknown, string][] = [];
  let ems = 0;
  const streams = openSubscriberStreams({
    dispatcher: new SubscriberDispatcher<number>(registry, subscribers),
    registry,
    driver,
    hydrate: (metadata: EntityMetadata, row: LiveRow) => ({ class: metadata.className, name: row['name'] }),
    em: () => ++ems,
    report: (error, where) => reported.push([error, where]),
  });
  return { driver, streams, reported };
}

describe('openSubscriberStreams', () => {
  it('opens nothing where nobody listens', async () => {
    const { driver, streams } = open([{ afterCommit() {} }], new FakeLiveDriver(false));
    expect((await streams).size).toBe(0);
    expect(driver.requests).toEqual([]);
  });

  it('opens one stream for each subscriber and table', async () => {
    const { driver, streams } = open([{ onLiveCreate() {} }, { instance: { onLiveDelete() {} }, targets: [User] }]);
    expect((await streams).size).toBe(5);
    expect(driver.requests.map(({ text }) => text.split(' ').at(-1))).toEqual([
      'user',
      'admin',
      'order',
      'user',
      'admin',
    ]);
  });

  it('calls the hook of the action with a fresh em, one after the other', async () => {
    const events: LiveEvent<object, number>[] = [];
    const log: string[] = [];
    const subscriber = {
      async onLiveUpdate(event: LiveEvent<object, number>) {
        log.push('in');
        await tick();
        events.push(event);
        log.push('out');
      },
      onLiveDelete: (event: LiveEvent<object, number>) => void events.push(event),
    };
    const { driver, streams } = open([{ instance: subscriber, targets: [Admin] }]);
    await streams;
    driver.channel.send('CREATE', 'a', { name: 'unheard' });
    driver.channel.send('UPDATE', 'b', { name: 'Bob' });
    driver.channel.send('UPDATE', 'c', { name: 'Cid' });
    driver.channel.send('DELETE', 'b', { name: 'Bob' });
    for (let i = 0; i < 6; i++) await tick();
    expect(log).toEqual(['in', 'out', 'in', 'out']);
    expect(events.map(({ action, em, id, entity }) => [action, em, String(id), entity])).toEqual([
      ['update', 1, 'user:b', { class: 'Admin', name: 'Bob' }],
      ['update', 2, 'user:c', { class: 'Admin', name: 'Cid' }],
      ['delete', 3, 'user:b', { class: 'Admin', name: 'Bob' }],
    ]);
    expect(events[0]?.metadata).toBe(registry.get(Admin));
  });

  it('reports what a hook throws and goes on', async () => {
    class Watcher {
      heard = 0;
      onLiveCreate() {
        this.heard += 1;
        throw new Error('no');
      }
    }
    const watcher = new Watcher();
    const { driver, streams, reported } = open([{ instance: watcher, targets: [Admin] }]);
    await streams;
    driver.channel.send('CREATE', 'a');
    driver.channel.send('CREATE', 'b');
    await tick();
    expect(watcher.heard).toBe(2);
    expect(reported).toEqual([
      [new Error('no'), 'Watcher.onLiveCreate'],
      [new Error('no'), 'Watcher.onLiveCreate'],
    ]);
  });

  it('reports the end of a stream that nobody asked for', async () => {
    class Watcher {
      onLiveCreate() {}
    }
    const { driver, streams, reported } = open([{ instance: new Watcher(), targets: [Admin] }]);
    await streams;
    driver.channel.end('killed');
    await tick();
    expect(reported).toEqual([[expect.objectContaining({ reason: 'killed' }), 'the live stream of Watcher on admin']]);
  });

  it('closes all streams', async () => {
    const { driver, streams, reported } = open([{ onLiveCreate() {} }]);
    await (await streams).close();
    expect(driver.channels.map((each) => each.closed)).toEqual([1, 1, 1]);
    expect(reported).toEqual([]);
  });

  it('leaves none open where one is refused', async () => {
    const driver = new FakeLiveDriver();
    const error = new Error('The table does not exist');
    driver.refuse = ({ text }) => (text.includes('admin') ? error : undefined);
    await expect(open([{ onLiveCreate() {} }], driver).streams).rejects.toBe(error);
    expect(driver.channels.map((each) => each.closed)).toEqual([1, 1]);
  });

  it('names the subscriber where the connection knows no live queries', async () => {
    class Watcher {
      onLiveCreate() {}
    }
    const { streams } = open([new Watcher()], new FakeLiveDriver(false));
    await expect(streams).rejects.toMatchObject({
      code: 'CAPABILITY',
      message: expect.stringMatching(/Watcher listens.*User.*http/s),
    });
  });
});
