import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Field,
  Id,
  In,
  Out,
  Relation,
  Table,
  UniqueConstraintError,
  ValidationError,
  surql,
  type EntityManager,
  type Link,
  type Links,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'order' })
class Order {
  @Id() id!: RecordId<'order'>;
  @Field('option<string>', { unique: true }) code?: string;
  @Relation(() => Line, { inverse: 'order', owns: true }) lines!: Links<Line>;
  @Relation(() => Cover, { optional: true, owns: true }) cover?: Link<Cover>;
  @Relation(() => Picture, { many: true, owns: true }) pictures!: Links<Picture>;
  @Relation(() => Picture, { many: true, list: true, owns: true }) slides!: Links<Picture>;
  @Relation(() => Label, { edge: () => Labels, owns: true }) labels!: Links<Label>;
}

@Table({ name: 'line' })
class Line {
  @Id() id!: RecordId<'line'>;
  @Field('string') text!: string;
  @Relation(() => Order) order!: Link<Order>;
  @Relation(() => Note, { inverse: 'line', owns: true }) notes!: Links<Note>;
}

@Table({ name: 'note' })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
  @Relation(() => Line, { optional: true }) line?: Link<Line>;
}

@Table({ name: 'cover' })
class Cover {
  @Id() id!: RecordId<'cover'>;
  @Field('string') title!: string;
}

@Table({ name: 'picture' })
class Picture {
  @Id() id!: RecordId<'picture'>;
  @Field('string') file!: string;
}

@Table({ name: 'label' })
class Label {
  @Id() id!: RecordId<'label'>;
  @Field('string') text!: string;
}

@Table({ name: 'labels', type: 'relation', in: () => Order, out: () => Label })
class Labels {
  @Id() id!: RecordId<'labels'>;
  @In() in!: Link<Order>;
  @Out() out!: Link<Label>;
}

const TABLES = ['line', 'note', 'cover', 'picture', 'label', 'labels', 'order'] as const;

