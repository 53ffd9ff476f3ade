import { Computed, Field, Id, Relation, Table } from '../../lib/decorators/index.js';
import { connect } from '../../lib/driver/connect.js';
import type { Driver } from '../../lib/driver/driver.js';
import { openLiveStream, type LiveRow, type LiveStream } from '../../lib/live/index.js';
import type { Link, Links } from '../../lib/index.js';
import { discover } from '../../lib/metadata/index.js';
import { buildFind, buildWhere } from '../../lib/query/index.js';
import { print } from '../../lib/surrealql/printer.js';
import { surql } from '../../lib/surrealql/surql.js';
import { Point, RecordId, equals } from '../../lib/values/index.js';

class Address {
  @Field('option<string>') city?: string;
}

@Table({ name: 'person' })
class Person {
  @Id() id!: RecordId<'person'>;
  @Field('option<string>') name?: string;
}

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('option<string>') name?: string;
  @Field('option<int>') count?: number;
  @Field('option<array<string>>') labels?: string[];
  @Field('option<geometry<point>>') spot?: Point;
  @Field(() => [Address]) places!: Address[];
  @Relation(() => Person, { onDelete: 'unset' }) owner?: Link<Person>;
  @Relation(() => Person, { many: true }) fans!: Links<Person>;
  @Computed(surql`string::concat(name ?? '', '!')`, { type: 'string' }) readonly loud!: string;
}

const registry = discover([Item, Person]);
const metadata = registry.get(Item);

/** Every operator, on fields that rows may lack. */
const CONDITIONS: readonly object[] = [
  { name: 'Ann' },
  { name: null },
  { name: { $ne: 'Ann' } },
  { name: { $in: ['Ann', 'Bob'] } },
  { name: { $nin: ['Ann'] } },
  { count: { $gt: 1, $lte: 7 } },
  { count: { $lt: 5 } },
  { count: { $between: [2, 6] } },
  { count: { $not: { $gte: 5 } } },
  { name: { $like: 'A%' } },
  { name: { $ilike: 'a_n' } },
  { name: { $startsWith: 'A' } },
  { name: { $istartsWith: 'a' } },
  { name: { $endsWith: 'n' } },
  { name: { $iendsWith: 'N' } },
  { name: { $contains: 'nn' } },
  { name: { $icontains: 'NN' } },
  { name: { $regex: /^A/ } },
  { name: { $isNone: true } },
  { name: { $isNone: false } },
  { name: { $isNull: true } },
  { name: { $exists: true } },
  { labels: { $contains: 'x' } },
  { labels: { $notContains: 'x' } },
  { labels: { $containsAll: ['x', 'y'] } },
  { labels: { $containsAny: ['x', 'y'] } },
  { labels: { $containsNone: ['x'] } },
  { labels: { $size: 1 } },
  { labels: { $size: { $gte: 1 } } },
  { spot: { $within: { center: new Point([7, 46]), meters: 1000 } } },
  { places: { city: 'Bern' } },
  { owner: { name: 'Ann' } },
  { owner: null },
  { fans: { $some: { name: 'Ann' } } },
  { fans: { $every: { name: 'Ann' } } },
  { fans: { $none: { name: 'Ann' } } },
  { fans: { $size: 1 } },
  { loud: 'Ann!' },
  { loud: { $icontains: 'ann' } },
  { $or: [{ name: 'Ann' }, { count: { $gte: 5 } }] },
  { $not: { name: 'Ann', count: 3 } },
  { $or: [] },
];

const person = (key: string) => new RecordId('person', key);
/** Rows that hold everything, something and nothing. */
const STATES: readonly object[] = [
  { places: [], fans: [] },
  {
    name: 'Ann',
    count: 3,
    labels: ['x'],
    spot: new Point([7, 46]),
    places: [{ city: 'Bern' }, {}],
    owner: person('ann'),
    fans: [person('ann'), person('nobody')],
  },
  {
    name: 'Bob',
    count: 9,
    labels: ['y', 'x'],
    spot: new Point([0, 0]),
    places: [{ city: 'Basel' }],
    owner: person('bob'),
    fans: [],
  },
  { name: '', labels: [], places: [{}], owner: person('nobody'), fans: [person('bob'), person('ann')] },
];

