import 'reflect-metadata';
import {
  Id,
  In,
  Out,
  Relation,
  SoftDelete,
  Table,
  surql,
  type EntityManager,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'choir' })
class Choir {
  @Id() id!: RecordId<'choir'>;
  @Relation(() => Singer, { many: true }) soloists!: Links<Singer>;
  @Relation(() => Singer, { many: true, list: true }) order!: Links<Singer>;
  @Relation(() => Singer, { inverse: 'choir' }) singers!: Links<Singer>;
  @Relation(() => Singer, { edge: () => Sings, direction: 'out' }) guests!: Links<Singer, Sings>;
}

@Table({ name: 'singer' })
class Singer {
  @Id() id!: RecordId<'singer'>;
  @Relation(() => Choir, { optional: true }) choir?: Link<Choir>;
  @SoftDelete() deletedAt?: Date;
}

@Table({ name: 'sings', type: 'relation', in: () => Choir, out: () => Singer })
class Sings {
  @Id() id!: RecordId<'sings'>;
  @In() in!: Link<Choir>;
  @Out() out!: Link<Singer>;
  @SoftDelete() deletedAt?: Date;
}

const PLACES = ['soloists', 'order', 'singers', 'guests'] as const;
const fetch = { soloists: true, order: true, singers: true, guests: true } as const;

describe.each(backends)('members that have come back, on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  let choir: Choir;
  let ann: Singer;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Choir, Singer, Sings] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    em = test.orm.em.fork();
    await em.query(surql`DELETE choir; DELETE singer; DELETE sings`);
    for (const id of ['ann', 'bob']) em.create(Singer, { id, choir: 'c' } as never);
    em.create(Choir, {
      id: 'c',
      soloists: ['ann', 'bob'],
      order: ['bob', 'ann', 'bob'],
      guests: ['ann', 'bob'],
    } as never);
    await em.flush();
    em = test.orm.em.fork();
    choir = await em.findOneOrFail(Choir, 'c', { fetch });
    ann = await em.findOneOrFail(Singer, 'ann');
  });
  /** The invariant: what has been flushed is not flushed again. */
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  function shown(of: Choir): string[][] {
    return PLACES.map((place) => {
      const keys = [...(of[place] as unknown as Iterable<Singer>)].map(({ id }) => String(id.key));
      return place === 'order' ? keys : keys.sort();
    });
  }
  const stored = async () => shown(await test.orm.em.fork().findOneOrFail(Choir, 'c', { fetch }));
  const BOTH = [
    ['ann', 'bob'],
    ['bob', 'ann', 'bob'],
    ['ann', 'bob'],
    ['ann', 'bob'],
  ];
  const BOB = [['bob'], ['bob', 'bob'], ['bob'], ['bob']];

  it('stand again in every collection that is loaded', async () => {
    em.remove(ann);
    await em.flush();
    expect([shown(choir), await stored()]).toEqual([BOB, BOB]);
    em.restore(ann);
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect([shown(choir), await stored()]).toEqual([BOTH, BOTH]);
  });

  it('an edge that has come back shows its ends, unless one of them is still away', async () => {
    const edge = choir.guests as unknown as { edges(): Sings[] };
    const toAnn = edge.edges().find(({ out }) => out.id.key === 'ann') as Sings;
    em.remove(ann);
    em.remove(toAnn);
    await em.flush();
    em.restore(toAnn);
    await em.flush();
    expect([shown(choir), await stored()]).toEqual([BOB, BOB]);
    em.restore(ann);
    await em.flush();
    expect([shown(choir), await stored()]).toEqual([BOTH, BOTH]);
  });

  it('not where the block that brought them back has failed', async () => {
    em.remove(ann);
    await em.flush();
    await em
      .transaction(async (tx) => {
        tx.merge(choir);
        tx.restore(tx.merge(ann));
        await tx.flush();
        throw new Error('changed my mind');
      })
      .catch(() => undefined);
    expect([shown(choir), await stored()]).toEqual([BOB, BOB]);
  });
});