describe.each(backends)('owned relations on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Order, Line, Note, Cover, Picture, Label, Labels] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    for (const table of TABLES) await setup.query(surql`DELETE ${surql.id(table)}`);
    setup.create(Order, {
      id: 'a',
      lines: [
        { id: 'l1', text: 'one', notes: [{ id: 'n1', text: 'n' }] },
        { id: 'l2', text: 'two' },
      ],
      cover: { id: 'c1', title: 'front' },
      pictures: [
        { id: 'p1', file: '1' },
        { id: 'p2', file: '2' },
      ],
      slides: [{ id: 's1', file: 's' }],
      labels: [{ id: 'x', text: 'x' }],
    });
    setup.create(Order, { id: 'b' });
    await setup.flush();
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  async function sendsNothing(): Promise<void> {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  }

  /** Flushes, as one request, and tells what is stored; `test.written()` tells by which statements. */
  async function flushed(): Promise<Record<string, string[]>> {
    test.clear();
    await em.flush();
    expect(test.sent().filter((text) => text.startsWith('BEGIN'))).toHaveLength(1);
    return stored();
  }

  async function stored(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const table of TABLES) {
      const [ids] = await test.orm.em
        .fork()
        .query<[RecordId[]]>(surql`SELECT VALUE id FROM ${surql.id(table)} ORDER BY id`);
      if (ids.length > 0 && table !== 'labels') found[table] = ids.map(({ key }) => String(key));
    }
    return found;
  }

  const ALL = {
    order: ['a', 'b'],
    line: ['l1', 'l2'],
    note: ['n1'],
    cover: ['c1'],
    picture: ['p1', 'p2', 's1'],
    label: ['x'],
  };
  const FETCH = {
    fetch: { lines: { fetch: { notes: true } }, cover: true, pictures: true, slides: true, labels: true },
  } as const;
  const both = async () => {
    const a = await em.findOneOrFail(Order, 'a', FETCH);
    const b = await em.findOneOrFail(Order, 'b', FETCH);
    return [a, b] as const;
  };

  describe('persist', () => {
    it('reaches what is new behind an owned relation, however deep', async () => {
      const [a] = await both();
      const line = new Line();
      line.text = 'three';
      const note = new Note();
      note.text = 'deep';
      a.lines.add(line);
      line.notes.add(note);
      const now = await flushed();
      expect(test.written()).toEqual([
        `CREATE ONLY ${line.id} CONTENT { order: order:a, text: 'three' } RETURN NONE`,
        `CREATE ONLY ${note.id} CONTENT { line: ${line.id}, text: 'deep' } RETURN NONE`,
      ]);
      expect([now['line']?.length, now['note']?.length]).toEqual([3, 2]);
      expect(a.lines.get().map(({ text }) => text)).toEqual(['one', 'two', 'three']);
      expect(em.contains(note)).toBe(true);
    });

    it('a new entity behind a relation that does not own it is an error that names the path, from both sides', async () => {
      const line = await em.findOneOrFail(Line, 'l1');
      const order = new Order();
      line.order.set(order);
      const error: unknown = await em.flush().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ValidationError);
      expect((error as ValidationError).errors[0]?.path).toBe('Line.order');
      expect(test.written()).toEqual([]);
      expect(await stored()).toEqual(ALL);
      line.order.set('a');
    });
  });

  describe('remove', () => {
    it('takes along everything that is owned and loaded, however deep, children first', async () => {
      const [a] = await both();
      em.remove(a);
      expect(await flushed()).toEqual({ order: ['b'] });
      expect(test.written()).toEqual([
        'DELETE [label:x, note:n1, line:l1, line:l2, order:a, picture:p1, picture:p2, picture:s1, cover:c1] RETURN NONE',
      ]);
      expect(em.contains(a)).toBe(false);
    });

    it('of an owner that is not loaded further leaves what is not known, and takes what is known by id', async () => {
      em.remove(await em.findOneOrFail(Order, 'a'));
      expect(await flushed()).toEqual({ ...ALL, order: ['b'], cover: undefined, picture: undefined });
      expect(test.written()).toEqual(['DELETE [order:a, picture:p1, picture:p2, picture:s1, cover:c1] RETURN NONE']);
    });

    it('an owned record that is known by id may be gone already', async () => {
      await test.orm.em.fork().query(surql`DELETE picture:p1`);
      em.remove(await em.findOneOrFail(Order, 'a'));
      expect(await flushed()).toEqual({ ...ALL, order: ['b'], cover: undefined, picture: undefined });
      // Nothing but the owner has to be there.
      expect(test.statements().slice(0, 3)).toEqual([
        'BEGIN',
        "IF (SELECT VALUE true FROM ONLY order:a) = NONE { THROW 'reverie:gone' }",
        'DELETE [order:a, picture:p1, picture:p2, picture:s1, cover:c1] RETURN NONE',
      ]);
    });

    it('is taken back with the owner', async () => {
      const [a] = await both();
      em.remove(a);
      em.persist(a);
      await sendsNothing();
      expect(await stored()).toEqual(ALL);
    });

    it('a child that another owner takes stays', async () => {
      const [a, b] = await both();
      const one = a.lines.get()[0] as Line;
      em.remove(a);
      b.lines.add(one);
      const now = await flushed();
      expect(test.written()).toEqual([
        'UPDATE ONLY line:l1 SET order = order:b RETURN VALUE id',
        'DELETE [label:x, line:l2, order:a, picture:p1, picture:p2, picture:s1, cover:c1] RETURN NONE',
      ]);
      expect(now).toEqual({ order: ['b'], line: ['l1'], note: ['n1'] });
      expect(one.order.id.key).toBe('b');
      expect(b.lines.get()).toEqual([one]);
    });

    it('a new owner that is dropped drops what was made with it', async () => {
      const order = em.create(Order, { lines: [{ text: 'x', notes: [{ text: 'y' }] }], pictures: [{ file: 'f' }] });
      em.remove(order);
      await sendsNothing();
      expect(await stored()).toEqual(ALL);
    });
  });

  describe('letting go', () => {
    it('of a member of an inverse side removes it, and what it owns', async () => {
      const [a] = await both();
      a.lines.remove('l1');
      expect(await flushed()).toEqual({ ...ALL, line: ['l2'], note: undefined });
      expect(test.written()).toEqual(['DELETE [note:n1, line:l1] RETURN NONE']);
      expect(a.lines.get().map(({ id }) => id.key)).toEqual(['l2']);
    });

    it('by id, of a side that is not loaded', async () => {
      const a = await em.findOneOrFail(Order, 'a');
      a.lines.remove('l2');
      expect(await flushed()).toEqual({ ...ALL, line: ['l1'] });
      expect(test.written()).toEqual(['DELETE [line:l2] RETURN NONE']);
    });

    it('moving a member to another owner cancels it, in either order', async () => {
      const [a, b] = await both();
      const one = a.lines.get()[0] as Line;
      const two = a.lines.get()[1] as Line;
      a.lines.remove(one);
      b.lines.add(one);
      b.lines.add(two);
      a.lines.remove(two);
      const now = await flushed();
      expect(test.written()).toEqual([
        'UPDATE ONLY line:l1 SET order = order:b RETURN VALUE id',
        'UPDATE ONLY line:l2 SET order = order:b RETURN VALUE id',
      ]);
      expect(now).toEqual(ALL);
      expect([one.order.id.key, two.order.id.key]).toEqual(['b', 'b']);
      expect([a.lines.get(), b.lines.get()]).toEqual([[], [one, two]]);
    });

    it('putting it back cancels it', async () => {
      const [a] = await both();
      const one = a.lines.get()[0] as Line;
      a.lines.remove(one);
      a.lines.add(one);
      await sendsNothing();
      expect(await stored()).toEqual(ALL);
      expect(a.lines.get()).toContain(one);
    });

    it('optional links do not save what is owned', async () => {
      const line = await em.findOneOrFail(Line, 'l1', { fetch: { notes: true } });
      line.notes.remove('n1');
      expect(await flushed()).toEqual({ ...ALL, note: undefined });
      expect(test.written()).toEqual(['DELETE [note:n1] RETURN NONE']);
      expect(line.notes.get()).toEqual([]);
    });

    it('clear removes old ones, new ones are made, survivors are untouched', async () => {
      const [a] = await both();
      const one = a.lines.get()[0] as Line;
      a.lines.set([one, { id: 'l3', text: 'three' }]);
      expect(await flushed()).toEqual({ ...ALL, line: ['l1', 'l3'] });
      expect(test.written()).toEqual([
        "CREATE ONLY line:l3 CONTENT { order: order:a, text: 'three' } RETURN NONE",
        'DELETE [line:l2] RETURN NONE',
      ]);
      a.lines.clear();
      a.lines.add({ id: 'l4', text: 'four' });
      expect((await flushed())['line']).toEqual(['l4']);
      expect(test.written()).toEqual([
        "CREATE ONLY line:l4 CONTENT { order: order:a, text: 'four' } RETURN NONE",
        'DELETE [note:n1, line:l1, line:l3] RETURN NONE',
      ]);
      expect(a.lines.get().map(({ id }) => id.key)).toEqual(['l4']);
    });

    it('clear of what is not known reads what goes', async () => {
      const a = em.getReference(Order, 'a');
      for (const owned of [a.lines, a.pictures, a.labels]) owned.clear();
      test.clear();
      await em.flush();
      expect(test.sent()).toHaveLength(2);
      const left = await stored();
      expect([left['line'], left['picture'], left['label']]).toEqual([undefined, ['s1'], undefined]);
    });

    it('of link arrays, sets and lists', async () => {
      const [a] = await both();
      a.pictures.remove('p1');
      a.slides.set([]);
      expect(await flushed()).toEqual({ ...ALL, picture: ['p2'] });
      expect(test.written()).toEqual([
        'UPDATE ONLY order:a SET pictures -= [picture:p1], slides = [] RETURN AFTER',
        'DELETE [picture:p1, picture:s1] RETURN NONE',
      ]);
      a.pictures.clear();
      expect((await flushed())['picture']).toBeUndefined();
      expect(test.written()).toEqual([
        'UPDATE ONLY order:a SET pictures = [] RETURN VALUE id',
        'DELETE [picture:p2] RETURN NONE',
      ]);
      expect(a.pictures.get()).toEqual([]);
    });

    it('a picture that moves to another order stays', async () => {
      const [a, b] = await both();
      const [p1] = a.pictures.get() as [Picture];
      a.pictures.remove(p1);
      b.pictures.add(p1);
      expect(await flushed()).toEqual(ALL);
      expect(test.written()).toEqual([
        'UPDATE ONLY order:a SET pictures -= [picture:p1] RETURN AFTER',
        'UPDATE ONLY order:b SET pictures +?= [picture:p1] RETURN AFTER',
      ]);
      expect(b.pictures.get()).toEqual([p1]);
    });

    it('of a single link, by assignment and by set', async () => {
      const [a, b] = await both();
      em.assign(a, { cover: em.create(Cover, { id: 'c2', title: 'new' }) });
      expect((await flushed())['cover']).toEqual(['c2']);
      expect(test.written()).toEqual([
        "CREATE ONLY cover:c2 CONTENT { title: 'new' } RETURN NONE",
        'UPDATE ONLY order:a SET cover = cover:c2 RETURN VALUE id',
        'DELETE [cover:c1] RETURN NONE',
      ]);
      a.cover?.set({ id: 'c3', title: 'newer' });
      expect((await flushed())['cover']).toEqual(['c3']);
      expect(test.written()).toEqual([
        "CREATE ONLY cover:c3 CONTENT { title: 'newer' } RETURN NONE",
        'UPDATE ONLY order:a SET cover = cover:c3 RETURN VALUE id',
        'DELETE [cover:c2] RETURN NONE',
      ]);
      b.cover = a.cover;
      a.cover = undefined;
      expect((await flushed())['cover']).toEqual(['c3']);
      expect(test.written()).toEqual([
        'UPDATE ONLY order:a SET cover = NONE RETURN VALUE id',
        'UPDATE ONLY order:b SET cover = cover:c3 RETURN VALUE id',
      ]);
      b.cover = undefined;
      expect((await flushed())['cover']).toBeUndefined();
      expect(test.written()).toEqual([
        'UPDATE ONLY order:b SET cover = NONE RETURN VALUE id',
        'DELETE [cover:c3] RETURN NONE',
      ]);
    });

    it('over an edge takes the record and its edge', async () => {
      const [a] = await both();
      a.labels.remove('x');
      expect((await flushed())['label']).toBeUndefined();
      expect(test.written()).toEqual([
        'DELETE order:a->labels WHERE out = label:x OR label:x = NONE RETURN NONE',
        'DELETE [label:x] RETURN NONE',
      ]);
      expect(await em.fork().count(Labels)).toBe(0);
      expect(a.labels.get()).toEqual([]);
    });

    it('a member that was only just added is not made', async () => {
      const [a] = await both();
      const line = em.create(Line, { text: 'x', order: a });
      a.lines.remove(line);
      await sendsNothing();
      expect(em.contains(line)).toBe(false);
      expect(await stored()).toEqual(ALL);
    });
  });

  it('after a failed flush everything is as before, and may still be moved', async () => {
    const [a, b] = await both();
    await test.orm.em.fork().query(surql`UPDATE order:b SET code = 'taken'`);
    const one = a.lines.get()[0] as Line;
    a.lines.remove(one);
    a.code = 'taken';
    test.clear();
    await expect(em.flush()).rejects.toThrow(UniqueConstraintError);
    expect(test.written()).toEqual([
      "UPDATE ONLY order:a SET code = 'taken' RETURN VALUE id",
      'DELETE [note:n1, line:l1] RETURN NONE',
    ]);
    expect(await stored()).toEqual(ALL);
    expect(em.contains(one)).toBe(true);
    b.lines.add(one);
    a.code = 'free';
    expect(await flushed()).toEqual(ALL);
    expect(test.written()).toEqual([
      "UPDATE ONLY order:a SET code = 'free' RETURN VALUE id",
      'UPDATE ONLY line:l1 SET order = order:b RETURN VALUE id',
    ]);
    expect(one.order.id.key).toBe('b');
    await em.refresh(b);
  });

  it('save removes what the saved graph leaves behind, and nothing else', async () => {
    const [a] = await both();
    const other = await em.findOneOrFail(Line, 'l2', { fetch: { notes: true } });
    a.lines.remove('l1');
    other.notes.add({ id: 'n2', text: 'waits' });
    const b = await em.findOneOrFail(Order, 'b');
    test.clear();
    await em.save(b);
    expect(test.sent()).toEqual([]);
    expect((await stored())['line']).toEqual(['l1', 'l2']);
    await em.save(a);
    expect(test.written()).toEqual([
      "CREATE ONLY note:n2 CONTENT { line: line:l2, text: 'waits' } RETURN NONE",
      'DELETE [note:n1, line:l1] RETURN NONE',
    ]);
    expect((await stored())['line']).toEqual(['l2']);
  });

  it('in a transaction that fails nothing is lost', async () => {
    const [a] = await both();
    const run = em.transaction(async (tx) => {
      tx.merge(a);
      a.lines.remove('l1');
      await tx.flush();
      throw new Error('no');
    });
    await expect(run).rejects.toThrow('no');
    expect(test.written()).toEqual([]);
    expect(await stored()).toEqual(ALL);
    expect(a.lines.get()).toHaveLength(2);
    const [one] = a.lines.get();
    expect(one?.order.id.key).toBe('a');
  });
});
