import {
  asc,
  Computed,
  count,
  desc,
  Field,
  field,
  fn,
  Id,
  increment,
  Index,
  Relation,
  sum,
  surql,
  Table,
  ValidationError,
  type EntityManager,
  type Link,
  type Page,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

class Home {
  @Field('string', { name: 'town' }) city!: string;
}

@Table({ name: 'team' })
class Team {
  @Id() id!: RecordId<'team', string>;
  @Field('string') name!: string;
}

@Table({ name: 'person' })
@Index({ fields: ['name'] })
class Person {
  @Id('int') id!: RecordId<'person', number>;
  @Field('string', { name: 'full_name' }) name!: string;
  @Field('int') age!: number;
  @Field('array<string>') tags!: string[];
  @Field('option<string>') nick?: string;
  @Field('datetime') born!: Date;
  @Field(() => Home) home!: Home;
  @Relation(() => Team, { onDelete: 'unset' }) team?: Link<Team>;
  @Computed(
    fn.string.concat(
      field(() => Person, 'name'),
      ', ',
      field(() => Person, 'age'),
    ),
    { type: 'string' },
  )
  readonly label!: string;
  @Computed(fn.string.slug(field(() => Person, 'name')), { type: 'string', stored: true }) readonly slug!: string;
}

const PEOPLE = [
  { id: 1, name: 'Ann Lee', age: 40, tags: ['A', 'b'], born: new Date('1984-05-01T10:00:00Z'), home: { city: 'Rome' } },
  { id: 2, name: 'Bob', age: 30, tags: [], born: new Date('1994-01-02T00:00:00Z'), home: { city: 'Oslo' }, nick: 'bo' },
  { id: 3, name: 'Cleopatra', age: 25, tags: ['c'], born: new Date('1999-12-31T23:00:00Z'), home: { city: 'Ur' } },
];

describe.each(backends)('expressions on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeEach(async () => {
    test = await openOrm(backend, { entities: [Team, Person] });
    const seed = test.orm.em.fork();
    const red = seed.create(Team, { id: 'red', name: 'Red' });
    for (const data of PEOPLE) seed.create(Person, { ...data, ...(data.id < 3 && { team: red }) });
    await seed.flush();
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    await test.close();
  });
  const ids = (people: readonly Person[]): number[] => people.map(({ id }) => id.key);

  it('a whole where, a value of a where, and within $and, $or and $not', async () => {
    expect(ids(await em.find(Person, fn.string.starts_with(field(Person, 'name'), 'A')))).toEqual([1]);
    expect(ids(await em.find(Person, { name: fn.string.capitalize('bob') }))).toEqual([2]);
    expect(ids(await em.find(Person, { age: { $gt: fn.math.max([25, 29]) } }))).toEqual([1, 2]);
    const short = surql`${fn.string.len(field(Person, 'name'))} < ${5}`;
    expect(ids(await em.find(Person, { $not: short, age: { $lt: 40 } }))).toEqual([3]);
    expect(ids(await em.find(Person, { $or: [short, { age: 40 }] }))).toEqual([1, 2]);
  });

  it('names columns as they are called in the table, in embedded objects and through links', async () => {
    const { text } = em
      .select(Person)
      .where(fn.string.contains(field(Person, 'home.city'), 'o'))
      .toSurql();
    expect(text).toContain('string::contains(home.town, $p1)');
    expect(ids(await em.find(Person, fn.string.contains(field(Person, 'home.city'), 'o')))).toEqual([1, 2]);
    expect(ids(await em.find(Person, surql`${field(Person, 'team.name')} = ${'Red'}`))).toEqual([1, 2]);
  });

  it('finds rows by computed fields beside an index', async () => {
    const labelled = await em.find(Person, { name: 'Bob', $and: [fn.string.ends_with(field(Person, 'label'), '30')] });
    expect(ids(labelled)).toEqual([2]);
    expect(labelled[0]).toMatchObject({ label: 'Bob, 30', slug: 'bob' });
  });

  it('orders by an expression, either way, before other keys', async () => {
    const length = fn.string.len(field(Person, 'name'));
    expect(ids(await em.find(Person, {}, { orderBy: length }))).toEqual([2, 1, 3]);
    expect(ids(await em.find(Person, {}, { orderBy: desc(length), limit: 2 }))).toEqual([3, 1]);
    const hasNick = fn.type.is_none(field(Person, 'nick'));
    expect(ids(await em.find(Person, {}, { orderBy: [asc(hasNick), { age: 'asc' }] }))).toEqual([2, 3, 1]);
    expect(ids(await em.find(Person, {}, { orderBy: desc(fn.string.len(field(Person, 'label'))) }))).toEqual([3, 1, 2]);
  });

  it('pages by an expression', async () => {
    const orderBy = desc(fn.string.len(field(Person, 'name')));
    const seen: number[] = [];
    for (let after: string | null = null; ;) {
      const page: Page<Person> = await em.findPage(Person, {}, { orderBy, first: 1, after });
      seen.push(...ids(page.items));
      if (!page.hasNextPage) break;
      after = page.endCursor;
    }
    expect(seen).toEqual([3, 1, 2]);
  });

  it('plain rows of fields and expressions', async () => {
    const rows = await em
      .select(Person)
      .where({ age: { $gte: 30 } })
      .orderBy({ age: 'asc' })
      .fields({
        name: 'name',
        team: 'team.name',
        nick: 'nick',
        born: 'born',
        year: fn.time.year(field(Person, 'born')),
        day: fn.time.floor(field(Person, 'born'), surql`1d`),
        lower: fn.array.map(field(Person, 'tags'), (tag) => fn.string.lowercase(tag)),
        label: 'label',
      })
      .list();
    expect(rows).toEqual([
      {
        name: 'Bob',
        team: 'Red',
        nick: 'bo',
        born: PEOPLE[1]?.born,
        year: 1994,
        day: new Date('1994-01-02T00:00:00Z'),
        lower: [],
        label: 'Bob, 30',
      },
      {
        name: 'Ann Lee',
        team: 'Red',
        nick: null,
        born: PEOPLE[0]?.born,
        year: 1984,
        day: new Date('1984-05-01T00:00:00Z'),
        lower: ['a', 'b'],
        label: 'Ann Lee, 40',
      },
    ]);
    expect(test.sent()).toHaveLength(1);
    expect(
      await em
        .select(Person)
        .where(3)
        .fields({ n: fn.array.len(field(Person, 'tags')) })
        .one(),
    ).toEqual({ n: 1 });
    expect(await em.select(Person).where(9).fields({ n: 'age' }).one()).toBeNull();
  });

  it('one value of each record, also as a subquery', async () => {
    const lengths = em
      .select(Person)
      .orderBy({ name: 'asc' })
      .value(fn.string.len(field(Person, 'name')));
    expect(await lengths).toEqual([7, 3, 9]);
    const ages = em
      .select(Person)
      .where({ age: { $lt: 40 } })
      .value(surql`${field(Person, 'age')} + 10`);
    expect(ids(await em.find(Person, { age: { $in: ages as never } }))).toEqual([1]);
  });

  it('groups and aggregates of expressions', async () => {
    const rows = await em.aggregate(Person, {
      groupBy: [{ decade: fn.math.floor(surql`${field(Person, 'age')} / 10f`) }],
      select: { n: count(), letters: sum(fn.string.len(field(Person, 'name'))) },
      orderBy: { decade: 'asc' },
    });
    expect(rows).toEqual([
      { decade: 2, n: 1, letters: 9 },
      { decade: 3, n: 1, letters: 3 },
      { decade: 4, n: 1, letters: 7 },
    ]);
  });

  it('changes: patch, updateWhere and the update builder', async () => {
    const ann = await em.patch(Person, 1, { name: fn.string.uppercase(field(Person, 'name')), age: increment(1) });
    expect(ann).toMatchObject({ name: 'ANN LEE', age: 41, slug: 'ann-lee' });
    await em.updateWhere(Person, { age: { $lt: 40 } }, { nick: fn.string.slice(field(Person, 'name'), 0, 2) });
    await em
      .update(Person)
      .set({ tags: fn.array.sort(['z', 'y']) })
      .where({ nick: 'Cl' })
      .execute();
    const rows = await em.select(Person).orderBy({ age: 'asc' }).fields({ nick: 'nick', tags: 'tags' }).list();
    expect(rows).toEqual([
      { nick: 'Cl', tags: ['y', 'z'] },
      { nick: 'Bo', tags: [] },
      { nick: null, tags: ['A', 'b'] },
    ]);
  });

  it('computed fields made of functions are defined once: the second plan is empty', async () => {
    expect((await test.orm.schema.plan()).isEmpty).toBe(true);
  });

  it('refuses what cannot be right', async () => {
    await expect(em.find(Person, {}, { orderBy: asc('age' as never) })).rejects.toBeInstanceOf(ValidationError);
    await expect(
      em
        .select(Person)
        .fields({} as never)
        .list(),
    ).rejects.toBeInstanceOf(ValidationError);
    await expect(
      em
        .select(Person)
        .fields({ n: 'agee' as 'age' })
        .list(),
    ).rejects.toThrow('age');
    await expect(
      em
        .select(Person)
        .fields({ n: 5 as never })
        .list(),
    ).rejects.toBeInstanceOf(ValidationError);
    await expect(em.run('1 + 1' as never)).rejects.toThrow('em.run()');
    expect(test.sent()).toEqual([]);
  });
});
