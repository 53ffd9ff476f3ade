import 'reflect-metadata';
import { Field, Id, Relation, Table, surql, type EntityManager, type Link, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'harbour' })
class Harbour {
  @Id() id!: RecordId<'harbour'>;
  @Field('string') name!: string;
}

@Table({ name: 'ship' })
class Ship {
  @Id() id!: RecordId<'ship'>;
  @Relation(() => Harbour, { optional: true }) home?: Link<Harbour>;
}

describe.each(backends)('links that were set in a block that failed, on $name', (backend) => {
  const modes = backend.stateful ? (['deferred', 'interactive'] as const) : (['deferred'] as const);
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Harbour, Ship] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    em = test.orm.em.fork();
    await em.query(surql`DELETE harbour; DELETE ship`);
    for (const id of ['bergen', 'oslo']) em.create(Harbour, { id, name: id });
    em.create(Ship, { id: 'fram', home: 'bergen' } as never);
    await em.flush();
    em = test.orm.em.fork();
  });
  /** The invariant: what has been flushed is not flushed again. */
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  const storedHome = async () => (await test.orm.em.fork().findOneOrFail(Ship, 'fram')).home?.id.key;

  describe.each(modes)('%s', (mode) => {
    it('lead where they led before', async () => {
      const ship = await em.findOneOrFail(Ship, 'fram', { fetch: { home: true } });
      const home = ship.home as Link<Harbour>;
      await em
        .transaction(
          async (tx) => {
            tx.merge(ship);
            home.set('oslo');
            await tx.flush();
            throw new Error('changed my mind');
          },
          { mode },
        )
        .catch(() => undefined);
      expect([ship.home, home.id.key]).toEqual([home, 'bergen']);
      expect((home as unknown as { get(): Harbour }).get().name).toBe('bergen');
      expect(await storedHome()).toBe('bergen');
    });

    it('and what the outer block writes is what it knew before the nested one', async () => {
      await em.transaction(
        async (tx) => {
          const ship = await tx.findOneOrFail(Ship, 'fram');
          await tx
            .transaction(
              () => {
                ship.home?.set('oslo');
                return Promise.reject(new Error('changed my mind'));
              },
              { propagation: 'NESTED' },
            )
            .catch(() => undefined);
          expect(ship.home?.id.key).toBe('bergen');
        },
        { mode },
      );
      expect(await storedHome()).toBe('bergen');
    });
  });

  it('a change that waited before the block still waits after it has failed', async () => {
    const ship = await em.findOneOrFail(Ship, 'fram');
    ship.home?.set('oslo');
    await em
      .transaction((tx) => {
        tx.merge(ship);
        ship.home?.set('bergen');
        return Promise.reject(new Error('changed my mind'));
      })
      .catch(() => undefined);
    expect(ship.home?.id.key).toBe('oslo');
    await em.flush();
    expect(await storedHome()).toBe('oslo');
  });
});
