import {
  Decimal,
  EntityNotFoundError,
  Field,
  Id,
  RecordId,
  Table,
  UniqueConstraintError,
  ValidationError,
  addToSet,
  append,
  increment,
  pull,
  surql,
  unset,
  where,
  type BulkEvent,
  type EntityManager,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Follows, Post, Role, Tag, Team, User, entities } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

@Table({ name: 'shelf' })
class Shelf {
  @Id() id!: RecordId<'shelf'>;
  @Field('option<set<string>>') labels?: Set<string>;
  @Field('option<array<array<int>>>') pairs?: number[][];
  @Field('option<int | null>') count?: number | null;
  @Field('option<decimal>') weight?: Decimal;
}

const ANN = { id: 'ann', name: 'Ann', age: 42, role: Role.Writer, email: 'ann@x.y', labels: ['a', 'b', 'a'] } as const;

describe.each(backends)('direct writes on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  const heard: BulkEvent[] = [];

  beforeAll(async () => {
    const instance = {
      beforeBulk: (event: BulkEvent) => void heard.push(event),
      afterBulk: (e: BulkEvent) => void heard.push(e),
    };
    test = await openRecordedOrm(backend, { entities: [...entities, Shelf], subscribers: [{ instance }] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em
      .fork()
      .query(surql`DELETE user; DELETE post; DELETE team; DELETE tag; DELETE shelf; DELETE follows`);
    em = test.orm.em.fork();
    em.create(User, { ...ANN, labels: [...ANN.labels] });
    em.create(User, { id: 'bob', name: 'Bob', age: 7, role: Role.Reader });
    await em.flush();
    em = test.orm.em.fork();
    heard.length = 0;
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const fresh = (id: string) => test.orm.em.fork().findOneOrFail(User, id);

  describe('patch', () => {
    it('changes one record in one request and answers the entity as it then is', async () => {
      const ann = await em.patch(User, 'ann', { name: 'Anna', age: undefined, born: new Date(5) });
      expect(test.sent()).toHaveLength(1);
      expect(test.written()).toEqual([
        "UPDATE ONLY user:ann SET name = 'Anna', born = d'1970-01-01T00:00:00.005Z' RETURN AFTER",
      ]);
      expect(ann).toMatchObject({ name: 'Anna', age: 42, shout: 'ANNA', born: new Date(5) });
      expect(ann).toBeInstanceOf(User);
      expect(await fresh('ann')).toMatchObject({ name: 'Anna', age: 42 });
      expect(em.contains(ann)).toBe(true);
    });

    it('answers nothing when asked for nothing', async () => {
      const nothing: void = await em.patch(User, new RecordId('user', 'ann'), { age: 1 }, { returning: 'none' });
      expect(nothing).toBeUndefined();
      expect(test.sent()[0]).not.toContain('RETURN AFTER');
      expect((await fresh('ann')).age).toBe(1);
    });

    it('without a change sends no write', async () => {
      await em.patch(User, 'ann', { name: undefined }, { returning: 'none' });
      expect(test.sent()).toEqual([]);
      expect((await em.patch(User, 'ann', {})).name).toBe('Ann');
      await expect(em.patch(User, 'nobody', {})).rejects.toBeInstanceOf(EntityNotFoundError);
    });

    it('refuses a record that is not there', async () => {
      const failing = em.patch(User, 'nobody', { age: 1 });
      await expect(failing).rejects.toBeInstanceOf(EntityNotFoundError);
      await expect(failing).rejects.toMatchObject({ entity: 'User', id: new RecordId('user', 'nobody') });
      expect(await test.orm.em.fork().count(User)).toBe(2);
    });

    it('refreshes a managed copy and keeps what is pending there', async () => {
      const ann = await em.findOneOrFail(User, 'ann');
      ann.name = 'Mine';
      ann.labels.push('mine');
      test.clear();
      await em.patch(User, 'ann', { age: 43 }, { returning: 'none' });
      expect(ann).toMatchObject({ age: 43, name: 'Mine', labels: ['a', 'b', 'a', 'mine'] });
      await em.flush();
      expect(test.written()).toEqual([
        'UPDATE ONLY user:ann SET age = 43 RETURN AFTER',
        "UPDATE ONLY user:ann SET name = 'Mine', labels = ['a', 'b', 'a', 'mine'] RETURN AFTER",
      ]);
      expect(await fresh('ann')).toMatchObject({ age: 43, name: 'Mine', labels: ['a', 'b', 'a', 'mine'] });
    });

    it('keeps pending members of a collection, and raises the version', async () => {
      const post = em.create(Post, { title: 'a', author: 'user:ann', tags: [{ label: 'x' }] });
      await em.flush();
      const tag = em.create(Tag, { label: 'y' });
      post.tags.add(tag);
      await em.patch(Post, post.id, { stars: increment(2) });
      expect(post).toMatchObject({ stars: 2, version: 2 });
      await em.flush();
      expect(test.written().slice(-3)).toEqual([
        `UPDATE ONLY ${post.id} SET stars = ((stars ?? 0) + 2), version += 1 RETURN AFTER`,
        `CREATE ONLY ${tag.id} CONTENT { label: 'y' } RETURN NONE`,
        `UPDATE ONLY ${post.id} SET tags +?= [${tag.id}], version += 1 RETURN AFTER`,
      ]);
      expect(post.version).toBe(3);
      const again = await test.orm.em.fork().findOneOrFail(Post, post.id, { fetch: { tags: true } });
      expect(
        again.tags
          .get()
          .map(({ label }) => label)
          .sort(),
      ).toEqual(['x', 'y']);
    });

    it('takes surql, links, null and embedded data', async () => {
      const team = em.create(Team, { name: 'Red' });
      await em.flush();
      const ann = await em.patch(User, 'ann', {
        name: surql`string::concat(name, ${'!'})`,
        team,
        email: null,
        address: { street: 'Main' },
        balance: '1.50',
      });
      expect(ann).toMatchObject({ name: 'Ann!', address: { street: 'Main' } });
      expect(ann.email).toBeUndefined();
      expect(ann.team?.id.equals(team.id)).toBe(true);
      expect(ann.balance.toString()).toBe('1.5');
      expect((await em.patch(User, 'ann', { team: null })).team).toBeUndefined();
    });

    it('carries out operations on lists, numbers and optional fields', async () => {
      await em.patch(User, 'ann', { labels: append('c'), age: increment(-2), email: unset() }, { returning: 'none' });
      expect(await fresh('ann')).toMatchObject({ labels: ['a', 'b', 'a', 'c'], age: 40 });
      expect((await fresh('ann')).email).toBeUndefined();
      expect((await em.patch(User, 'ann', { labels: addToSet('b', 'd') })).labels).toEqual(['a', 'b', 'a', 'c', 'd']);
      expect((await em.patch(User, 'ann', { labels: pull('a') })).labels).toEqual(['b', 'c', 'd']);
      expect(test.written()).toEqual([
        "UPDATE ONLY user:ann SET labels += ['c'], age = ((age ?? 0) + -2), email = NONE RETURN VALUE id",
        "UPDATE ONLY user:ann SET labels = array::concat(labels ?? [], array::complement(array::distinct(['b', 'd']), labels ?? [])) RETURN AFTER",
        "UPDATE ONLY user:ann SET labels -= ['a'] RETURN AFTER",
      ]);
    });

    it('carries them out on sets, on lists of lists, and where there was nothing', async () => {
      em.create(Shelf, { id: 's' });
      await em.flush();
      const shelf = await em.patch(Shelf, 's', {
        labels: addToSet('a', 'b'),
        pairs: append([1, 2]),
        count: increment(3),
        weight: increment(new Decimal('1.5')),
      });
      expect(shelf).toMatchObject({ labels: new Set(['a', 'b']), pairs: [[1, 2]], count: 3 });
      await em.patch(Shelf, 's', { labels: pull('b', 'c'), pairs: addToSet([1, 2], [3]), weight: increment(1) });
      expect(shelf).toMatchObject({ labels: new Set(['a']), pairs: [[1, 2], [3]] });
      expect(shelf.weight?.toString()).toBe('2.5');
      await em.patch(Shelf, 's', { labels: append('z'), pairs: pull([1, 2]), count: null });
      expect(shelf).toMatchObject({ labels: new Set(['a', 'z']), pairs: [[3]], count: null });
      expect((await em.patch(Shelf, 's', { count: increment(2) })).count).toBe(2);
      await em.patch(Shelf, 's', { labels: unset() });
      expect((await em.patch(Shelf, 's', { labels: pull('a') })).labels).toBeUndefined();
    });

    it.each([
      ['an unknown field', { nmae: 'x' }, /nmae.*name/s],
      ['a produced field', { createdAt: new Date() }, /createdAt/],
      ['a computed field', { shout: 'X' }, /shout/],
      ['the id', { id: 'bob' }, /id/],
      ['a relation over an edge', { following: [] }, /following/],
      ['a value of a wrong type', { age: 'old' }, /age/],
      ['null for a required value', { name: null }, /name/],
      ['unset of a required value', { name: unset() }, /name.*required/s],
      ['append to text', { name: append('x') }, /append/],
      ['append of a wrong member', { labels: append(1) }, /labels/],
      ['increment of text', { name: increment(1) }, /increment/],
      ['increment of an int by a fraction', { age: increment(0.5) }, /age/],
      ['data for a new record', { team: { name: 'Blue' } }, /Team/],
    ])('refuses %s and sends nothing', async (_case, changes, message) => {
      await expect(em.patch(User, 'ann', changes as never)).rejects.toBeInstanceOf(ValidationError);
      await expect(em.patch(User, 'ann', changes as never)).rejects.toThrow(message);
      await expect(em.updateWhere(User, { name: 'Ann' }, changes as never)).rejects.toThrow(message);
      expect(test.sent()).toEqual([]);
    });

    it('names the field whose unique value is taken', async () => {
      await expect(em.patch(User, 'bob', { email: ANN.email })).rejects.toBeInstanceOf(UniqueConstraintError);
      await expect(em.patch(User, 'bob', { email: ANN.email })).rejects.toMatchObject({ fields: ['email'] });
    });
  });

  describe('updateWhere and deleteWhere', () => {
    it('change what matches and count it', async () => {
      expect(await em.updateWhere(User, { age: { $gt: 5 } }, { age: increment(1), active: false })).toBe(2);
      expect(test.sent()).toHaveLength(1);
      expect(test.written()).toEqual([
        'UPDATE (SELECT VALUE id FROM user WITH INDEX age_index WHERE age > 5) SET age = ((age ?? 0) + 1), active = false RETURN VALUE id',
      ]);
      expect(await fresh('bob')).toMatchObject({ age: 8, active: false });
      expect(await em.updateWhere(User, { name: 'Nobody' }, { age: 1 })).toBe(0);
      expect(await em.updateWhere(User, { name: 'Ann' }, { age: undefined })).toBe(0);
    });

    it('know computed fields, relations and indexes in their where', async () => {
      expect(await em.updateWhere(User, { age: 42, shout: 'ANN' }, { age: 43 })).toBe(1);
      expect(await em.updateWhere(User, { age: 43, shout: 'BOB' }, { age: 44 })).toBe(0);
      em.create(Post, { title: 'a', author: 'user:ann' });
      await em.flush();
      expect(await em.deleteWhere(Post, { author: { name: 'Ann' } })).toBe(1);
      expect(await em.count(Post)).toBe(0);
      em.clear();
    });

    it.each([
      ['undefined', undefined],
      ['an empty object', {}],
      ['an empty $and', { $and: [] }],
      ['what is left of where()', where({ name: undefined })],
    ])('refuse %s', async (_case, empty) => {
      await expect(em.deleteWhere(User, empty as never)).rejects.toThrow(/empty where/);
      await expect(em.updateWhere(User, empty as never, { age: 1 })).rejects.toBeInstanceOf(ValidationError);
      expect(test.sent()).toEqual([]);
      expect(await em.count(User)).toBe(2);
    });

    it('refresh or let go the copies that they name by id', async () => {
      const ann = await em.findOneOrFail(User, 'ann');
      const bob = await em.findOneOrFail(User, 'bob');
      expect(await em.updateWhere(User, { id: { $in: ['ann', 'bob'] } }, { age: 5 })).toBe(2);
      expect([ann.age, bob.age]).toEqual([5, 5]);
      expect(await em.deleteWhere(User, 'bob')).toBe(1);
      expect(em.contains(bob)).toBe(false);
      expect(await em.findOne(User, 'bob')).toBeNull();
      expect(await em.deleteWhere(User, { id: { $in: ['ann'] }, age: 99 } as never)).toBe(0);
      expect(em.contains(ann)).toBe(true);
    });

    it('are told to subscribers', async () => {
      await em.updateWhere(User, { name: 'Ann' }, { age: 1 });
      await em.deleteWhere(User, { name: 'Bob' });
      expect(heard.map(({ action, criteria, data, count }) => ({ action, criteria, data, count }))).toEqual([
        { action: 'update', criteria: { name: 'Ann' }, data: { age: 1 }, count: undefined },
        { action: 'update', criteria: { name: 'Ann' }, data: { age: 1 }, count: 1 },
        { action: 'delete', criteria: { name: 'Bob' }, data: undefined, count: undefined },
        { action: 'delete', criteria: { name: 'Bob' }, data: undefined, count: 1 },
      ]);
      expect(heard[0]?.em).toBe(em);
    });
  });

  describe('in a deferred transaction', () => {
    it('are queued, resolve to undefined and leave with the block', async () => {
      await em.transaction(async (tx) => {
        expect(await tx.patch(User, 'ann', { age: increment(1) })).toBeUndefined();
        expect(await tx.updateWhere(User, { name: 'Bob' }, { age: 9 })).toBeUndefined();
        expect(await tx.deleteWhere(Team, { name: 'None' })).toBeUndefined();
        tx.create(Team, { name: 'Late' });
        expect(test.sent()).toEqual([]);
      });
      expect(test.sent()).toHaveLength(1);
      expect(test.written()).toEqual([
        'UPDATE ONLY user:ann SET age = ((age ?? 0) + 1) RETURN AFTER',
        "UPDATE (SELECT VALUE id FROM user WITH NOINDEX WHERE name = 'Bob') SET age = 9 RETURN VALUE id",
        "DELETE (SELECT VALUE id FROM team WITH NOINDEX WHERE name = 'None') RETURN BEFORE",
        withMadeKeys("CREATE ONLY team:* CONTENT { name: 'Late' } RETURN NONE"),
      ]);
      expect([(await fresh('ann')).age, (await fresh('bob')).age]).toEqual([43, 9]);
      expect(heard.filter(({ count }) => count === undefined)).toHaveLength(6);
    });

    it('fail as a whole', async () => {
      const failing = em.transaction(async (tx) => {
        await tx.patch(User, 'ann', { age: 1 });
        await tx.patch(User, 'nobody', { age: 1 });
        tx.create(Team, { name: 'Lost' });
      });
      await expect(failing).rejects.toBeInstanceOf(EntityNotFoundError);
      await expect(failing).rejects.toMatchObject({ id: new RecordId('user', 'nobody') });
      expect(test.written().slice(0, 2)).toEqual([
        'UPDATE ONLY user:ann SET age = 1 RETURN AFTER',
        'UPDATE ONLY user:nobody SET age = 1 RETURN AFTER',
      ]);
      expect((await fresh('ann')).age).toBe(42);
      expect(await em.count(Team)).toBe(0);
      expect(heard.every(({ count }) => count === undefined)).toBe(true);
    });

    it('refuse what needs an answer, and queries of what is queued', async () => {
      await em.transaction(async (tx) => {
        await expect(tx.patch(User, 'ann', { age: 1 }, { returning: 'after' })).rejects.toThrow(/interactive/);
        const ann = await tx.findOneOrFail(User, 'ann');
        ann.age = 1;
        await expect(tx.patch(User, 'ann', { name: 'x' })).rejects.toThrow(/not written yet/);
        await tx.patch(User, 'bob', { name: 'Rob' });
        await expect(tx.find(User, { name: 'Rob' })).rejects.toThrow(/interactive/);
      });
      expect(await fresh('ann')).toMatchObject({ age: 1, name: 'Ann' });
      expect((await fresh('bob')).name).toBe('Rob');
    });

    it('find what those before them have written, by id and by index', async () => {
      const data = { email: 'q@x.y', name: 'Q', age: 1, role: Role.Reader };
      await em.transaction(async (tx) => {
        await tx.upsert(User, data, { on: 'email' });
        await tx.upsert(User, { ...data, name: 'R' }, { on: 'email' });
        await tx.updateWhere(User, { email: 'q@x.y' }, { age: 5 });
        await tx.upsert(User, { ...data, email: 's@x.y', id: 's' });
        await tx.updateWhere(User, { id: 's', name: 'Q' }, { age: increment(6) });
        await tx.deleteWhere(User, { email: 'ann@x.y' });
        await tx.upsert(User, { ...ANN, labels: [], id: 'anna' });
      });
      const found = await test.orm.em.fork().find(User, { email: { $isNone: false } }, { orderBy: { email: 'asc' } });
      expect(found.map(({ name, age }) => [name, age])).toEqual([
        ['Ann', 42],
        ['R', 5],
        ['Q', 7],
      ]);
    });

    it('what the EntityManager around it holds of the records that they name is read again', async () => {
      const [ann, bob] = [await em.findOneOrFail(User, 'ann'), await em.findOneOrFail(User, 'bob')];
      bob.name = 'Mine';
      await em.transaction(async (tx) => {
        await tx.patch(User, 'ann', { age: 50 });
        await tx.patch(User, 'bob', { age: 51 });
      });
      expect([ann.age, bob.age, bob.name]).toEqual([50, 51, 'Mine']);
      await em.transaction(async (tx) => {
        await tx.deleteWhere(User, { id: { $in: ['ann'] } });
      });
      expect(em.contains(ann)).toBe(false);
      await em.flush();
      expect((await fresh('bob')).name).toBe('Mine');
    });

    it('let go a copy that they change', async () => {
      await em.transaction(async (tx) => {
        const ann = await tx.findOneOrFail(User, 'ann');
        await tx.patch(User, 'ann', { age: 1 });
        expect(tx.contains(ann)).toBe(false);
      });
      expect((await em.findOneOrFail(User, 'ann')).age).toBe(1);
    });

    it('are refused, as queries are, where they would miss new rows that are sent after them', async () => {
      const late: [string, (tx: EntityManager) => Promise<unknown>][] = [
        ['updateWhere', (tx) => tx.updateWhere(Team, { name: 'Red' }, { name: 'Blue' })],
        ['deleteWhere', (tx) => tx.deleteWhere(Team, { name: 'Red' })],
        ['find', (tx) => tx.find(Team)],
        ['count', (tx) => tx.count(Team)],
      ];
      for (const [, write] of late)
        await em.transaction(async (tx) => {
          await tx.insert(Team, { id: 'red', name: 'Red' });
          await expect(write(tx)).rejects.toThrow(/Team was queried after.*interactive/s);
          tx.remove(tx.getReference(Team, 'red'));
        });
      await em.transaction(async (tx) => {
        await tx.relate('ann', Follows, 'bob', { weight: 1 });
        await expect(tx.updateWhere(Follows, { weight: 1 }, { weight: 2 })).rejects.toThrow(/Follows was queried/);
        await expect(tx.related('ann' as never, Follows)).rejects.toThrow(/Follows was queried/);
        expect(await tx.updateWhere(Team, { name: 'Red' }, { name: 'Blue' })).toBeUndefined();
      });
      expect(test.sent().filter((text) => text.startsWith('BEGIN'))).toHaveLength(1);
      expect(await em.fork().find(Follows)).toMatchObject([{ weight: 1 }]);
    });
  });

  if (backend.stateful)
    it('act at once in an interactive transaction, and go with it', async () => {
      const failing = em.transaction(
        async (tx) => {
          const ann = await tx.patch(User, 'ann', { age: increment(1) });
          expect(ann.age).toBe(43);
          expect(await tx.updateWhere(User, { age: 43 }, { name: 'Older' })).toBe(1);
          expect(await tx.deleteWhere(User, { name: 'Bob' })).toBe(1);
          expect(await tx.count(User)).toBe(1);
          throw new Error('no');
        },
        { mode: 'interactive' },
      );
      await expect(failing).rejects.toThrow('no');
      expect(await fresh('ann')).toMatchObject({ age: 42, name: 'Ann' });
      expect(await em.count(User)).toBe(2);
    });

  it('a repository has them without the class', async () => {
    const users = em.getRepository(User);
    expect((await users.patch('ann', { age: 1 })).age).toBe(1);
    expect(await users.updateWhere({ age: 1 }, { age: 2 })).toBe(1);
    expect(await users.deleteWhere({ name: 'Bob' })).toBe(1);
    await users.find({}, { refresh: true });
  });
});
