import {
  CapabilityError,
  type EntitySubscriber,
  Field,
  Id,
  type LiveEvent,
  type LiveResyncEvent,
  type RecordId,
  Reverie,
  Subscriber,
  Table,
} from '../../lib/index.js';
import { eventually } from '../server/support/eventually.js';
import { backend, backends } from '../support/backends.js';
import { openOrm } from '../support/open-orm.js';
import { TcpProxy } from '../support/tcp-proxy.js';

@Table({ name: 'customer' })
class Customer {
  @Id() id!: RecordId<'customer'>;
  @Field('string') name!: string;
}

@Table({ name: 'visit', connection: 'analytics' })
class Visit {
  @Id() id!: RecordId<'visit'>;
  @Field('string') page!: string;
}

const entities = [Customer, Visit];
const heard: string[] = [];

@Subscriber()
class Watch implements EntitySubscriber {
  async onLiveCreate({ entity, metadata, em }: LiveEvent): Promise<void> {
    const there = await em.findOneOrFail(metadata.target, (entity as Customer | Visit).id as never);
    heard.push(`create ${metadata.className} ${JSON.stringify(Object.values(there)[1])}`);
  }
  onLiveDelete({ metadata }: LiveEvent): void {
    heard.push(`delete ${metadata.className}`);
  }
  onLiveResync({ action, metadata }: LiveResyncEvent): void {
    heard.push(`${action} ${metadata.className}`);
  }
}
const subscribers = [Watch];

beforeEach(() => void (heard.length = 0));

describe.each(backends)('onLive hooks for entities of a named connection on $name', (where) => {
  it('hear of the database that the entity is in, until its connection goes', async () => {
    const other = await where.open();
    const analytics = {
      url: other.url,
      namespace: 'test',
      database: 'analytics',
      sync: 'safe' as const,
      ...(other.auth && { auth: other.auth }),
    };
    if (!where.stateful) {
      const booting = Reverie.init({ ...analytics, entities: [Visit], connections: { analytics }, subscribers });
      await expect(booting).rejects.toThrow(CapabilityError);
      await expect(booting).rejects.toThrow(/Watch listens to live events of Visit/);
      return other.close();
    }
    const test = await openOrm(where, { entities, connections: { analytics }, subscribers });
    const em = test.orm.em.fork();
    const visit = em.create(Visit, { page: '/home' });
    await em.flush();
    await eventually(() => expect(heard).toEqual(['create Visit "/home"']));
    em.create(Customer, { name: 'Ann' });
    await em.flush();
    await eventually(() => expect(heard).toContain('create Customer "Ann"'));
    em.remove(visit);
    test.clear();
    await em.flush();
    await eventually(() => expect(heard).toContain('delete Visit'));
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    heard.length = 0;
    // Another connection of that name has streams of its own; the old ones ended with theirs.
    await test.orm.connections.add('analytics', { ...analytics, database: 'moved' });
    await test.orm.em.fork().insert(Visit, [{ page: '/moved' }]);
    await eventually(() => expect(heard).toEqual(['create Visit "/moved"']));
    await test.close();
    await other.close();
  });
});

it('hooks are told that events may have been missed, of the connection that was lost alone', async () => {
  const ws = backend('ws');
  const other = await ws.open();
  const proxy = await TcpProxy.start(Number(new URL(other.url).port));
  const analytics = {
    url: proxy.url,
    namespace: 'test',
    database: 'lost',
    sync: 'safe' as const,
    auth: other.auth as NonNullable<typeof other.auth>,
  };
  const test = await openOrm(ws, { entities, connections: { analytics }, subscribers });
  proxy.cut();
  await eventually(() => expect(heard).toEqual(['resync Visit']));
  await test.orm.em.fork().insert(Visit, [{ page: '/after' }]);
  await test.orm.em.fork().insert(Customer, [{ name: 'Bob' }]);
  await eventually(() =>
    expect(heard.sort()).toEqual(['create Customer "Bob"', 'create Visit "/after"', 'resync Visit']),
  );
  await test.close();
  await proxy.close();
  await other.close();
});
