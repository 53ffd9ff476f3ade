import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Field,
  Id,
  In,
  Out,
  Relation,
  Table,
  ValidationError,
  surql,
  type EntityManager,
  type Link,
  type Links,
  type Loaded,
  type QueryEvent,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

@Table({ name: 'club' })
class Club {
  @Id() id!: RecordId<'club'>;
  @Field('string') name!: string;
  @Relation(() => Person, { inverse: 'club' }) members!: Links<Person>;
  @Relation(() => Person, { inverse: 'clubs' }) fans!: Links<Person>;
}

@Table({ name: 'person' })
class Person {
  @Id() id!: RecordId<'person'>;
  @Field('string') name!: string;
  @Relation(() => Club, { onDelete: 'unset' }) club?: Link<Club>;
  @Relation(() => Club, { many: true }) clubs!: Links<Club>;
  @Relation(() => Club, { many: true, list: true }) visits!: Links<Club>;
  @Relation(() => Person, { edge: () => Likes, direction: 'out' }) likes!: Links<Person, Likes>;
  @Relation(() => Person, { edge: () => Likes, direction: 'in' }) likedBy!: Links<Person, Likes>;
  @Relation(() => Person, { edge: () => Knows, direction: 'both' }) knows!: Links<Person, Knows>;
}

@Table({ name: 'likes', type: 'relation', in: () => Person, out: () => Person })
class Likes {
  @Id() id!: RecordId<'likes'>;
  @In() from!: Link<Person>;
  @Out() to!: Link<Person>;
  @Field('option<int>') much?: number;
}

@Table({ name: 'knows', type: 'relation', in: () => Person, out: () => Person })
class Knows {
  @Id() id!: RecordId<'knows'>;
  @In() in!: Link<Person>;
  @Out() out!: Link<Person>;
}

