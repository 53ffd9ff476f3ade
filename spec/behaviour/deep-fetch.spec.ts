import { Decimal, fn, Point, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import {
  Book,
  KNOWS,
  Knows,
  Reader,
  READERS,
  readingEntities,
  Review,
  seedReading,
  Status,
  WORKS,
} from '../support/reading-entities.js';

interface Plan {
  readonly fetch?: { readonly knows: Plan };
}

/** Readers, whom they know, whom those know … */
function plan(depth: number): Plan {
  return depth === 0 ? {} : { fetch: { knows: plan(depth - 1) } };
}

describe.each(backends)('reads at the edge of what the server takes on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: readingEntities });
    await seedReading(test);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it.each([1, 3, 4, 6, 9])(
    'a plan of %i levels of edges is read, in more requests where it has to be',
    async (depth) => {
      const [ann] = await em.find(Reader, 'ann', plan(depth) as never);
      const requests = test.sent().length;
      if (depth <= 3) expect(requests).toBe(1);
      else expect(requests).toBeGreaterThan(1);
      test.clear();
      let layer = [ann as Reader];
      for (let level = 0; level < depth; level++) {
        const keys = layer.map(({ id }) => id.key);
        const next = layer.flatMap((reader) => [...(reader.knows as unknown as Iterable<Reader>)]);
        const known = [...new Set(next.map(({ id }) => id.key))].sort();
        const wanted = KNOWS.filter((edge) => keys.includes(edge.in)).map((edge) => edge.out);
        expect(known).toEqual([...new Set(wanted)].sort());
        layer = [...new Set(next)];
      }
      expect(test.sent()).toEqual([]);
    },
  );

  describe('deep plans of other reads', () => {
    const deep = plan(6) as { readonly fetch: never };
    /** The keys of each layer below some readers; nothing may be read for them. */
    const layersBelow = (readers: readonly unknown[], depth: number): unknown[][] => {
      const layers: unknown[][] = [];
      let layer = readers as readonly Reader[];
      for (let level = 0; level < depth; level++) {
        layer = [...new Set(layer.flatMap(({ knows }) => [...(knows as unknown as Iterable<Reader>)]))];
        // What nobody tracks is another instance in each batch.
        layers.push([...new Set(layer.map(({ id }) => id.key))].sort());
      }
      return layers;
    };
    const wantedBelow = (keys: readonly unknown[], depth: number): unknown[][] => {
      const layers: unknown[][] = [];
      let layer = keys;
      for (let level = 0; level < depth; level++) {
        const from = layer;
        layer = [...new Set(KNOWS.filter((edge) => from.includes(edge.in)).map((edge) => edge.out))].sort();
        layers.push([...layer]);
      }
      return layers;
    };
    const expectBelow = (readers: readonly unknown[], keys: readonly unknown[]): void => {
      test.clear();
      expect(layersBelow(readers, 6)).toEqual(wantedBelow(keys, 6));
      expect(test.sent()).toEqual([]);
    };

    it('a page', async () => {
      const page = await em.findPage(Reader, {}, { first: 2, orderBy: { name: 'desc' }, ...deep });
      expect(page.items.map(({ id }) => id.key)).toEqual(['eve', 'dan']);
      expect(test.sent().length).toBeGreaterThan(1);
      expectBelow(page.items, ['eve', 'dan']);
      const second = { last: 1, before: page.startCursor, orderBy: { name: 'desc' }, strategy: 'separate' } as const;
      const back = await em.findPage(Reader, {}, { ...second, fetch: { knows: true } });
      expect(back.items).toEqual([]);
      const next = await em.findPage(
        Reader,
        {},
        { first: 1, after: page.endCursor, orderBy: { name: 'desc' }, ...deep },
      );
      expectBelow(next.items, ['cleo']);
    });

    it('a stream, whose instances nobody tracks', async () => {
      const readers: unknown[] = [];
      for await (const reader of em.stream(Reader, {}, { batch: 2, ...deep })) readers.push(reader);
      expectBelow(
        readers,
        READERS.map(({ key }) => key),
      );
      expect(em.session.uow.states()).toEqual([]);
    });

    it('a walk', async () => {
      const met = await em.traverse<Reader>('reader:ann').out(Knows).to(Reader).repeat(1, 2).list(deep);
      expectBelow(
        met,
        met.map(({ id }) => id.key),
      );
    });
  });

  it('an index that would answer wrongly is not used, though it is named', async () => {
    const named = (columns: string) =>
      test.orm.metadata.get(Book).indexes.find((index) => index.columns.join() === columns)?.name as string;
    const found = await em.find(Book, { rank: { $gt: 5 } }, { useIndex: named('rank,lent') });
    expect(found.map(({ id }) => id.key).sort((a, b) => a - b)).toEqual(
      WORKS.filter(({ rank }) => rank > 5).map(({ key }) => key),
    );
    expect(test.sent()[0]).toContain('WITH NOINDEX');
    await em.find(Book, { rank: 7 }, { useIndex: named('rank') });
    expect(test.sent()[1]).toContain(`WITH INDEX ${named('rank')} `);
  });

  it('records without a place come first in the order of distances', async () => {
    const found = await em.find(Book, {}, { orderBy: { place: { distanceTo: new Point([0, 50]) } } });
    const places = found.map(({ place }) => place?.coordinates[0]);
    const nowhere = WORKS.filter(({ lon }) => lon === undefined).length;
    expect(places.slice(0, nowhere)).toEqual(Array(nowhere).fill(undefined));
    expect(places.slice(nowhere)).toEqual([...places.slice(nowhere)].sort((a, b) => Number(a) - Number(b)));
  });

  it('a function of the family value:: stands in a select', async () => {
    const rows = await em
      .select(Reader)
      .where('ann')
      .fields({ made: fn.value.diff({ a: 1 } as never, { a: 2 } as never), name: 'name' })
      .list();
    expect(rows).toEqual([{ made: [{ op: 'replace', path: '/a', value: 2 }], name: 'Ann' }]);
    expect(test.sent()[0]).toContain('SELECT (value::diff(');
  });

  it('rows that are new and ignored when they are there are counted, whatever is computed of them', async () => {
    const before = WORKS.length;
    const data = {
      title: 'New',
      rank: 1,
      price: new Decimal(1),
      lent: false,
      status: Status.Open,
      words: [],
      shelves: new Set<number>(),
      size: { pages: 1 },
      editions: [],
    };
    const tried = [1, 900, 901].map((id) => ({ ...data, id }));
    expect((await em.insert(Book, tried, { onConflict: 'ignore' })).inserted).toBe(2);
    expect(await em.count(Book)).toBe(before + 2);
    await em.deleteWhere(Book, { id: { $in: [900, 901] } });
  });

  it('to-many conditions behind a link that may be missing', async () => {
    const reviews = await em.find(Review, { by: { knows: { $size: 0 } } });
    const silent = ['eve'];
    expect(reviews.every(({ by }) => silent.includes(String(by.id.key)))).toBe(true);
    const readers = await em.find(Reader, { home: { name: 'Rome' }, books: { press: { city: { $exists: true } } } });
    expect(readers.length).toBeGreaterThan(0);
  });
});
