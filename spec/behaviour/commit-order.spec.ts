import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Field,
  Id,
  In,
  Index,
  Out,
  QueryError,
  Relation,
  Table,
  UniqueConstraintError,
  ValidationError,
  Version,
  surql,
  type EntityManager,
  type Link,
  type Links,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

@Table({ name: 'seat' })
@Index({ fields: ['row', 'place'], unique: true })
class Seat {
  @Id() id!: RecordId<'seat'>;
  @Field('option<string>', { unique: true }) code?: string;
  @Field('option<string>', { unique: true, name: 'nick_name' }) nick?: string;
  @Field('string', { unique: true }) serial!: string;
  @Field('int') row!: number;
  @Field('option<int>') place?: number;
  @Version() readonly version!: number;
}

/** Links to itself and, by way of Root, in a circle of classes; the server refuses to delete what is linked to. */
@Table({ name: 'node' })
class Node {
  @Id() id!: RecordId<'node'>;
  @Field('string') name!: string;
  @Relation(() => Node, { optional: true, onDelete: 'reject' }) parent?: Link<Node>;
  @Relation(() => Root, { optional: true, onDelete: 'reject' }) root?: Link<Root>;
  @Relation(() => Node, { many: true, onDelete: 'reject' }) others!: Links<Node>;
  @Relation(() => Node, { edge: () => Joins }) joined!: Links<Node, Joins>;
}

@Table({ name: 'root' })
class Root {
  @Id() id!: RecordId<'root'>;
  @Relation(() => Node, { optional: true, onDelete: 'reject' }) top?: Link<Node>;
}

@Table({ name: 'joins', type: 'relation', in: () => Node, out: () => Node, enforced: true })
@Index({ fields: ['in', 'out'], unique: true })
class Joins {
  @Id() id!: RecordId<'joins'>;
  @In() in!: Link<Node>;
  @Out() out!: Link<Node>;
  @Field('option<int>') weight?: number;
}