describe.each(backends)('collections on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  let ann: Person;
  let bob: Person;
  let cat: Person;
  let red: Club;
  let blue: Club;
  /** Runs when a flush is on its way. */
  let whileSending: () => void;

  beforeAll(async () => {
    const instance = {
      beforeQuery: ({ purpose }: QueryEvent) => {
        if (purpose !== 'flush') return;
        const once = whileSending;
        whileSending = () => undefined;
        once();
      },
    };
    test = await openRecordedOrm(backend, { entities: [Club, Person, Likes, Knows], subscribers: [{ instance }] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    whileSending = () => undefined;
    await test.orm.em.fork().query(surql`DELETE likes; DELETE knows; DELETE person; DELETE club`);
    const setup = test.orm.em.fork();
    const [a, b, c] = ['ann', 'bob', 'cat'].map((id) => setup.create(Person, { id, name: id })) as [
      Person,
      Person,
      Person,
    ];
    const [r, u] = ['red', 'blue'].map((id) => setup.create(Club, { id, name: id })) as [Club, Club];
    await setup.flush();
    a.likes.add(b, { much: 1 });
    a.clubs.add(r);
    a.visits.set([r, u, r]);
    a.knows.add(b);
    c.knows.add(a);
    b.club = r as never;
    await setup.flush();
    em = test.orm.em.fork();
    [ann, bob, cat] = (await em.findByIds(Person, ['ann', 'bob', 'cat'])) as [Person, Person, Person];
    [red, blue] = (await em.findByIds(Club, ['red', 'blue'])) as [Club, Club];
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  async function sendsNothing(): Promise<void> {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  }

  /** What a flush writes, in one request. */
  async function flushed(): Promise<unknown[]> {
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    return test.written();
  }

  async function rows(text: string): Promise<Record<string, unknown>[]> {
    const [found] = await test.orm.em
      .fork()
      .query<[Record<string, unknown>[]]>(surql`SELECT * FROM ${surql.id(text)} ORDER BY id`);
    return found;
  }

  const ends = async (edge: string) =>
    (await rows(edge)).map((row) => `${String(row['in'])} ${String(row['out'])}`.replaceAll('person:', '')).sort();
  const idsOf = async (column: string) =>
    ((await rows('person')).find((row) => String(row['id']) === 'person:ann')?.[column] as unknown[]).map((id) =>
      String(id).slice(5),
    );
  const shown = (links: object) => names(links as Iterable<Person | Club>);
  const names = (list: Iterable<Person | Club>) => Array.from(list, ({ name }) => name);

  describe('link arrays', () => {
    it('add of a member and remove of a stranger change nothing', async () => {
      ann.clubs.add(red);
      ann.clubs.add('red');
      await sendsNothing();
      // The row does not show it; somebody may have added it since.
      ann.clubs.remove(blue);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs -= [club:blue] RETURN AFTER']);
      expect(ann.clubs.ids.map(String)).toEqual(['club:red']);
      expect(await idsOf('clubs')).toEqual(['red']);
    });

    it('add and remove collapse, in either order', async () => {
      ann.clubs.add(blue);
      ann.clubs.remove(blue);
      ann.clubs.remove(red);
      ann.clubs.add(red);
      await sendsNothing();
      expect(await idsOf('clubs')).toEqual(['red']);
    });

    it('set writes the difference, clear everything', async () => {
      ann.clubs.set([blue]);
      expect(await flushed()).toEqual([
        'UPDATE ONLY person:ann SET clubs +?= [club:blue], clubs -= [club:red] RETURN AFTER',
      ]);
      expect(await idsOf('clubs')).toEqual(['blue']);
      ann.clubs.clear();
      expect(ann.clubs.ids).toEqual([]);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs = [] RETURN VALUE id']);
      expect(await idsOf('clubs')).toEqual([]);
      ann.clubs.clear();
      await sendsNothing();
    });

    it('assigning a list is the same as set', async () => {
      (ann as { clubs: unknown }).clubs = ['club:blue', red];
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs +?= [club:blue] RETURN AFTER']);
      expect((await idsOf('clubs')).sort()).toEqual(['blue', 'red']);
      (ann as { clubs: unknown }).clubs = [blue, red];
      await sendsNothing();
      em.assign(ann, { clubs: [red] });
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs -= [club:blue] RETURN AFTER']);
      expect(await idsOf('clubs')).toEqual(['red']);
    });

    it('deltas of two writers add up', async () => {
      const other = test.orm.em.fork();
      const same = await other.findOneOrFail(Person, 'ann');
      same.clubs.add('blue');
      ann.clubs.remove('red');
      test.clear();
      await other.flush();
      await em.flush();
      expect(test.written()).toEqual([
        'UPDATE ONLY person:ann SET clubs +?= [club:blue] RETURN AFTER',
        'UPDATE ONLY person:ann SET clubs -= [club:red] RETURN AFTER',
      ]);
      expect(await idsOf('clubs')).toEqual(['blue']);
      expect(ann.clubs.ids.map(String)).toEqual(['club:blue']);
    });

    it('data creates the member', async () => {
      ann.clubs.add({ name: 'new' });
      expect(await flushed()).toEqual([
        withMadeKeys("CREATE ONLY club:* CONTENT { name: 'new' } RETURN NONE"),
        withMadeKeys('UPDATE ONLY person:ann SET clubs +?= [club:*] RETURN AFTER'),
      ]);
      expect(await idsOf('clubs')).toHaveLength(2);
      expect((await rows('club')).map(({ name }) => name).sort()).toEqual(['blue', 'new', 'red']);
      expect(names(await ann.clubs.load())).toEqual(['red', 'new']);
    });

    it('refuses another table, and takes nothing of the list', async () => {
      expect(() => em.assign(ann, { name: 'x', clubs: [blue, 'person:bob'] as never })).toThrow(
        /another table|person is the table/,
      );
      expect(() => ann.clubs.add(bob as never)).toThrow(/links to Club/);
      expect(ann.name).toBe('ann');
      await sendsNothing();
    });

    it('what is changed while the flush is under way waits for the next one', async () => {
      await ann.clubs.load();
      ann.clubs.add(blue);
      whileSending = () => {
        ann.clubs.remove(blue);
        ann.clubs.remove(red);
      };
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs +?= [club:blue] RETURN AFTER']);
      expect((await idsOf('clubs')).sort()).toEqual(['blue', 'red']);
      expect(ann.clubs.ids).toEqual([]);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs -= [club:red, club:blue] RETURN AFTER']);
      expect(await idsOf('clubs')).toEqual([]);
      ann.clubs.add(red);
      whileSending = () => ann.clubs.add(blue);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs +?= [club:red] RETURN AFTER']);
      expect(await idsOf('clubs')).toEqual(['red']);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs +?= [club:blue] RETURN AFTER']);
      expect((await idsOf('clubs')).sort()).toEqual(['blue', 'red']);
    });

    it('a failed flush leaves the changes pending', async () => {
      ann.clubs.add(blue);
      const twin = em.create(Person, { id: 'bobby', name: 'x' });
      (twin as { name: unknown }).name = 7;
      await expect(em.flush()).rejects.toBeInstanceOf(ValidationError);
      expect(test.sent()).toEqual([]);
      expect(ann.clubs.ids.map(String)).toEqual(['club:red', 'club:blue']);
      em.remove(twin);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs +?= [club:blue] RETURN AFTER']);
      expect((await idsOf('clubs')).sort()).toEqual(['blue', 'red']);
    });
  });

  describe('lists', () => {
    it('keep order and doubles', async () => {
      expect(ann.visits.ids.map(String)).toEqual(['club:red', 'club:blue', 'club:red']);
      expect(names(await ann.visits.load())).toEqual(['red', 'blue', 'red']);
      ann.visits.add(blue);
      ann.visits.add(blue);
      expect(await flushed()).toEqual([
        'UPDATE ONLY person:ann SET visits = [club:red, club:blue, club:red, club:blue, club:blue] RETURN VALUE id',
      ]);
      expect(await idsOf('visits')).toEqual(['red', 'blue', 'red', 'blue', 'blue']);
      expect(shown(ann.visits)).toEqual(['red', 'blue', 'red', 'blue', 'blue']);
      ann.visits.remove(blue);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET visits = [club:red, club:red] RETURN VALUE id']);
      expect(await idsOf('visits')).toEqual(['red', 'red']);
      ann.visits.set([blue, red]);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET visits = [club:blue, club:red] RETURN VALUE id']);
      expect(await idsOf('visits')).toEqual(['blue', 'red']);
      ann.visits.set([blue, red]);
      await sendsNothing();
      ann.visits.clear();
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET visits = [] RETURN VALUE id']);
      expect(await idsOf('visits')).toEqual([]);
    });

    it('of a new entity', async () => {
      const dan = em.create(Person, { id: 'dan', name: 'dan', visits: [red, blue, red] });
      expect(await flushed()).toEqual([
        "CREATE ONLY person:dan CONTENT { clubs: [], name: 'dan', visits: [club:red, club:blue, club:red] } RETURN NONE",
      ]);
      expect(dan.visits.ids.map(String)).toEqual(['club:red', 'club:blue', 'club:red']);
      const again = await test.orm.em.fork().findOneOrFail(Person, 'dan');
      expect(again.visits.ids.map(String)).toEqual(['club:red', 'club:blue', 'club:red']);
    });
  });

  describe('edges', () => {
    it('one is made however often it is asked for, from both ends too', async () => {
      ann.likes.add(cat);
      ann.likes.add('cat', { much: 5 });
      cat.likedBy.add(ann);
      expect(await flushed()).toEqual([
        withMadeKeys('RELATE ONLY person:ann->likes:*->person:cat CONTENT { much: 5 } RETURN NONE'),
      ]);
      expect(await ends('likes')).toEqual(['ann bob', 'ann cat']);
      expect((await rows('likes')).map((row) => row['much']).sort()).toEqual([1, 5]);
    });

    it('of an unloaded collection: removing twice, adding and removing', async () => {
      ann.likes.remove(bob);
      ann.likes.remove('bob');
      ann.likes.add(cat);
      ann.likes.remove(cat);
      expect(await flushed()).toEqual([
        'DELETE person:ann->likes WHERE out = person:bob OR person:bob = NONE RETURN NONE',
        'DELETE person:ann->likes WHERE out = person:cat OR person:cat = NONE RETURN NONE',
      ]);
      expect(await ends('likes')).toEqual([]);
    });

    it('removed and added again stay one edge', async () => {
      await ann.likes.load();
      ann.likes.remove(bob);
      ann.likes.add(bob);
      await sendsNothing();
      expect(await rows('likes')).toMatchObject([{ much: 1 }]);
      ann.likes.remove(bob);
      ann.likes.add(bob, { much: 9 });
      expect(await flushed()).toEqual([
        'DELETE person:ann->likes WHERE out = person:bob OR person:bob = NONE RETURN NONE',
        withMadeKeys('RELATE ONLY person:ann->likes:*->person:bob CONTENT { much: 9 } RETURN NONE'),
      ]);
      expect(await rows('likes')).toMatchObject([{ much: 9 }]);
      em.clear();
      const fresh = await em.findOneOrFail(Person, 'ann');
      fresh.likes.remove('bob');
      fresh.likes.add('bob');
      expect(await flushed()).toEqual([
        'DELETE person:ann->likes WHERE out = person:bob OR person:bob = NONE RETURN NONE',
        withMadeKeys('RELATE ONLY person:ann->likes:*->person:bob CONTENT {  } RETURN NONE'),
      ]);
      expect(await ends('likes')).toEqual(['ann bob']);
    });

    it('added and removed collapse where the members are known', async () => {
      await ann.likes.load();
      ann.likes.add(cat);
      ann.likes.remove(cat);
      await sendsNothing();
      const dan = em.create(Person, { name: 'dan' });
      expect(await flushed()).toEqual([
        `CREATE ONLY ${dan.id} CONTENT { clubs: [], name: 'dan', visits: [] } RETURN NONE`,
      ]);
      dan.likes.add(ann);
      dan.likes.remove(ann);
      await sendsNothing();
      expect(await ends('likes')).toEqual(['ann bob']);
    });

    it('set on loaded and unloaded ones', async () => {
      ann.likes.set([cat]);
      expect(shown(ann.likes)).toEqual(['cat']);
      test.clear();
      await em.flush();
      // What is there is read first: an edge that stays is not made anew.
      expect(test.sent()).toHaveLength(2);
      expect(await ends('likes')).toEqual(['ann cat']);
      ann.likes.set([cat, bob]);
      expect(await flushed()).toEqual([
        withMadeKeys('RELATE ONLY person:ann->likes:*->person:bob CONTENT {  } RETURN NONE'),
      ]);
      expect(await ends('likes')).toEqual(['ann bob', 'ann cat']);
      ann.likes.set([bob, cat]);
      await sendsNothing();
      ann.likes.clear();
      ann.likes.add(cat);
      expect(await flushed()).toEqual([
        'DELETE person:ann->likes WHERE out = NONE OR NONE = NONE RETURN NONE',
        withMadeKeys('RELATE ONLY person:ann->likes:*->person:cat CONTENT {  } RETURN NONE'),
      ]);
      expect(await ends('likes')).toEqual(['ann cat']);
      expect(shown(ann.likes)).toEqual(['cat']);
    });

    it('the other direction and both directions', async () => {
      bob.likedBy.remove(ann);
      bob.likedBy.add(cat);
      expect(await flushed()).toEqual([
        'DELETE person:bob<-likes WHERE in = person:ann OR person:ann = NONE RETURN NONE',
        withMadeKeys('RELATE ONLY person:cat->likes:*->person:bob CONTENT {  } RETURN NONE'),
      ]);
      expect(await ends('likes')).toEqual(['cat bob']);
      expect(names(await ann.knows.load()).sort()).toEqual(['bob', 'cat']);
      ann.knows.remove(cat);
      ann.knows.remove(bob);
      expect(await flushed()).toEqual([
        'DELETE person:ann<->knows WHERE in = person:cat OR out = person:cat OR person:cat = NONE RETURN NONE',
        'DELETE person:ann<->knows WHERE in = person:bob OR out = person:bob OR person:bob = NONE RETURN NONE',
      ]);
      expect(await ends('knows')).toEqual([]);
      ann.knows.add(cat);
      expect(await flushed()).toEqual([
        withMadeKeys('RELATE ONLY person:ann->knows:*->person:cat CONTENT {  } RETURN NONE'),
      ]);
      expect(await ends('knows')).toEqual(['ann cat']);
    });

    it('the same edge entity through a failed flush and the hooks', async () => {
      ann.likes.add(cat);
      const bad = em.create(Club, { name: 'x' });
      (bad as { name: unknown }).name = undefined;
      await expect(em.flush()).rejects.toBeInstanceOf(ValidationError);
      bad.name = 'good';
      expect(await flushed()).toEqual([
        `CREATE ONLY ${bad.id} CONTENT { name: 'good' } RETURN NONE`,
        withMadeKeys('RELATE ONLY person:ann->likes:*->person:cat CONTENT {  } RETURN NONE'),
      ]);
      expect(await ends('likes')).toEqual(['ann bob', 'ann cat']);
    });

    it('to a record that the same flush removes is refused, before anything is sent', async () => {
      em.remove(bob);
      ann.likes.add(bob);
      cat.club = undefined;
      em.create(Likes, { from: cat, to: 'bob' });
      test.clear();
      const error = (await em.flush().catch((e: unknown) => e)) as ValidationError;
      expect(error).toBeInstanceOf(ValidationError);
      expect(error.errors.map(({ path }) => path)).toEqual(['Likes.to', 'Likes.to']);
      expect(test.sent()).toEqual([]);
      em.clear();
      expect(await ends('likes')).toEqual(['ann bob']);
    });

    it('an edge entity shows in the collections that are loaded, and goes with them', async () => {
      await ann.likes.load();
      await cat.likedBy.load();
      const edge = em.create(Likes, { from: ann, to: cat, much: 2 });
      expect(await flushed()).toEqual([
        `RELATE ONLY person:ann->${edge.id}->person:cat CONTENT { much: 2 } RETURN NONE`,
      ]);
      expect(shown(ann.likes).sort()).toEqual(['bob', 'cat']);
      expect(shown(cat.likedBy)).toEqual(['ann']);
      edge.much = 3;
      expect(await flushed()).toEqual([`UPDATE ONLY ${edge.id} SET much = 3 RETURN VALUE id`]);
      em.remove(edge);
      expect(await flushed()).toEqual([`DELETE [${edge.id}] RETURN NONE`]);
      expect(shown(ann.likes)).toEqual(['bob']);
      expect(shown(cat.likedBy)).toEqual([]);
      expect(await ends('likes')).toEqual(['ann bob']);
    });

    it('a load of a link array shows what the row held when it was read', async () => {
      const elsewhere = test.orm.em.fork();
      const copy = await elsewhere.findOneOrFail(Person, 'ann');
      copy.clubs.set([await elsewhere.findOneOrFail(Club, 'red'), await elsewhere.findOneOrFail(Club, 'blue')]);
      test.clear();
      await elsewhere.flush();
      expect(test.written()).toEqual(['UPDATE ONLY person:ann SET clubs +?= [club:blue] RETURN AFTER']);
      await ann.clubs.load();
      expect([shown(ann.clubs), ann.clubs.ids.map(String)]).toEqual([['red'], ['club:red']]);
      await sendsNothing();
      await em.refresh(ann);
      await ann.clubs.load();
      expect(shown(ann.clubs).sort()).toEqual(['blue', 'red']);
    });

    it('what a transaction has loaded holds the instances of the EntityManager that started it', async () => {
      em = test.orm.em.fork();
      const own = await em.findOneOrFail(Person, 'bob');
      const club = await em.transaction((tx) => tx.findOneOrFail(Club, 'red', { fetch: { members: true } }));
      expect(club.members.get()[0]).toBe(own);
      expect(em.contains(club)).toBe(true);
      await sendsNothing();
    });

    it('where both directions count, an edge that leads back keeps a member', async () => {
      await em.unrelateAll(ann, Knows, 'both');
      await em.relate(ann, Knows, cat);
      const back = await em.relate(cat, Knows, ann);
      await Promise.all([ann.knows.load(), cat.knows.load()]);
      expect(await em.unrelate(ann, Knows, cat)).toBe(1);
      expect([shown(ann.knows), shown(cat.knows)]).toEqual([['cat'], ['ann']]);
      expect((ann.knows as Loaded<Person, 'knows'>['knows']).edges()).toEqual([back]);
      await sendsNothing();
      em.remove(back);
      expect(await flushed()).toEqual([`DELETE [${back.id}] RETURN NONE`]);
      expect([shown(ann.knows), shown(cat.knows)]).toEqual([[], []]);
      expect(await ends('knows')).toEqual([]);
      await sendsNothing();
    });

    it('a tracked edge whose end is taken out goes with it', async () => {
      const [edge] = await em.find(Likes, {});
      ann.likes.remove(bob);
      (edge as Likes).much = 7;
      expect(await flushed()).toEqual([
        `UPDATE ONLY ${edge?.id} SET much = 7 RETURN VALUE id`,
        'DELETE person:ann->likes WHERE out = person:bob OR person:bob = NONE RETURN NONE',
      ]);
      expect(em.contains(edge as Likes)).toBe(false);
      expect(await ends('likes')).toEqual([]);
      await sendsNothing();
    });

    it('removed by its id and by its ends at once', async () => {
      const [edge] = await em.find(Likes, {});
      ann.likes.remove(bob);
      em.remove(edge as Likes);
      expect(await flushed()).toEqual([
        'DELETE person:ann->likes WHERE out = person:bob OR person:bob = NONE RETURN NONE',
        `DELETE [${edge?.id}] RETURN NONE`,
      ]);
      expect(await ends('likes')).toEqual([]);
      expect([em.contains(edge as Likes), await ann.likes.load()]).toEqual([false, []]);
    });

    it('save of an edge leaves other pending members pending', async () => {
      ann.likes.add(cat);
      const edge = em.create(Likes, { from: ann, to: ann });
      test.clear();
      await em.save(edge);
      expect(test.written()).toEqual([`RELATE ONLY person:ann->${edge.id}->person:ann CONTENT {  } RETURN NONE`]);
      expect(await ends('likes')).toEqual(['ann ann', 'ann bob']);
      expect(await flushed()).toEqual([
        withMadeKeys('RELATE ONLY person:ann->likes:*->person:cat CONTENT {  } RETURN NONE'),
      ]);
      expect(await ends('likes')).toEqual(['ann ann', 'ann bob', 'ann cat']);
    });
  });

  describe('inverses', () => {
    it('add points back, remove unsets', async () => {
      await red.members.load();
      red.members.add(ann);
      expect(ann.club?.id.equals(red.id)).toBe(true);
      red.members.remove(bob);
      expect(bob.club).toBeUndefined();
      expect(await flushed()).toEqual([
        'UPDATE ONLY person:ann SET club = club:red RETURN VALUE id',
        'UPDATE ONLY person:bob SET club = NONE RETURN VALUE id',
      ]);
      expect(shown(red.members)).toEqual(['ann']);
      const fresh = await test.orm.em.fork().findOneOrFail(Club, 'red', { fetch: { members: true } });
      expect(shown(fresh.members)).toEqual(['ann']);
    });

    it('by id, without loading the member', async () => {
      em.clear();
      const club = await em.findOneOrFail(Club, 'blue');
      club.members.add('cat');
      expect(await flushed()).toEqual(['UPDATE ONLY person:cat SET club = club:blue RETURN AFTER']);
      expect((await club.members.load())[0]).toBe(await em.findOne(Person, 'cat'));
      const fresh = await test.orm.em.fork().findOneOrFail(Person, 'cat');
      expect(fresh.club?.id.equals('club:blue')).toBe(true);
      expect(fresh.name).toBe('cat');
    });

    it('of link arrays', async () => {
      blue.fans.add(ann);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs +?= [club:blue] RETURN AFTER']);
      expect((await idsOf('clubs')).sort()).toEqual(['blue', 'red']);
      red.fans.remove(ann);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs -= [club:red] RETURN AFTER']);
      expect(await idsOf('clubs')).toEqual(['blue']);
    });

    it('clear lets them go, loaded or not', async () => {
      red.members.clear();
      test.clear();
      await em.flush();
      expect(test.sent()).toHaveLength(2);
      expect((await rows('person')).filter((row) => row['club'] !== undefined)).toEqual([]);
      red.members.add(bob);
      await flushed();
      red.members.clear();
      expect(await flushed()).toEqual(['UPDATE ONLY person:bob SET club = NONE RETURN VALUE id']);
      expect((await rows('person')).filter((row) => row['club'] !== undefined)).toEqual([]);
    });

    it.each(['entity', 'id', 'text', 'data'] as const)(
      'a member that was put elsewhere, by %s, is left there',
      async (by) => {
        await red.members.load();
        const forms = { entity: blue, id: blue.id, text: 'club:blue', data: { id: 'blue2', name: 'Blue 2' } };
        (bob as { club?: unknown }).club = forms[by];
        red.members.remove(bob);
        expect(await flushed()).toEqual([
          ...(by === 'data' ? ["CREATE ONLY club:blue2 CONTENT { name: 'Blue 2' } RETURN NONE"] : []),
          `UPDATE ONLY person:bob SET club = club:${by === 'data' ? 'blue2' : 'blue'} RETURN VALUE id`,
        ]);
        expect(bob.club?.id.key).toBe(by === 'data' ? 'blue2' : 'blue');
        expect(shown(red.members)).not.toContain('bob');
        await sendsNothing();
      },
    );

    it('a member that has moved elsewhere is left there', async () => {
      await red.members.load();
      blue.members.add(bob);
      red.members.remove(bob);
      expect(await flushed()).toEqual(['UPDATE ONLY person:bob SET club = club:blue RETURN VALUE id']);
      expect(bob.club?.id.equals(blue.id)).toBe(true);
    });
  });

  describe('links', () => {
    it('to another, to nothing, and shared between owners', async () => {
      (ann as { club: unknown }).club = bob.club;
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET club = club:red RETURN VALUE id']);
      (ann.club as Link<Club> | undefined)?.set(blue);
      expect(bob.club?.id.equals(red.id)).toBe(true);
      expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET club = club:blue RETURN VALUE id']);
      expect((await rows('person')).map((row) => String(row['club']))).toEqual(['club:blue', 'club:red', 'undefined']);
      (ann as { club: unknown }).club = null;
      (bob as { club: unknown }).club = 'club:blue';
      expect(await flushed()).toEqual([
        'UPDATE ONLY person:ann SET club = NONE RETURN VALUE id',
        'UPDATE ONLY person:bob SET club = club:blue RETURN VALUE id',
      ]);
      expect((await rows('person')).map((row) => String(row['club']))).toEqual(['undefined', 'club:blue', 'undefined']);
    });

    it('set to null is off', async () => {
      const link = bob.club;
      (link as Link<Club> | undefined)?.set(null);
      expect(bob.club).toBeUndefined();
      await flushed();
      expect((await rows('person')).map((row) => String(row['club']))).toEqual(['undefined', 'undefined', 'undefined']);
      expect(link?.id.equals(red.id)).toBe(true);
    });

    it('set with data makes the target', async () => {
      bob.club?.set({ name: 'fresh' });
      expect(await flushed()).toEqual([
        withMadeKeys("CREATE ONLY club:* CONTENT { name: 'fresh' } RETURN NONE"),
        withMadeKeys('UPDATE ONLY person:bob SET club = club:* RETURN VALUE id'),
      ]);
      expect(bob.club?.isLoaded).toBe(true);
      expect(await rows('club')).toHaveLength(3);
    });
  });

  it('refresh drops what was pending', async () => {
    await ann.likes.load();
    ann.likes.add(cat);
    ann.clubs.clear();
    await em.refresh(ann);
    expect(ann.clubs.ids.map(String)).toEqual(['club:red']);
    await sendsNothing();
    expect(names(await ann.likes.load())).toEqual(['bob']);
  });

  it('links of an entity that comes out of a transaction load in the parent', async () => {
    const dan = await em.transaction(async (tx) => {
      const created = tx.create(Person, { name: 'dan', clubs: ['red'] });
      await tx.flush();
      created.likes.add('bob');
      return created;
    });
    const mode = backend.stateful ? 'interactive' : 'deferred';
    const eve = await em.transaction(async (tx) => tx.create(Person, { name: 'eve', club: 'red' }), { mode });
    expect(test.written()).toEqual([
      `CREATE ONLY ${dan.id} CONTENT { clubs: [club:red], name: 'dan', visits: [] } RETURN NONE`,
      withMadeKeys(`RELATE ONLY ${dan.id}->likes:*->person:bob CONTENT {  } RETURN NONE`),
      `CREATE ONLY ${eve.id} CONTENT { club: club:red, clubs: [], name: 'eve', visits: [] } RETURN NONE`,
    ]);
    expect(await ends('likes')).toEqual(['ann bob', `${dan.id.key} bob`].sort());
    expect(await eve.club?.load()).toBe(red);
    expect(names(await dan.clubs.load())).toEqual(['red']);
    expect(names(await dan.likes.load())).toEqual(['bob']);
    expect([...(dan.likes as unknown as Iterable<Person>)]).toEqual([bob]);
  });

  it('a transaction that fails puts collections back as they were', async () => {
    ann.clubs.add(blue);
    const failing = em.transaction(
      async (tx) => {
        tx.merge(ann).likes.add('cat');
        ann.clubs.remove('red');
        if (backend.stateful) await tx.flush();
        throw new Error('no');
      },
      { mode: backend.stateful ? 'interactive' : 'deferred' },
    );
    await expect(failing).rejects.toThrow('no');
    expect(em.contains(ann)).toBe(true);
    expect(ann.clubs.ids.map(String).sort()).toEqual(['club:blue', 'club:red']);
    expect(await flushed()).toEqual(['UPDATE ONLY person:ann SET clubs +?= [club:blue] RETURN AFTER']);
    expect((await idsOf('clubs')).sort()).toEqual(['blue', 'red']);
    expect(await ends('likes')).toEqual(['ann bob']);
  });
});
