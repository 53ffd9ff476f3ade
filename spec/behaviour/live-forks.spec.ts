import { Field, Id, Relation, Table, surql, type EntityManager, type Link, type RecordId } from '../../lib/index.js';
import { eventually } from '../server/support/eventually.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'person', permissions: { select: surql`id = $auth` } })
class Person {
  @Id() id!: RecordId<'person'>;
  @Field('string') name!: string;
}

const own = surql`owner = $auth`;
@Table({ name: 'note', permissions: { select: own, create: own, update: own, delete: own } })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
  @Relation(() => Person) owner!: Link<Person>;
}

const as = (name: string) => ({ access: 'account', variables: { name } });

describe.each(backends.filter(({ stateful }) => stateful))('live on forks on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Person, Note] });
    em = test.orm.em.fork();
    await em.query(surql`
      DEFINE ACCESS account ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM person WHERE name = $name)`);
    for (const name of ['ann', 'bob']) em.create(Person, { id: name, name });
    await em.flush();
  });
  afterAll(() => test.close());
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('two users over one connection never hear of each other', async () => {
    const names = ['ann', 'bob'] as const;
    const heard: Record<string, string[]> = { ann: [], bob: [] };
    const open = names.map(async (name) => {
      const fork = em.fork({ auth: as(name) });
      const stream = await fork.live(Note);
      stream.subscribe(({ entity }) => heard[name]?.push(entity?.text ?? 'resync'));
      return { stream, list: await fork.liveList(Note) };
    });
    const [ann, bob] = await Promise.all(open);
    for (const name of names) em.create(Note, { text: `of ${name}`, owner: em.getReference(Person, name) });
    await em.flush();
    await eventually(() => expect(heard).toEqual({ ann: ['of ann'], bob: ['of bob'] }));
    await eventually(() => expect(ann?.list.items.map(({ text }) => text)).toEqual(['of ann']));
    await eventually(() => expect(bob?.list.items.map(({ text }) => text)).toEqual(['of bob']));
    for (const one of [ann, bob]) await Promise.all([one?.stream.close(), one?.list.close()]);
  });

  it('a database of its own is listened to, fetched from and read', async () => {
    const there = em.fork({ database: 'elsewhere' });
    await there.query(surql`DEFINE TABLE person; DEFINE TABLE note`);
    const stream = await there.live(Note, {}, { fetch: { owner: true } });
    const list = await there.liveList(Note, {}, { fetch: { owner: true } });
    const note = there.create(Note, { text: 'there', owner: { id: 'ann', name: 'another Ann' } });
    await there.flush();
    expect((await stream.next()).value?.entity?.owner.get().name).toBe('another Ann');
    await eventually(() => expect(list.items.map(({ owner }) => owner.get().name)).toEqual(['another Ann']));
    const gone: string[] = [];
    list
      .on('leave', ({ id }) => gone.push(`leave ${String(id)}`))
      .on('delete', ({ id }) => gone.push(`delete ${String(id)}`));
    await there.transaction(async (tx) => void (await tx.deleteWhere(Note, { id: note.id })), { mode: 'interactive' });
    await eventually(() => expect(gone).toEqual([`delete ${String(note.id)}`]));
    await Promise.all([stream.close(), list.close()]);
  });
});
