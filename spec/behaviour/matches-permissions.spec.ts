import {
  Analyzer,
  Field,
  FullText,
  Id,
  Index,
  Relation,
  Table,
  surql,
  type EntityManager,
  type Link,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'person', permissions: 'full' })
class Person {
  @Id() id!: RecordId<'person', string>;
  @Field('string') name!: string;
}

@Table({ name: 'letter', permissions: { select: surql`owner = $auth` } })
@Analyzer({ name: 'words', tokenizers: ['class'], filters: ['lowercase'] })
@FullText({ fields: ['text'], analyzer: 'words' })
@Index({ fields: ['n'] })
class Letter {
  @Id('int') id!: RecordId<'letter', number>;
  @Field('string') text!: string;
  @Field('int') n!: number;
  @Relation(() => Person) owner!: Link<Person>;
}

const ROWS = Array.from({ length: 60 }, (_, id) => ({
  id,
  n: id % 5,
  text: id % 3 === 0 ? 'The red fox' : 'a fox',
  owner: id % 2 === 0 ? 'person:ann' : 'person:bob',
}));
const OWN = ROWS.filter(({ owner }) => owner === 'person:ann');
const FOUND = OWN.filter(({ text }) => text.includes('red')).map(({ id }) => id);

describe.each(backends)('a record user on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Person, Letter] });
    const root = test.orm.em.fork();
    await root.query(surql`
      DEFINE ACCESS account ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM person WHERE name = $name)`);
    await root.insert(Person, [
      { id: 'ann', name: 'ann' },
      { id: 'bob', name: 'bob' },
    ]);
    await root.insert(Letter, ROWS);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork({ auth: { access: 'account', variables: { name: 'ann' } } });
  });
  afterEach(() => em.close());

  const keys = (letters: readonly Letter[]) => letters.map(({ id }) => id.key);
  const stream = async (where: object, options: object) => {
    const found: Letter[] = [];
    for await (const letter of em.stream(Letter, where, { batch: 4, ...options })) found.push(letter);
    return keys(found);
  };

  it('finds by $matches what PERMISSIONS show, through the index and without it', async () => {
    const where = { text: { $matches: 'fox red' } };
    for (const options of [{}, { noIndex: true }]) {
      expect(keys(await em.find(Letter, where, { ...options, orderBy: { id: 'asc' } }))).toEqual(FOUND);
      expect(keys(await em.find(Letter, where, { ...options, limit: 3 }))).toEqual(FOUND.slice(0, 3));
    }
    expect(await em.count(Letter, where)).toBe(FOUND.length);
    expect(
      (await em.search(Letter, { text: 'red' })).map(({ entity }) => entity.id.key).toSorted((a, b) => a - b),
    ).toEqual(FOUND);
    expect(await stream(where, {})).toEqual(FOUND);
  });

  it('streams what PERMISSIONS show, in every way of reading', async () => {
    const own = OWN.map(({ id }) => id);
    expect(await stream({}, {})).toEqual(own);
    expect(await stream({}, { orderBy: { id: 'desc' } })).toEqual(own.toReversed());
    const some = OWN.filter(({ n }) => n > 1);
    expect(await stream({ n: { $gt: 1 } }, { noIndex: true })).toEqual(some.map(({ id }) => id));
    expect(await stream({ n: { $gt: 1 } }, { noIndex: true, orderBy: { id: 'desc' } })).toEqual(
      some.map(({ id }) => id).toReversed(),
    );
    expect(await stream({ n: { $gt: 1 } }, {})).toEqual(some.map(({ id }) => id));
    const sorted = OWN.toSorted((a, b) => b.n - a.n || a.id - b.id).map(({ id }) => id);
    expect(await stream({}, { orderBy: { n: 'desc' } })).toEqual(sorted);
  });
});
