import { openLiveStream, type LiveRow, type OpenLiveOptions } from '../../../lib/live/index.js';
import type { EntityMetadata } from '../../../lib/metadata/entity-metadata.js';
import { binary, path, value } from '../../../lib/surrealql/nodes/index.js';
import { RecordId } from '../../../lib/values/index.js';
import { FakeLiveDriver } from '../../support/fake-live-driver.js';

interface User {
  readonly id: unknown;
  readonly name?: string;
}

const column = (name: string, property: string) => [name, { property }] as const;
const metadata = {
  table: 'user',
  className: 'User',
  type: 'normal',
  properties: [],
  byColumn: new Map([column('name', 'name'), column('is_active', 'active')]),
} as unknown as EntityMetadata<User>;

const tick = () => new Promise((resolve) => setImmediate(resolve));
const hydrate = (row: LiveRow) => row as unknown as User;
const matching = binary(path('name'), '=', value('Ann'));

async function open(options: Partial<OpenLiveOptions<User>> = {}) {
  const driver = new FakeLiveDriver();
  const stream = await openLiveStream<User>({ driver, metadata, hydrate, ...options });
  return { driver, stream, channel: driver.channel };
}

describe('openLiveStream', () => {
  it('maps actions, and takes its own columns off the rows', async () => {
    const { channel, stream } = await open({ condition: matching });
    channel.send('CREATE', 'a', { name: 'Ann', __reverie_left: false });
    channel.send('UPDATE', 'a', { name: 'Ann', __reverie_left: false });
    channel.send('UPDATE', 'a', { name: 'Bob', __reverie_left: true });
    channel.send('DELETE', 'b', { name: 'Ann', __reverie_left: false });
    const seen = [];
    for (let i = 0; i < 4; i++) seen.push((await stream.next()).value);
    expect(seen.map((each) => [each?.action, String(each?.id), each?.entity])).toEqual([
      ['create', 'user:a', { id: seen[0]?.id, name: 'Ann' }],
      ['update', 'user:a', { id: seen[1]?.id, name: 'Ann' }],
      ['leave', 'user:a', { id: seen[2]?.id, name: 'Bob' }],
      ['delete', 'user:b', { id: seen[3]?.id, name: 'Ann' }],
    ]);
    expect(seen.map((each) => each?.changedFields)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('names changed properties, not columns, and none that it does not know', async () => {
    const { channel, stream } = await open({ diff: true });
    channel.send('UPDATE', 'a', { __reverie_changed: ['is_active', 'extra', 'name'] });
    channel.send('DELETE', 'a', { __reverie_changed: ['id', 'name'] });
    expect((await stream.next()).value?.changedFields).toEqual(['active', 'name']);
    expect((await stream.next()).value?.changedFields).toEqual([]);
  });

  it('keeps the order of events where making entities takes time', async () => {
    const finish: (() => void)[] = [];
    const { channel, stream } = await open({
      hydrate: (row, action) =>
        action === 'create' ? new Promise<User>((resolve) => finish.push(() => resolve(hydrate(row)))) : hydrate(row),
    });
    const seen: string[] = [];
    stream.on('create', ({ id }) => seen.push(`create ${String(id)}`));
    stream.on('update', ({ id }) => seen.push(`update ${String(id)}`));
    stream.on('error', (error) => seen.push((error as Error).message.slice(0, 14)));
    channel.send('CREATE', 'a');
    channel.send('UPDATE', 'b');
    channel.send('CREATE', 'c');
    channel.end('disconnected');
    await tick();
    expect(seen).toEqual([]);
    finish[0]?.();
    await tick();
    expect(seen).toEqual(['create user:a', 'update user:b']);
    finish[1]?.();
    await tick();
    expect(seen).toEqual(['create user:a', 'update user:b', 'create user:c', 'The connection']);
  });

  it('puts events in the order of their writes, and takes the time off the rows', async () => {
    const { channel, stream } = await open();
    channel.send('UPDATE', 'a', { name: 'new', __reverie_at: 2 });
    channel.send('CREATE', 'a', { name: 'old', __reverie_at: 1 });
    const seen = [await stream.next(), await stream.next()].map(({ value: each }) => each);
    expect(seen.map((each) => each?.action)).toEqual(['create', 'update']);
    expect(seen[1]?.entity).toEqual({ id: seen[1]?.id, name: 'new' });
  });

  it('gives on what is held before the end, and forgets it on close', async () => {
    const ended = await open();
    ended.channel.send('UPDATE', 'a', { __reverie_at: 2 });
    ended.channel.end('closed');
    expect((await ended.stream.next()).value?.action).toBe('update');
    expect((await ended.stream.next()).done).toBe(true);
    const closed = await open();
    closed.channel.send('UPDATE', 'a', { __reverie_at: 2 });
    await closed.stream.close();
    expect((await closed.stream.next()).done).toBe(true);
  });

  it('counts what waits for its entity into the buffer', async () => {
    const never = new Promise<User>(() => undefined);
    const { channel, stream } = await open({ buffer: 2, hydrate: () => never });
    for (const key of ['a', 'b', 'c']) channel.send('CREATE', key);
    await expect(stream.next()).rejects.toMatchObject({ reason: 'overflow' });
    expect(channel.closed).toBe(1);
  });

  it('gives up what waits for its entity where overflow asks for a resync', async () => {
    let finish = () => {};
    const { channel, stream } = await open({
      buffer: 2,
      overflow: 'resync',
      hydrate: (row) => new Promise<User>((resolve) => (finish = () => resolve(hydrate(row)))),
    });
    const seen: string[] = [];
    stream.subscribe(({ action, id }) => seen.push(`${action} ${String(id)}`));
    for (const key of ['a', 'b', 'c', 'd']) channel.send('CREATE', key);
    finish();
    await tick();
    finish();
    await tick();
    expect(seen).toEqual(['resync undefined', 'create user:d']);
  });

  it('ends with an error that says so when the server kills the query', async () => {
    const { channel, stream } = await open();
    channel.send('CREATE', 'a');
    channel.end('killed');
    expect((await stream.next()).value?.action).toBe('create');
    await expect(stream.next()).rejects.toMatchObject({
      code: 'LIVE',
      reason: 'killed',
      message: expect.stringMatching(/live query on user \(User\) was ended by the server: its table was removed/),
    });
  });

  it('ends with a ConnectionError when the connection is lost', async () => {
    const lost = new Error('socket hang up');
    const { channel, stream } = await open();
    channel.end('disconnected', lost);
    await expect(stream.next()).rejects.toMatchObject({
      code: 'CONNECTION',
      cause: lost,
      message: expect.stringContaining('live query on user'),
    });
  });

  it('ends without an error when the connection is closed on purpose', async () => {
    const { channel, stream } = await open();
    channel.end('closed');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('kills the query once when it is closed', async () => {
    const { channel, stream } = await open();
    await stream.close();
    await stream.close();
    expect(channel.closed).toBe(1);
  });

  it.each([
    [
      'hydrate throws',
      {
        hydrate: () => {
          throw new Error('bad row');
        },
      },
      { id: 1 },
      'bad row',
    ],
    ['hydrate rejects', { hydrate: () => Promise.reject(new Error('bad row')) }, { id: 1 }, 'bad row'],
    ['the server sends a scalar', {}, 5, 'the server sent no row'],
  ])('loses no event silently where %s', async (_, options, result, why) => {
    const { channel, stream } = await open(options);
    channel.sendRaw({ action: 'UPDATE', record: new RecordId('user', 1), result });
    await expect(stream.next()).rejects.toMatchObject({
      reason: 'row',
      message: expect.stringMatching(new RegExp(`could not be turned into an event: ${why}`)),
    });
  });

  it('is a CapabilityError over http, and nothing is sent', async () => {
    const driver = new FakeLiveDriver(false);
    await expect(openLiveStream({ driver, metadata, hydrate })).rejects.toMatchObject({
      code: 'CAPABILITY',
      message: expect.stringMatching(/User.*this one is http.*ws:\/\//s),
    });
    expect(driver.requests).toEqual([]);
  });

  it('is a CapabilityError for a view', async () => {
    const view = { ...metadata, type: 'view' } as EntityMetadata<User>;
    await expect(open({ metadata: view })).rejects.toMatchObject({ code: 'CAPABILITY' });
  });

  it('sends nothing where the signal is aborted or the buffer holds nothing', async () => {
    const reason = new Error('left the page');
    const driver = new FakeLiveDriver();
    await expect(openLiveStream({ driver, metadata, hydrate, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(openLiveStream({ driver, metadata, hydrate, buffer: 0 })).rejects.toMatchObject({
      code: 'VALIDATION',
    });
    expect(driver.requests).toEqual([]);
  });

  it.each([
    [{ reorder: Number.NaN }, '{ reorder: NaN }'],
    [{ reorder: Number.POSITIVE_INFINITY }, '{ reorder: Infinity }'],
    [{ reorder: -1 }, '{ reorder: -1 }'],
    [{ overflow: 'drop' as 'error' }, '{ overflow: drop }'],
  ])('refuses %p, which would hold events for ever or lose them, before anything is sent', async (option, said) => {
    const driver = new FakeLiveDriver();
    await expect(openLiveStream({ driver, metadata, hydrate, ...option })).rejects.toThrow(said);
    expect(driver.requests).toEqual([]);
  });

  it('kills the query where the signal is aborted while it is being registered', async () => {
    const controller = new AbortController();
    const driver = new FakeLiveDriver();
    driver.refuse = () => void controller.abort() as undefined;
    await expect(openLiveStream({ driver, metadata, hydrate, signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(driver.channel.closed).toBe(1);
  });
});
