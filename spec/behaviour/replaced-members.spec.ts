import 'reflect-metadata';
import {
  Field,
  Id,
  In,
  Out,
  Relation,
  Table,
  ValidationError,
  surql,
  type EntityClass,
  type EntityManager,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';
import type { LoadedLinks } from '../../lib/types/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

/** One relation of every kind, owned and not. */
@Table({ name: 'shelf' })
class Shelf {
  @Id() id!: RecordId<'shelf'>;
  @Field('string', { default: '' }) name!: string;
  @Relation(() => Thing, { many: true }) column!: Links<Thing>;
  @Relation(() => Thing, { many: true, list: true }) list!: Links<Thing>;
  @Relation(() => Thing, { many: true, owns: true }) ownedColumn!: Links<Thing>;
  @Relation(() => Thing, { many: true, list: true, owns: true }) ownedList!: Links<Thing>;
  @Relation(() => Thing, { inverse: 'shelf' }) inverse!: Links<Thing>;
  @Relation(() => Part, { inverse: 'shelf', owns: true }) ownedInverse!: Links<Part>;
  @Relation(() => Thing, { inverse: 'shelves' }) inverseOfColumn!: Links<Thing>;
  @Relation(() => Thing, { edge: () => Holds }) edges!: Links<Thing, Holds>;
  @Relation(() => Thing, { edge: () => Owns, owns: true }) ownedEdges!: Links<Thing, Owns>;
}

@Table({ name: 'thing' })
class Thing {
  @Id() id!: RecordId<'thing'>;
  @Relation(() => Shelf, { optional: true }) shelf?: Link<Shelf>;
  @Relation(() => Shelf, { many: true }) shelves!: Links<Shelf>;
}

@Table({ name: 'part' })
class Part {
  @Id() id!: RecordId<'part'>;
  @Relation(() => Shelf) shelf!: Link<Shelf>;
}

@Table({ name: 'holds', type: 'relation', in: () => Shelf, out: () => Thing })
class Holds {
  @Id() id!: RecordId<'holds'>;
  @In() in!: Link<Shelf>;
  @Out() out!: Link<Thing>;
  @Field('option<int>') rank?: number;
}

@Table({ name: 'owns', type: 'relation', in: () => Shelf, out: () => Thing })
class Owns {
  @Id() id!: RecordId<'owns'>;
  @In() in!: Link<Shelf>;
  @Out() out!: Link<Thing>;
}

const TABLES = ['shelf', 'thing', 'part', 'holds', 'owns'];

/** `reads`: what goes has to be known, so the flush reads it where nobody has. `owns`: it goes for good. */
const KINDS = [
  { name: 'column', target: Thing, reads: false, owns: false },
  { name: 'list', target: Thing, reads: false, owns: false },
  { name: 'ownedColumn', target: Thing, reads: true, owns: true },
  { name: 'ownedList', target: Thing, reads: true, owns: true },
  { name: 'inverse', target: Thing, reads: true, owns: false },
  { name: 'ownedInverse', target: Part, reads: true, owns: true },
  { name: 'inverseOfColumn', target: Thing, reads: true, owns: false },
  { name: 'edges', target: Thing, reads: true, owns: false },
  { name: 'ownedEdges', target: Thing, reads: true, owns: true },
] as const;

type Members = LoadedLinks<Thing>;

describe.each(backends)('members that are replaced, on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Shelf, Thing, Part, Holds, Owns] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    em = test.orm.em.fork();
    for (const table of TABLES) await em.query(surql`DELETE ${surql.id(table)}`);
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const keysOf = (list: readonly { readonly id: { readonly key: unknown } }[]) => list.map(({ id }) => String(id.key));

  /** Whoever has not read it sees what is stored. */
  async function stored(name: string): Promise<string[]> {
    const shelf = await test.orm.em.fork().findOneOrFail(Shelf, 'a', { fetch: { [name]: true } as never });
    return keysOf((shelf as unknown as Record<string, Members>)[name]?.get() ?? []).sort();
  }

  async function records(entity: EntityClass<Thing>): Promise<string[]> {
    return keysOf(await test.orm.em.fork().find(entity)).sort();
  }

  const WAYS = {
    set: (shelf: Shelf, name: string, to: readonly unknown[]) =>
      (shelf as unknown as Record<string, Members>)[name]?.set(to as never),
    'em.assign': (shelf: Shelf, name: string, to: readonly unknown[]) => em.assign(shelf, { [name]: to } as never),
    assignment: (shelf: Shelf, name: string, to: readonly unknown[]) => Reflect.set(shelf, name, to),
  };
  /** All ways end in one; over a wire one is enough to show that the same is sent. */
  const ways = (Object.keys(WAYS) as (keyof typeof WAYS)[]).slice(backend.name === 'embedded' ? 0 : -1);
  const OWNERS = {
    read: () => em.findOneOrFail(Shelf, 'a'),
    'read in part': () => em.findOneOrFail(Shelf, 'a', { select: ['name'] }),
    'a reference': () => em.getReference(Shelf, 'a'),
    merged: () => em.merge(Object.assign(new Shelf(), { id: 'shelf:a' as never, name: '' })),
  };

  describe.each(KINDS)('$name', ({ name, target, reads, owns }) => {
    beforeEach(async () => {
      const setup = test.orm.em.fork();
      setup.create(Shelf, { id: 'a', [name]: [{ id: 'old' }, { id: 'stays' }] } as never);
      // A part is on one shelf or another.
      const data = target === Part ? { id: 'new', shelf: setup.create(Shelf, { id: 'z' } as never) } : { id: 'new' };
      setup.create(target as EntityClass<Thing>, data as never);
      await setup.flush();
      test.clear();
    });

    describe.each(Object.keys(OWNERS) as (keyof typeof OWNERS)[])('of an owner that is %s', (owner) => {
      it.each(ways)('by %s: these are all, and loaded', async (way) => {
        const shelf = (await OWNERS[owner]()) as Shelf & Record<string, unknown>;
        const [kept, fresh] = await em.findByIds(target as EntityClass<Thing>, ['stays', 'new']);
        WAYS[way](shelf, name, [fresh, kept]);
        if (way !== 'assignment')
          expect(keysOf((shelf[name] as unknown as Members).get()).sort()).toEqual(['new', 'stays']);
        test.clear();
        await em.flush();
        const isKnown = owner === 'read' && ['ownedColumn', 'ownedList'].includes(name);
        expect(test.sent()).toHaveLength(reads && !isKnown ? 2 : 1);
        expect(test.sent().filter((text) => text.startsWith('BEGIN'))).toHaveLength(1);
        const links = shelf[name] as unknown as Members;
        expect(links.isLoaded).toBe(true);
        expect(keysOf(links.get()).sort()).toEqual(['new', 'stays']);
        expect(links.get()).toEqual(expect.arrayContaining([kept, fresh]));
        expect(await stored(name)).toEqual(['new', 'stays']);
        expect(await records(target as EntityClass<Thing>)).toEqual(owns ? ['new', 'stays'] : ['new', 'old', 'stays']);
      });
    });

    it('by nothing: they are let go of', async () => {
      const shelf = em.getReference(Shelf, 'a') as Shelf & Record<string, unknown>;
      const links = shelf[name] as unknown as Members;
      links.clear();
      expect(links.get()).toEqual([]);
      await em.flush();
      expect(links.get()).toEqual([]);
      expect(await stored(name)).toEqual([]);
      expect(await records(target as EntityClass<Thing>)).toEqual(owns ? ['new'] : ['new', 'old', 'stays']);
    });

    it('in a transaction that fails: nothing has changed, and what was asked for still waits', async () => {
      const shelf = em.getReference(Shelf, 'a') as Shelf & Record<string, unknown>;
      const links = shelf[name] as unknown as Members;
      links.set([(await em.findOneOrFail(target as EntityClass<Thing>, 'new')) as never]);
      const veto = em.create(Shelf, { id: 'a2', name: 5 as never });
      await expect(em.flush()).rejects.toThrow(ValidationError);
      expect(await stored(name)).toEqual(['old', 'stays']);
      expect(keysOf(links.get())).toEqual(['new']);
      em.remove(veto);
      await em.flush();
      expect(await stored(name)).toEqual(['new']);
    });
  });

  it('an edge that stays keeps its data', async () => {
    const setup = test.orm.em.fork();
    const [a, old, stays] = [
      setup.create(Shelf, { id: 'a' } as never),
      ...['old', 'stays'].map((id) => setup.create(Thing, { id } as never)),
    ] as [Shelf, Thing, Thing];
    a.edges.add(old, { rank: 1 });
    a.edges.add(stays, { rank: 2 });
    await setup.flush();
    const shelf = await em.findOneOrFail(Shelf, 'a');
    shelf.edges.set(['stays', em.create(Thing, { id: 'new' } as never)]);
    await em.flush();
    const edges = await test.orm.em.fork().find(Holds, {}, { orderBy: { rank: 'desc' } });
    expect(edges.map(({ out, rank }) => [out.id.key, rank])).toEqual([
      ['stays', 2],
      ['new', undefined],
    ]);
  });

  it('given by ids they are known by those, and read by load', async () => {
    const setup = test.orm.em.fork();
    setup.create(Shelf, { id: 'a', column: [{ id: 'one' }, { id: 'two' }] } as never);
    await setup.flush();
    const shelf = em.getReference(Shelf, 'a');
    shelf.column.set(['thing:two']);
    expect([shelf.column.isLoaded, keysOf(shelf.column.ids.map((id) => ({ id })))]).toEqual([false, ['two']]);
    await em.flush();
    expect(shelf.column.isLoaded).toBe(false);
    expect(keysOf(await shelf.column.load())).toEqual(['two']);
  });

  it('what a member must have is not taken from it: an error says so, and nothing is lost', async () => {
    @Table({ name: 'rack' })
    class Rack {
      @Id() id!: RecordId<'rack'>;
      @Relation(() => Box, { inverse: 'rack' }) boxes!: Links<Box>;
    }
    @Table({ name: 'box' })
    class Box {
      @Id() id!: RecordId<'box'>;
      @Relation(() => Rack) rack!: Link<Rack>;
    }
    const other = await openOrm(backend, { entities: [Rack, Box] });
    const setup = other.orm.em.fork();
    const rack = setup.create(Rack, { id: 'a' });
    setup.create(Box, { id: 'b', rack });
    await setup.flush();
    const fork = other.orm.em.fork();
    const found = await fork.findOneOrFail(Rack, 'a');
    found.boxes.set([]);
    for (let round = 0; round < 2; round++) await expect(fork.flush()).rejects.toThrow(/Box\.rack/);
    expect((await other.orm.em.fork().findOneOrFail(Box, 'b')).rack.id.key).toBe('a');
    await other.close();
  });
});