const SCHEMA = `
  DEFINE TABLE person; CREATE person:ann SET name = 'Ann'; CREATE person:bob SET name = 'Bob';
  DEFINE TABLE item SCHEMAFULL;
  DEFINE FIELD name ON item TYPE option<string>; DEFINE FIELD count ON item TYPE option<int>;
  DEFINE FIELD labels ON item TYPE option<array<string>>; DEFINE FIELD spot ON item TYPE option<geometry<point>>;
  DEFINE FIELD places ON item TYPE array<object>; DEFINE FIELD places.*.city ON item TYPE option<string>; DEFINE FIELD owner ON item TYPE option<record<person>>;
  DEFINE FIELD fans ON item TYPE array<record<person>>;
  DEFINE FIELD loud ON item COMPUTED string::concat(name ?? '', '!');
`;

describe('a live query with a where', () => {
  let driver: Driver;
  async function query(text: string, bindings: Readonly<Record<string, unknown>> = {}): Promise<unknown[]> {
    const results = await driver.execute({ text, bindings, access: 'write', purpose: 'raw' });
    const faults = results.flatMap((each) => (each.ok ? [] : [each.error.message]));
    // A failed transaction says of its other statements that they were not executed.
    if (faults.length > 0)
      throw new Error(faults.find((each) => !/not executed|cancelled transaction/.test(each)) ?? faults[0]);
    return results.map((each) => (each.ok ? each.value : undefined));
  }
  beforeAll(async () => {
    driver = await connect('mem://', { namespace: 'test', database: 'test' });
    await query(SCHEMA);
  });
  afterAll(() => driver.close());
  let stream: LiveStream<Item>;
  // One that stays open would fail the writes of the next case.
  afterEach(async () => {
    await stream.close();
    await query('DELETE item');
  });

  async function matching(where: object): Promise<Map<string, unknown>> {
    const { text, bindings } = print(buildFind(metadata, where, {}, { registry }).statement);
    const [rows] = (await query(text, bindings)) as [LiveRow[]];
    return new Map(rows.map((row) => [String(row['id']), row['name']]));
  }

  /** Every way from one state to another, and to being there or not; each in one transaction, whose events are in order. */
  it.each(CONDITIONS.map((where) => [where]))(
    'keeps a replica equal to find, and lets every write pass: %j',
    async (where) => {
      stream = await openLiveStream<Item>({
        driver,
        metadata,
        hydrate: (row) => row as unknown as Item,
        condition: buildWhere(metadata, where, { registry }),
      });
      const replica = new Map<string, unknown>();
      stream.subscribe(({ action, id, entity }) => {
        if (action === 'leave' || action === 'delete') replica.delete(String(id));
        else replica.set(String(id), entity?.name);
      });
      const statements: string[] = [];
      const bindings: Record<string, unknown> = {};
      STATES.forEach((from, i) =>
        STATES.forEach((to, j) => {
          bindings[`r${i}${j}`] = new RecordId('item', `${i}${j}`);
          Object.assign(bindings, { [`s${i}`]: from, [`s${j}`]: to });
          statements.push(`CREATE $r${i}${j} CONTENT $s${i}`, `UPDATE $r${i}${j} CONTENT $s${j}`);
        }),
      );
      await query(['BEGIN', ...statements, 'COMMIT'].join(';'), bindings);
      const wanted = await matching(where);
      for (let tries = 0; tries < 300 && !equals(replica, wanted); tries++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(replica).toEqual(wanted);
      await query('DELETE item');
      for (let tries = 0; tries < 300 && replica.size > 0; tries++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(replica.size).toBe(0);
    },
  );
});
