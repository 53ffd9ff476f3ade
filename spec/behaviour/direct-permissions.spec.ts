import {
  Field,
  Id,
  In,
  Out,
  PermissionError,
  Relation,
  Table,
  surql,
  type EntityManager,
  type Link,
  type Opt,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'person', permissions: 'full' })
class Person {
  @Id() id!: RecordId<'person'>;
  @Field('string') name!: string;
}

const own = surql`owner = $auth`;
/** Everybody sees everything, and writes what is theirs. */
@Table({ name: 'note', permissions: { select: surql`true`, create: own, update: own, delete: own } })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
  @Field('int', { default: 0 }) likes!: Opt<number>;
  @Relation(() => Person) owner!: Link<Person>;
}

const outgoing = surql`in = $auth`;
@Table({
  name: 'follows',
  type: 'relation',
  in: () => Person,
  out: () => Person,
  permissions: { select: surql`true`, create: outgoing, update: outgoing, delete: outgoing },
})
class Follows {
  @Id() id!: RecordId<'follows'>;
  @In() in!: Link<Person>;
  @Out() out!: Link<Person>;
  @Field('int', { default: 1 }) weight!: Opt<number>;
}

describe.each(backends)('direct writes of a record user on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Person, Note, Follows] });
    await test.orm.em.fork().query(surql`
      DEFINE ACCESS account ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM person WHERE name = $name)`);
  });
  beforeEach(async () => {
    const root = test.orm.em.fork();
    await root.query(surql`DELETE note; DELETE person; DELETE follows`);
    for (const name of ['ann', 'bob']) {
      const owner = root.create(Person, { id: name, name });
      root.create(Note, { id: name, text: `of ${name}`, likes: 0, owner });
    }
    await root.flush();
    await root.relate('person:ann', Follows, 'person:bob');
    await root.relate('person:bob', Follows, 'person:ann');
    em = test.orm.em.fork({ auth: { access: 'account', variables: { name: 'ann' } } });
    await em.find(Note);
    test.clear();
  });
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    await em.close();
  });
  afterAll(() => test.close());

  const stored = async () => {
    const notes = await test.orm.em.fork().find(Note, {}, { orderBy: { id: 'asc' } });
    return notes.map(({ id, text, likes }) => `${id.key} ${text} ${likes}`);
  };
  const UNTOUCHED = ['ann of ann 0', 'bob of bob 0'];

  /** Refused in one request, with nothing kept. */
  async function barred(work: () => Promise<unknown>, action: string): Promise<void> {
    test.clear();
    const error = await work().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PermissionError);
    expect(String(error)).toContain(action);
    expect(test.sent()).toHaveLength(1);
    expect(await stored()).toEqual(UNTOUCHED);
  }

  it('updateWhere and em.update: a record that may be seen and not changed refuses all of it', async () => {
    await barred(() => em.updateWhere(Note, { likes: 0 }, { likes: 1 }), 'may not update Note');
    await barred(() => em.update(Note).set({ likes: 1 }).all().execute(), 'may not update Note');
    expect(await em.updateWhere(Note, { owner: 'person:ann' }, { likes: 1 })).toBe(1);
    expect(await stored()).toEqual(['ann of ann 1', 'bob of bob 0']);
    expect(await em.updateWhere(Note, { text: 'nobody’s' }, { likes: 1 })).toBe(0);
  });

  it('deleteWhere and em.delete: the same', async () => {
    await barred(() => em.deleteWhere(Note, { likes: 0 }), 'may not delete Note');
    await barred(() => em.delete(Note).all().execute(), 'may not delete Note');
    expect(await em.deleteWhere(Note, { owner: 'person:ann' })).toBe(1);
    expect(await stored()).toEqual(['bob of bob 0']);
  });

  it('patch: refused is not missing', async () => {
    await barred(() => em.patch(Note, 'bob', { text: 'by ann' }), 'may not update Note');
    await barred(() => em.patch(Note, 'bob', { text: 'by ann' }, { returning: 'none' }), 'may not update Note');
    await expect(em.patch(Note, 'nobody', { text: 'by ann' })).rejects.toMatchObject({ code: 'ENTITY_NOT_FOUND' });
    expect(await em.patch(Note, 'ann', { text: 'by ann' })).toMatchObject({ text: 'by ann' });
  });

  it('insert: a refused row is named, and nothing of its chunk is kept', async () => {
    const rows = [
      { id: 'c', text: 'mine', owner: 'person:ann' },
      { id: 'd', text: 'not mine', owner: 'person:bob' },
    ];
    await barred(() => em.insert(Note, rows), 'may not create Note note:d');
    await barred(() => em.insert(Note, rows, { atomic: true, returning: 'after' }), 'may not create Note note:d');
    const overwriting = [{ id: 'bob', text: 'by ann', owner: 'person:ann' }];
    await barred(() => em.insert(Note, overwriting, { onConflict: 'update' }), 'may not write Note');
    const { inserted, errors } = await em.insert(Note, rows, { onError: 'collect' });
    expect([inserted, errors.length, errors[0]?.index]).toEqual([1, 1, 1]);
    expect(errors[0]?.error).toBeInstanceOf(PermissionError);
    expect(await stored()).toEqual(['ann of ann 0', 'bob of bob 0', 'c mine 0']);
  });

  it('upsert: whether the record is made or changed', async () => {
    await barred(() => em.upsert(Note, { id: 'd', text: 'x', owner: 'person:bob' }), 'may not write Note');
    await barred(
      () =>
        em.upsert(Note, [
          { id: 'ann', text: 'x', owner: 'person:ann' },
          { id: 'bob', text: 'x', owner: 'person:bob' },
        ]),
      'may not write Note',
    );
    expect(await em.upsert(Note, { id: 'ann', text: 'fine', owner: 'person:ann' })).toMatchObject({ text: 'fine' });
  });

  it('relate, unrelate and unrelateAll', async () => {
    const edges = () => test.orm.em.fork().count(Follows);
    await barred(() => em.relate('person:bob', Follows, 'person:bob'), 'may not create Follows');
    const again = { onConflict: 'update' } as const;
    await barred(() => em.relate('person:bob', Follows, 'person:ann', { weight: 9 }, again), 'may not write Follows');
    await barred(() => em.unrelate('person:bob', Follows, 'person:ann'), 'may not delete Follows');
    await barred(() => em.unrelateAll('person:ann', Follows, 'both'), 'may not delete Follows');
    expect(await edges()).toBe(2);
    expect(await em.relate('person:ann', Follows, 'person:bob', { weight: 9 }, again)).toMatchObject({ weight: 9 });
    expect(await em.unrelate('person:ann', Follows, 'person:bob')).toBe(1);
    expect(await edges()).toBe(1);
  });

  it('queued in a transaction: it fails when the block ends, with nothing kept', async () => {
    const block = em.transaction(async (tx) => {
      await tx.updateWhere(Note, { owner: 'person:ann' }, { likes: 5 });
      await tx.deleteWhere(Note, { text: 'of bob' });
    });
    await expect(block).rejects.toThrow(PermissionError);
    expect(await stored()).toEqual(UNTOUCHED);
  });
});