describe.each(backends)('the order of a flush on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Seat, Node, Root, Joins] });
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(async () => {
    await expectInOrder(test, em);
    // The server's own order of a mixed deletion is no concern here.
    await test.orm.em
      .fork()
      .query(
        surql`DELETE joins; UPDATE node SET parent = NONE, root = NONE, others = []; UPDATE root UNSET top; DELETE node; DELETE root; DELETE seat`,
      );
  });

  /** What a flush writes, in one request. */
  async function flushed(): Promise<unknown[]> {
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    return test.written();
  }

  describe('unique values', () => {
    let a: Seat;
    let b: Seat;
    let c: Seat;

    beforeEach(async () => {
      [a, b, c] = (['a', 'b', 'c'] as const).map((id, row) =>
        em.create(Seat, { id, code: `code ${id}`, nick: `nick ${id}`, serial: `serial ${id}`, row, place: 1 }),
      ) as [Seat, Seat, Seat];
      await flushed();
    });

    const stored = async () =>
      Object.fromEntries(
        (await em.fork().find(Seat, {}, { orderBy: { id: 'asc' } })).map((seat) => [seat.id.key, seat]),
      );

    it('of a record that goes may be taken by a new one, required or not', async () => {
      em.remove(a);
      const d = em.create(Seat, { id: 'd', code: 'code a', serial: 'serial a', row: 0, place: 1 });
      expect(await flushed()).toEqual([
        'DELETE [seat:a] RETURN NONE',
        "CREATE ONLY seat:d CONTENT { code: 'code a', place: 1, row: 0, serial: 'serial a', version: 1 } RETURN AFTER",
      ]);
      expect(await stored()).toEqual({
        b: expect.anything(),
        c: expect.anything(),
        d: expect.objectContaining({ serial: 'serial a' }),
      });
      expect(d.version).toBe(1);
    });

    it('of a record that goes may be taken by one that stays', async () => {
      em.remove(a);
      b.serial = 'serial a';
      expect(await flushed()).toEqual([
        'DELETE [seat:a] RETURN NONE',
        "UPDATE ONLY seat:b SET serial = 'serial a', version += 1 RETURN VALUE id",
      ]);
      expect((await stored())['b']).toMatchObject({ serial: 'serial a', version: 2 });
      expect(b.version).toBe(2);
    });

    it('move along a chain, whatever order the changes were made in', async () => {
      c.serial = 'serial b';
      b.serial = 'serial a';
      a.serial = 'free';
      const d = em.create(Seat, { serial: 'serial c', row: 9 });
      expect(await flushed()).toEqual([
        "UPDATE ONLY seat:a SET serial = 'free', version += 1 RETURN VALUE id",
        "UPDATE ONLY seat:b SET serial = 'serial a', version += 1 RETURN VALUE id",
        "UPDATE ONLY seat:c SET serial = 'serial b', version += 1 RETURN VALUE id",
        `CREATE ONLY ${d.id} CONTENT { row: 9, serial: 'serial c', version: 1 } RETURN AFTER`,
      ]);
      expect([a.serial, b.serial, c.serial, d.serial]).toEqual(['free', 'serial a', 'serial b', 'serial c']);
      const now = await stored();
      expect([now['a']?.serial, now['b']?.serial, now['c']?.serial]).toEqual(['free', 'serial a', 'serial b']);
    });

    it('two records exchange them where the field admits NONE; each version grows once', async () => {
      [a.code, b.code] = [b.code, a.code];
      [a.nick, b.nick] = [b.nick, a.nick];
      expect(await flushed()).toEqual([
        'UPDATE seat:b SET code = NONE, nick_name = NONE RETURN NONE',
        "UPDATE ONLY seat:a SET code = 'code b', nick_name = 'nick b', version += 1 RETURN VALUE id",
        "UPDATE ONLY seat:b SET code = 'code a', nick_name = 'nick a', version += 1 RETURN VALUE id",
      ]);
      const now = await stored();
      expect([now['a'], now['b']]).toMatchObject([
        { code: 'code b', nick: 'nick b', version: 2 },
        { code: 'code a', nick: 'nick a', version: 2 },
      ]);
      expect([a.version, b.version]).toEqual([2, 2]);
    });

    it('three pass them round', async () => {
      [a.code, b.code, c.code] = [c.code, a.code, b.code];
      expect(await flushed()).toEqual([
        'UPDATE seat:c SET code = NONE RETURN NONE',
        "UPDATE ONLY seat:a SET code = 'code c', version += 1 RETURN VALUE id",
        "UPDATE ONLY seat:b SET code = 'code a', version += 1 RETURN VALUE id",
        "UPDATE ONLY seat:c SET code = 'code b', version += 1 RETURN VALUE id",
      ]);
      const now = await stored();
      expect([now['a']?.code, now['b']?.code, now['c']?.code]).toEqual(['code c', 'code a', 'code b']);
    });

    it('of several fields together', async () => {
      [a.row, a.place, b.row, b.place] = [1, 1, 0, 1];
      const error: unknown = await em.flush().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ValidationError);
      // `place` stays as it is: nothing of the index changes that could be let go of.
      expect((error as ValidationError).errors[0]).toMatchObject({ rule: 'unique' });
      [a.row, a.place, b.row, b.place] = [1, 2, 0, 2];
      expect(await flushed()).toEqual([
        'UPDATE ONLY seat:a SET row = 1, place = 2, version += 1 RETURN VALUE id',
        'UPDATE ONLY seat:b SET row = 0, place = 2, version += 1 RETURN VALUE id',
      ]);
      [a.row, a.place, b.row, b.place] = [0, 3, 1, 3];
      expect(await flushed()).toEqual([
        'UPDATE ONLY seat:a SET row = 0, place = 3, version += 1 RETURN VALUE id',
        'UPDATE ONLY seat:b SET row = 1, place = 3, version += 1 RETURN VALUE id',
      ]);
      [a.row, a.place, c.row, c.place] = [2, 1, 0, 3];
      expect(await flushed()).toEqual([
        'UPDATE seat:c SET place = NONE RETURN NONE',
        'UPDATE ONLY seat:a SET row = 2, place = 1, version += 1 RETURN VALUE id',
        'UPDATE ONLY seat:c SET row = 0, place = 3, version += 1 RETURN VALUE id',
      ]);
      expect((await stored())['a']).toMatchObject({ row: 2, place: 1 });
    });

    it('are refused where the field is required, with the way out; nothing is sent', async () => {
      test.clear();
      [a.serial, b.serial] = [b.serial, a.serial];
      const error: unknown = await em.flush().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ValidationError);
      expect((error as ValidationError).errors).toEqual([
        { path: 'Seat.serial', message: expect.stringContaining('seat:a'), rule: 'unique' },
      ]);
      expect((error as ValidationError).message).toContain('flush between');
      expect(test.sent()).toEqual([]);
      expect(await stored()).toMatchObject({ a: { serial: 'serial a' }, b: { serial: 'serial b' } });
      [a.serial, b.serial] = [b.serial, a.serial];
    });

    it('an exchange is guarded by the version, before anything is let go of', async () => {
      const other = test.orm.em.fork();
      (await other.findOneOrFail(Seat, 'b')).place = 7;
      await other.flush();
      [a.code, b.code] = [b.code, a.code];
      test.clear();
      await expect(em.flush()).rejects.toMatchObject({ code: 'OPTIMISTIC_LOCK', id: b.id });
      expect(test.statements().slice(0, 4)).toEqual([
        'BEGIN',
        "IF (SELECT VALUE true FROM ONLY seat:b) = NONE { THROW 'reverie:gone' }",
        "IF seat:b.version != 1 { THROW 'reverie:stale' }",
        'UPDATE seat:b SET code = NONE RETURN NONE',
      ]);
      expect((await stored())['a']?.code).toBe('code a');
      await em.refresh(b);
      [a.code, b.code] = ['code b', 'code a'];
      expect(await flushed()).toEqual([
        'UPDATE seat:b SET code = NONE RETURN NONE',
        "UPDATE ONLY seat:a SET code = 'code b', version += 1 RETURN VALUE id",
        "UPDATE ONLY seat:b SET code = 'code a', version += 1 RETURN VALUE id",
      ]);
      expect((await stored())['b']).toMatchObject({ code: 'code a', place: 7, version: 3 });
    });

    it('in a deferred transaction too', async () => {
      test.clear();
      await em.transaction(async (tx) => {
        const [x, y] = (await tx.findByIds(Seat, ['a', 'b'])) as [Seat, Seat];
        [x.code, y.code] = [y.code, x.code];
      });
      expect(test.written()).toEqual([
        'UPDATE seat:b SET code = NONE RETURN NONE',
        "UPDATE ONLY seat:a SET code = 'code b', version += 1 RETURN VALUE id",
        "UPDATE ONLY seat:b SET code = 'code a', version += 1 RETURN VALUE id",
      ]);
      expect((await stored())['a']?.code).toBe('code b');
      await em.refresh(a);
      await em.refresh(b);
    });

    it('a value that somebody else has is an error as ever', async () => {
      a.code = 'code b';
      test.clear();
      await expect(em.flush()).rejects.toThrow(UniqueConstraintError);
      expect(test.written()).toEqual(["UPDATE ONLY seat:a SET code = 'code b', version += 1 RETURN VALUE id"]);
      expect(a).toMatchObject({ code: 'code b', version: 1 });
      expect((await stored())['a']).toMatchObject({ code: 'code a', version: 1 });
      a.code = 'code a';
    });
  });

  describe('links', () => {
    it('a circle of new records is one request', async () => {
      const [one, two] = [em.create(Node, { name: 'one' }), em.create(Node, { name: 'two' })];
      const root = em.create(Root, { top: one });
      em.assign(one, { parent: two, root });
      em.assign(two, { parent: one });
      expect(await flushed()).toEqual([
        `CREATE ONLY ${two.id} CONTENT { name: 'two', others: [], parent: ${one.id} } RETURN NONE`,
        `CREATE ONLY ${one.id} CONTENT { name: 'one', others: [], parent: ${two.id}, root: ${root.id} } RETURN NONE`,
        `CREATE ONLY ${root.id} CONTENT { top: ${one.id} } RETURN NONE`,
      ]);
      const found = await em.fork().findOneOrFail(Node, one.id, { fetch: { parent: true, root: true } });
      expect([(await found.parent?.load())?.name, found.root?.id.equals(root.id)]).toEqual(['two', true]);
    });

    it('a record may link to itself', async () => {
      const self = em.create(Node, { name: 'self' });
      em.assign(self, { parent: self });
      self.others.add(self);
      expect(await flushed()).toEqual([
        `CREATE ONLY ${self.id} CONTENT { name: 'self', others: [${self.id}], parent: ${self.id} } RETURN NONE`,
      ]);
      expect(await self.parent?.load()).toBe(self);
      await em.fork().query(surql`UPDATE ${self.id} SET parent = NONE, others = []`);
      await em.refresh(self);
      em.remove(self);
      expect(await flushed()).toEqual([`DELETE [${self.id}] RETURN NONE`]);
      expect(await em.count(Node)).toBe(0);
    });

    it('a tree is deleted from its leaves, in whatever order its nodes were removed', async () => {
      const nodes = ['a', 'b', 'c', 'd'].map((name) => em.create(Node, { name }));
      for (const [at, node] of nodes.entries()) if (at > 0) em.assign(node, { parent: nodes[at - 1] as Node });
      nodes[3]?.others.add(nodes[0] as Node);
      const root = em.create(Root, { top: nodes[0] as Node });
      await flushed();
      for (const node of nodes) em.remove(node);
      em.remove(root);
      expect(await flushed()).toEqual([
        `DELETE [${[...nodes.slice(1).reverse(), root, nodes[0] as Node].map(({ id }) => id).join(', ')}] RETURN NONE`,
      ]);
      expect(await em.count(Node)).toBe(0);
    });

    it('what is linked to cannot go where the link says reject; the error names both, and nothing is lost', async () => {
      const parent = em.create(Node, { id: 'p', name: 'parent' });
      const child = em.create(Node, { id: 'c', name: 'child', parent });
      await flushed();
      em.remove(parent);
      test.clear();
      const error: unknown = await em.flush().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(QueryError);
      expect((error as QueryError).message).toMatch(/node:p.*node:c/s);
      expect((error as QueryError).entities).toEqual(['Node']);
      expect(test.written()).toEqual(['DELETE [node:p] RETURN NONE']);
      expect([await em.fork().count(Node), em.contains(parent)]).toEqual([2, true]);
      em.assign(child, { parent: null });
      expect(await flushed()).toEqual([
        'UPDATE ONLY node:c SET parent = NONE RETURN VALUE id',
        'DELETE [node:p] RETURN NONE',
      ]);
      expect(em.contains(parent)).toBe(false);
    });

    it('edges go before nodes, and edges of new nodes after them', async () => {
      const [one, two] = [em.create(Node, { name: 'one' }), em.create(Node, { name: 'two' })];
      one.joined.add(two, { weight: 1 });
      await flushed();
      const [edge] = await em.find(Joins);
      em.remove(two);
      em.remove(edge as Joins);
      const three = em.create(Node, { name: 'three' });
      one.joined.add(three, { weight: 2 });
      expect(await flushed()).toEqual([
        `CREATE ONLY ${three.id} CONTENT { name: 'three', others: [] } RETURN NONE`,
        `DELETE [${edge?.id}] RETURN NONE`,
        `DELETE [${two.id}] RETURN NONE`,
        withMadeKeys(`RELATE ONLY ${one.id}->joins:*->${three.id} CONTENT { weight: 2 } RETURN NONE`),
      ]);
      expect((await em.fork().find(Joins)).map(({ weight }) => weight)).toEqual([2]);
      expect(await one.joined.load()).toEqual([three]);
    });
  });
});
