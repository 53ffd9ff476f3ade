import { Field, Id, Table } from '../../lib/decorators/index.js';
import { connect } from '../../lib/driver/connect.js';
import { openLiveStream, type LiveRow } from '../../lib/live/index.js';
import { discover } from '../../lib/metadata/index.js';
import { startServer } from '../../lib/server/index.js';
import { binary, path, value } from '../../lib/surrealql/nodes/index.js';
import type { RecordId } from '../../lib/values/index.js';

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('int') size!: number;
}

const metadata = discover([Item]).get(Item);
const hydrate = (row: LiveRow) => row as unknown as Item;
const options = { namespace: 'test', database: 'test', auth: { username: 'root', password: 'root' } };

describe('live streams over a socket', () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeEach(async () => {
    server = await startServer({ url: 'mem://', port: 0, user: 'root', pass: 'root' });
  });
  afterEach(() => server.close());

  async function open(reconnect?: { readonly attempts: number }) {
    const driver = await connect(server.wsUrl, { ...options, ...(reconnect && { reconnect }) });
    const query = (text: string) => driver.execute({ text, bindings: {}, access: 'write', purpose: 'raw' });
    await query('DEFINE TABLE item');
    const stream = await openLiveStream({
      driver,
      metadata,
      hydrate,
      condition: binary(path('size'), '>', value(10)),
      diff: true,
    });
    return { driver, query, stream };
  }

  it('hear of what enters, changes and leaves', async () => {
    const { driver, query, stream } = await open();
    await query(
      'CREATE item:1 SET size = 20; CREATE item:2 SET size = 1; UPDATE item:1 SET size = 30; UPDATE item:1 SET size = 5',
    );
    const seen = [await stream.next(), await stream.next(), await stream.next()].map(({ value: change }) => change);
    expect(
      seen.map((change) => [change?.action, String(change?.id), change?.entity?.size, change?.changedFields]),
    ).toEqual([
      ['create', 'item:1', 20, ['size']],
      ['update', 'item:1', 30, ['size']],
      ['leave', 'item:1', 5, ['size']],
    ]);
    await stream.close();
    await driver.close();
  });

  it('end with a ConnectionError when the connection is lost for good', async () => {
    const { driver, stream } = await open({ attempts: 2 });
    const end = stream.next().catch((error: unknown) => error);
    await server.close();
    expect(await end).toMatchObject({ code: 'CONNECTION' });
    expect(stream.closed).toBe(true);
    await driver.close();
  });

  it('are a CapabilityError over http', async () => {
    const driver = await connect(server.httpUrl, options);
    await expect(openLiveStream({ driver, metadata, hydrate })).rejects.toMatchObject({ code: 'CAPABILITY' });
    await driver.close();
  });
});
