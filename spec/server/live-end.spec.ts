import { Field, Id, LiveError, Reverie, Table, surql, type RecordId } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { Uuid } from '../../lib/values/index.js';
import { eventually, pause } from './support/eventually.js';
import { freshId, RpcSocket } from './support/rpc-socket.js';

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('int') size!: number;
}

describe('a live query that the server ends', () => {
  let server: RunningServer;
  let client: RpcSocket;
  let other: RpcSocket;
  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    [client, other] = await Promise.all([RpcSocket.root(server.wsUrl), RpcSocket.root(server.wsUrl)]);
    await client.query('DEFINE TABLE t; DEFINE TABLE u');
  });
  afterEach(async () => {
    await client.query('REMOVE TABLE IF EXISTS t; REMOVE TABLE IF EXISTS u');
    await Promise.all([client.end(), other.end()]);
  });

  const ends = (socket: RpcSocket) =>
    socket.notifications.filter(({ action }) => action === 'KILLED').map(({ id }) => String(id));

  it('is told to its own connection, and to no other', async () => {
    const mine = String(await client.ok('live', ['t']));
    const theirs = String((await other.query('LIVE SELECT * FROM u'))[0]);
    await other.query('CREATE t; REMOVE TABLE t');
    await eventually(() => expect(client.notifications).toHaveLength(2));
    // The engine may deliver the events of separate statements in another order.
    const byAction = [...client.notifications].sort((a, b) => String(a.action).localeCompare(String(b.action)));
    expect(byAction).toMatchObject([{ action: 'CREATE' }, { action: 'KILLED', session: undefined }]);
    expect(ends(client)).toEqual([mine]);
    await client.query('REMOVE TABLE u');
    await eventually(() => expect(ends(other)).toEqual([theirs]));
    await pause(50);
    expect([ends(client), ends(other)]).toEqual([[mine], [theirs]]);
  });

  it('may have been killed from another connection, or among several of one query', async () => {
    const [first, , second] = (await client.query('LIVE SELECT * FROM t; RETURN 1; LIVE SELECT * FROM u')).map(String);
    const [{ lives }] = (await other.query('INFO FOR TABLE u')) as [{ lives: object }];
    expect(Object.keys(lives)).toEqual([second]);
    await other.query('KILL $id', { id: Uuid.parse(second as string) });
    await eventually(() => expect(ends(client)).toEqual([second]));
    await client.query('REMOVE TABLE t');
    await eventually(() => expect(ends(client)).toEqual([second, first]));
  });

  it('may end before its LIVE is answered', async () => {
    const [id] = await client.query('LIVE SELECT * FROM t; REMOVE TABLE t; SLEEP 50ms');
    await eventually(() => expect(ends(client)).toEqual([String(id)]));
    expect(client.arrivals.at(-1)?.result).toMatchObject({ action: 'KILLED' });
  });

  it('of an attached session carries its uuid outside, as its other notifications do', async () => {
    const session = freshId();
    await client.ok('attach', [], { session });
    await client.ok('signin', [{ user: 'root', pass: 'root' }], { session });
    await client.ok('use', ['test', 'test'], { session });
    const id = await client.ok('live', ['t'], { session });
    await other.query('REMOVE TABLE t');
    await eventually(() => expect(client.notifications).toMatchObject([{ outer: session, action: 'KILLED', id }]));
  });

  it('is not told when its connection or session is gone', async () => {
    const session = freshId();
    await client.ok('attach', [], { session });
    await client.ok('signin', [{ user: 'root', pass: 'root' }], { session });
    await client.ok('use', ['test', 'test'], { session });
    await client.ok('live', ['t'], { session });
    await client.ok('detach', [], { session });
    await other.query('REMOVE TABLE t');
    await pause(50);
    expect(client.notifications).toEqual([]);
  });

  it('ends the stream of a client with a LiveError', async () => {
    const orm = await Reverie.init({
      url: server.wsUrl,
      namespace: 'test',
      database: 'orm',
      auth: { username: 'root', password: 'root' },
      entities: [Item],
      sync: 'safe',
    });
    const em = orm.em.fork();
    const stream = await em.live(Item);
    em.create(Item, { size: 1 });
    await em.flush();
    await em.query(surql`REMOVE TABLE item`);
    expect((await stream.next()).value).toMatchObject({ action: 'create' });
    const error: unknown = await stream.next().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(LiveError);
    expect(error).toMatchObject({ reason: 'killed' });
    expect(stream.closed).toBe(true);
    await orm.close();
  });
});
