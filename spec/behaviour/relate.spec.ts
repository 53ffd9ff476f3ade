import {
  EntityNotFoundError,
  NotUniqueResultError,
  RecordId,
  UniqueConstraintError,
  ValidationError,
  link,
  surql,
  type BulkEvent,
  type EntityManager,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Likes, Married, Person, Rated, Song, graphEntities } from '../support/graph-entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

const person = (key: string): RecordId<'person', string> => new RecordId('person', key);
const keys = (found: readonly { readonly id: RecordId }[]): unknown[] => found.map(({ id }) => id.key).sort();

describe.each(backends)('edges past the unit of work on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  const heard: BulkEvent[] = [];

  beforeAll(async () => {
    const instance = {
      beforeBulk: (event: BulkEvent) => void heard.push(event),
      afterBulk: (event: BulkEvent) => void heard.push(event),
    };
    test = await openRecordedOrm(backend, { entities: graphEntities, subscribers: [{ instance }] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    await setup.query(surql`DELETE likes; DELETE married; DELETE rated; DELETE person; DELETE song`);
    await setup.insert(Person, [
      { id: 'ann', name: 'Ann' },
      { id: 'bob', name: 'Bob' },
      { id: 'cleo', name: 'Cleo' },
    ]);
    await setup.insert(Song, { id: 1, title: 'One' });
    em = test.orm.em.fork();
    heard.length = 0;
    test.clear();
  });
  /** Nothing that was written at once is left to a flush. */
  afterEach(() => expectInOrder(test, em));

  const stored = async (): Promise<unknown[]> =>
    (await test.orm.em.fork().find(Likes, {}, { orderBy: { id: 'asc' } })).map((edge) => [
      edge.in.id.key,
      edge.out.id.key,
      edge.weight,
    ]);

  describe('relate', () => {
    it('makes an edge in one request, a managed entity with what the server has added', async () => {
      const edge = await em.relate('ann', Likes, 'bob', { weight: 3 });
      expect(test.statements()).toEqual([
        'BEGIN',
        `IF (SELECT VALUE true FROM ONLY ${edge.id}) != NONE { THROW 'reverie:taken' }`,
        `RELATE ONLY person:ann->${edge.id}->person:bob CONTENT { weight: 3 } RETURN AFTER`,
        'COMMIT',
      ]);
      expect(edge).toBeInstanceOf(Likes);
      expect(edge).toMatchObject({ weight: 3, mood: 'new' });
      expect([edge.in.id, edge.out.id]).toEqual([person('ann'), person('bob')]);
      expect(em.contains(edge)).toBe(true);
      expect(await stored()).toEqual([['ann', 'bob', 3]]);
      test.clear();
      edge.weight = 4;
      await em.flush();
      expect(test.written()).toEqual([`UPDATE ONLY ${edge.id} SET weight = 4 RETURN VALUE id`]);
      expect(await stored()).toEqual([['ann', 'bob', 4]]);
    });

    it('takes entities, references, links, record ids, text and keys as ends', async () => {
      const ann = await em.findOneOrFail(Person, 'ann');
      const bob = em.getReference(Person, 'bob');
      await em.relate(ann, Likes, bob, { weight: 1 });
      await em.relate(link(ann), Likes, link(Person, 'bob'), { weight: 2 });
      await em.relate(person('ann'), Likes, 'person:bob', { weight: 3 });
      const edge = await em.relate('ann', Likes, 'bob', { weight: 4 });
      await em.relate(edge.in, Likes, edge.out, { weight: 5 });
      expect((await stored()).map((row) => (row as unknown[]).slice(0, 2))).toEqual(Array(5).fill(['ann', 'bob']));
      await em.relate('ann', Rated, 'song:1', { stars: 5 });
      await em.relate('ann', Rated, person('bob'), { stars: 4 });
      expect(await em.count(Rated)).toBe(2);
    });

    it('brings what an event of the table has written', async () => {
      expect(await em.relate('ann', Rated, 1, { stars: 5, kind: 'x' })).toMatchObject({ seen: true });
      const again = await em.relate('ann', Rated, 1, { stars: 2, kind: 'x' }, { onConflict: 'update' });
      expect(again).toMatchObject({ seen: true, stars: 2 });
      const other = await em.relate('bob', Rated, 1, { stars: 1, kind: 'y' }, { onConflict: 'update' });
      expect(other).toMatchObject({ seen: true, stars: 1 });
    });

    it('leaves a second edge to the unique indexes', async () => {
      await em.relate('ann', Likes, 'bob');
      await em.relate('ann', Likes, 'bob');
      expect(await em.count(Likes)).toBe(2);
      await em.relate('ann', Married, 'bob', { year: 2001 });
      test.clear();
      const twice = em.relate('ann', Married, 'bob', { year: 2002 });
      await expect(twice).rejects.toBeInstanceOf(UniqueConstraintError);
      await expect(twice).rejects.toMatchObject({ fields: ['in', 'out'], value: [person('ann'), person('bob')] });
      expect(test.written()).toEqual([
        withMadeKeys('RELATE ONLY person:ann->married:*->person:bob CONTENT { version: 1, year: 2002 } RETURN AFTER'),
      ]);
      await em.relate('bob', Married, 'ann', { year: 2001 });
      expect(await em.count(Married)).toBe(2);
    });

    it('never overwrites an edge whose id is taken', async () => {
      await em.relate('ann', Likes, 'bob', { id: 'x', weight: 1 });
      for (const onConflict of ['error', 'ignore', 'update'] as const)
        await expect(em.relate('bob', Likes, 'ann', { id: 'x' }, { onConflict })).rejects.toMatchObject({
          code: 'UNIQUE_CONSTRAINT',
          index: 'id',
          table: 'likes',
        });
      await expect(em.relate('ann', Likes, 'bob', { id: 'x' })).rejects.toBeInstanceOf(UniqueConstraintError);
      expect(await stored()).toEqual([['ann', 'bob', 1]]);
      await em.relate('ann', Likes, 'bob', { id: 'y', weight: 2 });
      await em.relate('ann', Likes, 'bob', { id: 'x', weight: 3 }, { onConflict: 'update' });
      expect(await stored()).toEqual([
        ['ann', 'bob', 3],
        ['ann', 'bob', 2],
      ]);
    });

    it('an enforced edge names the end that is missing', async () => {
      const failing = em.relate('ann', Married, 'nobody', { year: 1 });
      await expect(failing).rejects.toBeInstanceOf(EntityNotFoundError);
      await expect(failing).rejects.toMatchObject({ entity: 'Person', id: person('nobody') });
      const ignoring = em.relate('nobody', Married, 'ann', { year: 1 }, { onConflict: 'ignore' });
      await expect(ignoring).rejects.toMatchObject({ entity: 'Person', id: person('nobody') });
      expect(await em.count(Married)).toBe(0);
      const flushing = test.orm.em.fork();
      flushing.create(Married, { in: 'ann', out: 'nobody', year: 1 });
      await expect(flushing.flush()).rejects.toMatchObject({ entity: 'Person', id: person('nobody') });
    });
  });

  describe('onConflict', () => {
    it('ignore answers the stored edge as it is', async () => {
      const first = await em.relate('ann', Married, 'bob', { year: 2001 }, { onConflict: 'ignore' });
      test.clear();
      const again = await em.relate('ann', Married, 'bob', { year: 2002 }, { onConflict: 'ignore' });
      expect(test.sent()).toHaveLength(1);
      expect(test.sent()[0]).toContain('$f->married[WHERE out = $t]');
      expect(again).toBe(first);
      expect(again.year).toBe(2001);
      const elsewhere = await test.orm.em.fork().relate('ann', Married, 'bob', { year: 3 }, { onConflict: 'ignore' });
      expect(elsewhere).toMatchObject({ year: 2001, id: first.id });
      expect(await em.count(Married)).toBe(1);
    });

    it('update gives it what was named, raises its version and refreshes the managed copy', async () => {
      const first = await em.relate('ann', Likes, 'bob', { weight: 1, mood: 'old' }, { onConflict: 'update' });
      const again = await em.relate('ann', Likes, 'bob', { weight: 2 }, { onConflict: 'update' });
      expect(again).toBe(first);
      expect(first).toMatchObject({ weight: 2, mood: 'old' });
      await em.relate('ann', Likes, 'bob', { weight: null as never }, { onConflict: 'update' });
      expect(first.weight).toBeUndefined();
      await em.relate('ann', Married, 'bob', { year: 1 });
      const married = await em.relate('ann', Married, 'bob', { year: 2 }, { onConflict: 'update' });
      expect(married).toMatchObject({ year: 2, version: 2 });
      expect(await em.relate('ann', Married, 'bob', { year: 2 }, { onConflict: 'ignore' })).toBe(married);
      expect(married.version).toBe(2);
    });

    it('goes by the ends where no index says more, and asks which where there are several', async () => {
      await em.relate('ann', Likes, 'bob', { id: 'a', weight: 1 });
      await em.relate('ann', Likes, 'bob', { weight: 2 }, { onConflict: 'ignore' });
      expect(await stored()).toEqual([['ann', 'bob', 1]]);
      await em.relate('ann', Likes, 'bob', { id: 'b', weight: 2 });
      const several = em.relate('ann', Likes, 'bob', { weight: 3 }, { onConflict: 'update' });
      await expect(several).rejects.toBeInstanceOf(NotUniqueResultError);
      await em.relate('ann', Likes, 'bob', { id: 'b', weight: 3 }, { onConflict: 'update' });
      expect(await stored()).toEqual([
        ['ann', 'bob', 1],
        ['ann', 'bob', 3],
      ]);
    });

    it('goes by the further fields of a unique index', async () => {
      const rate = (kind: string | undefined, stars: number) =>
        em.relate('ann', Rated, 1, { stars, ...(kind !== undefined && { kind }) }, { onConflict: 'update' });
      const plot = await rate('plot', 1);
      const cast = await rate('cast', 2);
      expect(await rate('plot', 3)).toBe(plot);
      expect([plot.stars, cast.stars]).toEqual([3, 2]);
      // Under a unique index records without a value never meet.
      await rate(undefined, 4);
      await rate(undefined, 5);
      expect(await em.count(Rated)).toBe(4);
    });
  });

  describe('what cannot be', () => {
    const refusals: readonly [string, (with_: EntityManager) => Promise<unknown>, RegExp][] = [
      ['an end of another table', (e) => e.relate('ann', Likes, new RecordId('song', 1)), /Likes\.out.*song/s],
      ['text of another table', (e) => e.relate('song:1', Likes, 'bob'), /song:1/],
      ['no end at all', (e) => e.relate('ann', Likes, undefined as never), /Likes\.out is undefined/],
      ['an unknown field', (e) => e.relate('ann', Likes, 'bob', { wieght: 1 } as never), /weight/],
      ['a value of another type', (e) => e.relate('ann', Likes, 'bob', { weight: 'x' } as never), /Likes\.weight/],
      ['a field that is missing', (e) => e.relate('ann', Married, 'bob'), /Married\.year/],
      ['an end in the data', (e) => e.relate('ann', Likes, 'bob', { in: 'cleo' } as never), /Likes\.in/],
      [
        'a class that is no edge',
        (e) => e.relate('ann' as never, Person as never, 'bob' as never),
        /Person is not an edge/,
      ],
      ['an option that there is not', (e) => e.relate('ann', Likes, 'bob', {}, { onConflict: 'x' as never }), /"x"/],
      ['a new entity', (e) => e.relate(e.create(Person, { name: 'N' }), Likes, 'bob'), /flush first/],
      ['unrelate of another table', (e) => e.unrelate('ann', Likes, new RecordId('song', 1)), /song/],
      ['unrelateAll of nothing', (e) => e.unrelateAll('ann' as never, []), /no edge class/],
      ['unrelateAll of no end', (e) => e.unrelateAll(new RecordId('song', 1), Likes), /song/],
      ['related of no start', (e) => e.related(new RecordId('song', 1), Rated, 'out'), /song/],
    ];
    it.each(refusals)('%s', async (_name, write, message) => {
      const other = test.orm.em.fork();
      const failing = write(other);
      await expect(failing).rejects.toBeInstanceOf(ValidationError);
      await expect(failing).rejects.toThrow(message);
      expect(test.sent()).toEqual([]);
    });
  });

  describe('unrelate', () => {
    it('deletes every parallel edge in that direction, and says how many', async () => {
      for (const [from, to] of [
        ['ann', 'bob'],
        ['ann', 'bob'],
        ['bob', 'ann'],
        ['ann', 'cleo'],
      ] as const)
        await em.relate(from, Likes, to);
      test.clear();
      expect(await em.unrelate('ann', Likes, 'bob')).toBe(2);
      expect(test.sent()).toHaveLength(1);
      expect(test.written()).toEqual(['DELETE (person:ann->likes[WHERE out = person:bob]) RETURN BEFORE']);
      expect(await em.unrelate('ann', Likes, 'bob')).toBe(0);
      expect(await stored()).toHaveLength(2);
      expect(await em.unrelate(await em.findOneOrFail(Person, 'bob'), Likes, link(Person, 'ann'))).toBe(1);
    });

    it('unrelateAll goes over classes and directions in one request', async () => {
      await em.relate('ann', Likes, 'bob');
      await em.relate('cleo', Likes, 'ann');
      await em.relate('ann', Likes, 'ann');
      await em.relate('ann', Married, 'bob', { year: 1 });
      await em.relate('bob', Likes, 'cleo');
      test.clear();
      expect(await em.unrelateAll('ann', Likes, 'in')).toBe(2);
      expect(await em.unrelateAll('ann', [Likes, Married], 'out')).toBe(2);
      expect(test.sent()).toHaveLength(2);
      expect(test.written()).toEqual([
        'DELETE person:ann<-likes RETURN BEFORE',
        'DELETE (person:ann->(likes, married)) RETURN BEFORE',
      ]);
      expect(await em.count(Likes)).toBe(1);
      await em.relate('bob', Likes, 'bob');
      await em.relate('ann', Likes, 'bob');
      expect(await em.unrelateAll('bob', [Likes, Married, Likes])).toBe(3);
      expect(await em.count(Likes)).toBe(0);
    });

    it('tells subscribers', async () => {
      await em.relate('ann', Likes, 'bob');
      await em.relate('ann', Likes, 'bob', {}, { onConflict: 'ignore' });
      await em.unrelate('ann', Likes, 'bob');
      await em.unrelateAll('ann', [Likes, Married]);
      expect(heard.map(({ action, metadata, count }) => [action, metadata.className, count])).toEqual([
        ['insert', 'Likes', undefined],
        ['insert', 'Likes', 1],
        ['upsert', 'Likes', undefined],
        ['upsert', 'Likes', 1],
        ['delete', 'Likes', undefined],
        ['delete', 'Likes', 1],
        ['delete', 'Married', undefined],
        ['delete', 'Likes', undefined],
        ['delete', 'Likes', 0],
        ['delete', 'Married', 0],
      ]);
      expect(heard[4]?.criteria).toEqual({ in: person('ann'), out: person('bob') });
    });
  });

  it('collections that are loaded follow, and edges that are gone are forgotten', async () => {
    const ann = await em.findOneOrFail(Person, 'ann', { fetch: { likes: true } });
    const bob = await em.findOneOrFail(Person, 'bob', { fetch: { likedBy: true } });
    const edge = await em.relate(ann, Likes, bob);
    expect([keys(ann.likes.get()), keys(bob.likedBy.get())]).toEqual([['bob'], ['ann']]);
    await em.unrelate(ann, Likes, bob);
    expect([ann.likes.get(), bob.likedBy.get()]).toEqual([[], []]);
    expect(em.contains(edge)).toBe(false);
    await em.relate(ann, Likes, bob);
    await em.relate(ann, Likes, bob);
    await em.relate(ann, Likes, 'cleo');
    await em.unrelateAll(bob, Likes, 'in');
    expect(ann.likes.ids.map(({ key }) => key)).toEqual(['cleo']);
  });

  it('related: out, in and both, each record once, of every table', async () => {
    await em.relate('ann', Likes, 'bob');
    await em.relate('ann', Likes, 'bob');
    await em.relate('cleo', Likes, 'ann');
    await em.relate('bob', Likes, 'ann');
    await em.relate('ann', Rated, 1, { stars: 1 });
    await em.relate('ann', Rated, person('bob'), { stars: 2 });
    const ann = await em.findOneOrFail(Person, 'ann');
    test.clear();
    const liked: Person[] = await em.related(ann, Likes);
    expect(keys(liked)).toEqual(['bob']);
    expect(test.sent()).toHaveLength(1);
    expect(keys(await em.related('ann', Likes, 'in'))).toEqual(['bob', 'cleo']);
    expect(keys(await em.related(ann, Likes, 'both'))).toEqual(['bob', 'cleo']);
    const rated: (Song | Person)[] = await em.related(ann, Rated, 'out');
    expect(rated.map((each) => each.constructor.name).sort()).toEqual(['Person', 'Song']);
    expect(rated).toContain(liked[0]);
    expect(keys(await em.related(new RecordId('song', 1), Rated, 'in'))).toEqual(['ann']);
    expect(keys(await em.related('bob', Rated, 'both'))).toEqual(['ann']);
    expect(await em.related('cleo', Likes, 'in')).toEqual([]);
  });

  describe('in a deferred transaction', () => {
    it('leaves with it, after the records that it joins, and resolves to undefined', async () => {
      await em.transaction(async (tx) => {
        const dan = tx.create(Person, { id: 'dan', name: 'Dan' });
        expect(await tx.relate(dan, Likes, 'ann', { weight: 1 })).toBeUndefined();
        expect(await tx.relate('ann', Married, dan, { year: 2 }, { onConflict: 'ignore' })).toBeUndefined();
        expect(await tx.relate('bob', Likes, 'ann', { weight: 3 }, { onConflict: 'update' })).toBeUndefined();
        expect(test.sent()).toEqual([]);
      });
      expect(test.sent()).toHaveLength(1);
      expect(test.written().slice(1)).toEqual([
        "CREATE ONLY person:dan CONTENT { name: 'Dan' } RETURN NONE",
        withMadeKeys('RELATE ONLY person:dan->likes:*->person:ann CONTENT { weight: 1 } RETURN AFTER'),
        withMadeKeys('RELATE ONLY person:ann->married:*->person:dan CONTENT { version: 1, year: 2 } RETURN AFTER'),
      ]);
      expect((await stored()).sort()).toEqual([
        ['bob', 'ann', 3],
        ['dan', 'ann', 1],
      ]);
      expect(await em.count(Married)).toBe(1);
    });

    it('meets stored edges and its own', async () => {
      await em.relate('ann', Likes, 'bob', { id: 'a', weight: 1 });
      em.clear();
      await em.transaction(async (tx) => {
        await tx.relate('ann', Likes, 'bob', { weight: 2 }, { onConflict: 'ignore' });
        await tx.relate('ann', Likes, 'cleo', { weight: 3 });
        await tx.relate('ann', Likes, 'cleo', { weight: 4 }, { onConflict: 'update' });
        await tx.relate('bob', Likes, 'cleo', { id: 'b', weight: 5 }, { onConflict: 'ignore' });
        await tx.relate('bob', Likes, 'cleo', { weight: 6 }, { onConflict: 'update' });
      });
      expect((await stored()).sort()).toEqual([
        ['ann', 'bob', 1],
        ['ann', 'cleo', 4],
        ['bob', 'cleo', 6],
      ]);
    });

    it('unrelate undoes stored edges, those queued and those of the block', async () => {
      await em.relate('ann', Likes, 'bob');
      em.clear();
      await em.transaction(async (tx) => {
        await tx.relate('cleo', Likes, 'bob', {}, { onConflict: 'ignore' });
        await tx.relate('bob', Likes, 'cleo');
        expect(await tx.unrelate('ann', Likes, 'bob')).toBeUndefined();
        expect(await tx.unrelate('cleo', Likes, 'bob')).toBeUndefined();
        expect(await tx.unrelateAll('cleo', Likes)).toBeUndefined();
        await expect(tx.related('ann', Likes)).rejects.toThrow(/interactive/);
      });
      expect(await stored()).toEqual([]);
      await em.transaction(async (tx) => {
        await tx.unrelate('ann', Married, 'bob');
        await tx.relate('ann', Married, 'bob', { year: 9 });
      });
      expect(await em.count(Married)).toBe(1);
    });

    it('a missing end of an enforced edge, and an edge that exists, fail the whole', async () => {
      const missing = em.transaction(async (tx) => {
        tx.create(Person, { id: 'eve', name: 'Eve' });
        await tx.relate('ann', Married, 'nobody', { year: 1 }, { onConflict: 'ignore' });
      });
      await expect(missing).rejects.toMatchObject({ entity: 'Person', id: person('nobody') });
      await em.relate('ann', Likes, 'bob', { id: 'x' });
      const taken = test.orm.em.fork().transaction(async (tx) => {
        tx.create(Person, { id: 'eve', name: 'Eve' });
        await tx.relate('bob', Likes, 'ann', { id: 'x' }, { onConflict: 'ignore' });
      });
      await expect(taken).rejects.toBeInstanceOf(UniqueConstraintError);
      expect(await em.exists(Person, 'eve')).toBe(false);
    });
  });

  if (backend.stateful)
    describe('in an interactive transaction', () => {
      const interactive = { mode: 'interactive' } as const;

      it('acts at once and sees its own edges', async () => {
        await em.transaction(async (tx) => {
          const dan = tx.create(Person, { id: 'dan', name: 'Dan' });
          await expect(tx.relate(dan, Likes, 'ann')).rejects.toThrow(/flush first/);
          await tx.flush();
          const edge = await tx.relate(dan, Likes, 'ann', { weight: 1 });
          expect(await tx.relate(dan, Likes, 'ann', { weight: 2 }, { onConflict: 'ignore' })).toBe(edge);
          expect(await tx.relate(dan, Likes, 'ann', { weight: 3 }, { onConflict: 'update' })).toBe(edge);
          expect(edge.weight).toBe(3);
          expect(keys(await tx.related(dan, Likes))).toEqual(['ann']);
          await tx.relate('ann', Likes, dan);
          await tx.relate('ann', Likes, dan);
          expect(await tx.unrelate('ann', Likes, dan)).toBe(2);
          expect(await tx.related('ann', Likes)).toEqual([]);
          await tx.relate('bob', Married, dan, { year: 1 });
          expect(await tx.unrelateAll(dan, [Married])).toBe(1);
        }, interactive);
        expect(await stored()).toEqual([['dan', 'ann', 3]]);
        expect(await em.count(Married)).toBe(0);
      });

      it('rolled back, everything in memory is as before', async () => {
        const ann = await em.findOneOrFail(Person, 'ann', { fetch: { likes: true } });
        await em.relate(ann, Likes, 'bob');
        const block = em.transaction(async (tx) => {
          tx.merge(ann);
          await tx.unrelate(ann, Likes, 'bob');
          await tx.relate(ann, Likes, 'cleo');
          expect(ann.likes.ids.map(({ key }) => key)).toEqual(['cleo']);
          throw new Error('no');
        }, interactive);
        await expect(block).rejects.toThrow('no');
        expect(ann.likes.ids.map(({ key }) => key)).toEqual(['bob']);
        expect(await stored()).toEqual([['ann', 'bob', undefined]]);
      });
    });
});