describe.each(backends)('what two entities were given, on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Shelf, Thing, Part, Holds, Owns] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    for (const table of TABLES) await setup.query(surql`DELETE ${surql.id(table)}`);
    const [one, two] = ['one', 'two'].map((id) => setup.create(Shelf, { id } as never)) as [Shelf, Shelf];
    setup.create(Thing, { id: 'a', shelf: one, shelves: [one, two] } as never);
    setup.create(Thing, { id: 'b' } as never);
    await setup.flush();
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const both = async () => (await em.findByIds(Thing, ['a', 'b'])) as [Thing, Thing];

  it('a link is taken over by its target: moving it moves its owner alone', async () => {
    const [a, b] = await both();
    b.shelf = a.shelf as Link<Shelf>;
    a.shelf?.set('two');
    expect([a.shelf?.id.key, b.shelf?.id.key]).toEqual(['two', 'one']);
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect([a.shelf?.id.key, b.shelf?.id.key]).toEqual(['two', 'one']);
    const fresh = await test.orm.em.fork().findByIds(Thing, ['a', 'b']);
    expect(fresh.map((thing) => thing?.shelf?.id.key)).toEqual(['two', 'one']);
    b.shelf?.set('two');
    expect([a.shelf?.id.key, b.shelf?.id.key]).toEqual(['two', 'two']);
    await em.flush();
    a.shelf?.set('one');
    await em.flush();
    expect(b.shelf?.id.key).toBe('two');
  });

  it.each(['unloaded', 'loaded'] as const)(
    'members are taken over, %s; each has collections of its own',
    async (how) => {
      const [a, b] = await both();
      if (how === 'loaded') await a.shelves.load();
      const given = a.shelves;
      b.shelves = given;
      await em.flush();
      expect(b.shelves).not.toBe(given);
      expect(a.shelves).toBe(given);
      b.shelves.remove('one');
      await em.flush();
      expect([a, b].map(({ shelves }) => shelves.ids.map(({ key }) => key))).toEqual([['one', 'two'], ['two']]);
      em.assign(a, { shelves: b.shelves as never });
      b.shelves.set(a.shelves as never);
      await em.flush();
      const fresh = await test.orm.em.fork().findByIds(Thing, ['a', 'b']);
      expect(fresh.map((thing) => thing?.shelves.ids.map(({ key }) => key))).toEqual([['two'], ['two']]);
    },
  );

  it('members that nobody knows cannot be taken over: the error says how, and nothing is lost', async () => {
    const [one, two] = (await em.findByIds(Shelf, ['one', 'two'])) as [Shelf, Shelf];
    two.edges = one.edges;
    for (let round = 0; round < 2; round++) await expect(em.flush()).rejects.toThrow(/Shelf\.edges is not loaded/);
    expect(two.edges).toBe(one.edges);
    await one.edges.load();
    await em.flush();
    expect(two.edges).not.toBe(one.edges);
  });
});
