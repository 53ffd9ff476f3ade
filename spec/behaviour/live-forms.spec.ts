import fc from '../support/property';
import { Computed, Field, Id, Table } from '../../lib/decorators/index.js';
import { connect } from '../../lib/driver/connect.js';
import type { Driver } from '../../lib/driver/driver.js';
import { openLiveStream, type LiveRow, type LiveStream, type OpenLiveOptions } from '../../lib/live/index.js';
import { discover } from '../../lib/metadata/index.js';
import {
  and,
  binary,
  call,
  graph,
  or,
  param,
  path,
  pathOf,
  select,
  subquery,
  table,
  value,
  type Expression,
} from '../../lib/surrealql/nodes/index.js';
import { print } from '../../lib/surrealql/printer.js';
import { surql } from '../../lib/surrealql/surql.js';
import { NONE, RecordId, equals } from '../../lib/values/index.js';

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('option<int>', { name: 'count_of' }) count?: number;
  @Field('option<string>') name?: string;
  @Computed(surql`(count_of ?? 0) * 2`, { type: 'int' }) readonly double!: number;
  @Computed(surql`double + 1`, { type: 'int' }) readonly odd!: number;
}

const metadata = discover([Item]).get(Item);
const SCHEMA = `
  DEFINE TABLE item SCHEMAFULL;
  DEFINE FIELD count_of ON item TYPE option<int>;
  DEFINE FIELD name ON item TYPE option<string>;
  DEFINE FIELD data ON item TYPE option<object> FLEXIBLE;
  DEFINE FIELD tags ON item TYPE option<array<string>>;
  DEFINE FIELD at ON item TYPE option<datetime>;
  DEFINE FIELD ratio ON item TYPE option<float>;
  DEFINE FIELD owner ON item TYPE option<record<person>>;
  DEFINE FIELD double ON item COMPUTED (count_of ?? 0) * 2;
  DEFINE FIELD odd ON item COMPUTED double + 1;
  DEFINE TABLE person; DEFINE TABLE note; DEFINE TABLE has TYPE RELATION;
  CREATE person:ann SET name = 'Ann'; CREATE person:bob SET name = 'Bob';
`;

const count = path('count_of');
const above = binary(count, '>', value(10));
const naive = (condition: string) => `LIVE SELECT * FROM item WHERE ${condition}`;

let driver: Driver;

/** Rejects with the first error of a statement. */
async function query(text: string, bindings: Record<string, unknown> = {}): Promise<unknown[]> {
  const results = await driver.execute({ text, bindings, access: 'write', purpose: 'raw' });
  return results.map((each) => {
    if (!each.ok) throw new Error(each.error.message);
    return each.value;
  });
}

const hydrate = (row: LiveRow) => row as unknown as Item;
const openStreams: LiveStream<Item>[] = [];

async function live(condition?: Expression, options: Partial<OpenLiveOptions<Item>> = {}): Promise<LiveStream<Item>> {
  const stream = await openLiveStream({ driver, metadata, hydrate, condition, ...options });
  openStreams.push(stream);
  return stream;
}

const printFind = (where: Expression) => print(select({ from: [subquery(select({ from: [table('item')] }))], where }));

const same = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>) =>
  a.size === b.size && [...a].every(([key, row]) => equals(row, b.get(key)));

function logOf(stream: LiveStream<Item>): string[] {
  const log: string[] = [];
  stream.subscribe(({ action, id }) => log.push(`${action} ${String(id)}`));
  return log;
}

/** Runs statements one by one, and says of each what a stream with this condition heard. */
async function story(condition: Expression | undefined, ...statements: string[]): Promise<string[]> {
  const log = logOf(await live(condition));
  const told: string[] = [];
  for (const statement of statements) {
    await query(statement);
    await settled();
    told.push(log.splice(0).join(', '));
  }
  return told;
}

const settled = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  driver = await connect('mem://', { namespace: 'test', database: 'test' });
});
afterAll(() => driver.close());
beforeEach(() => query(SCHEMA));
afterEach(async () => {
  await Promise.all(openStreams.splice(0).map((stream) => stream.close()));
  await query('REMOVE TABLE item; REMOVE TABLE person; REMOVE TABLE note; REMOVE TABLE has').catch(() => undefined);
});

describe('what a stream hears', () => {
  it('of every action, without a condition', async () => {
    expect(
      await story(
        undefined,
        'CREATE item:1 SET count_of = 1',
        'UPSERT item:2 SET count_of = 2',
        'UPSERT item:2 SET count_of = 3',
        'INSERT INTO item { id: item:2, count_of: 0 } ON DUPLICATE KEY UPDATE count_of = 4',
        'UPDATE item:1 SET count_of = 1',
        'DELETE item:1',
      ),
    ).toEqual(['create item:1', 'create item:2', 'update item:2', 'update item:2', '', 'delete item:1']);
  });

  const moves = [
    'CREATE item:1 SET count_of = 5',
    'UPDATE item:1 SET count_of = 11',
    "UPDATE item:1 SET name = 'in'",
    'UPDATE item:1 SET count_of = 6',
    "UPDATE item:1 SET name = 'out'",
    'UPDATE item:1 SET count_of = 12',
    'UPDATE item:1 SET count_of = NONE',
    'DELETE item:1',
    'CREATE item:2 SET count_of = 20',
    'DELETE item:2',
  ];
  const asAbove = [
    '',
    'update item:1',
    'update item:1',
    'leave item:1',
    '',
    'update item:1',
    'leave item:1',
    '',
    'create item:2',
    'delete item:2',
  ];

  it.each([
    ['a stored column', above],
    ['text of the user', surql`count_of > ${10}`],
    ['a COMPUTED column', binary(path('double'), '>', value(20))],
    ['a COMPUTED column that reads another', binary(path('odd'), '>', value(21))],
    ['a COMPUTED column inside a text', surql`odd > 21`],
    [
      'the row seen from a subquery',
      binary(
        subquery(
          select({
            value: pathOf(param('parent'), 'count_of'),
            only: true,
            from: [subquery(select({ all: true, only: true, from: [value({ x: 1 })] }))],
          }),
        ),
        '>',
        value(10),
      ),
    ],
  ])('tells when a record leaves: %s', async (_, condition) => {
    expect(await story(condition, ...moves)).toEqual(asAbove);
  });

  it('takes a missing field as the condition does: NONE is less than any number', async () => {
    const below = binary(count, '<', value(10));
    expect(
      await story(
        below,
        'CREATE item:1 SET count_of = 50',
        'CREATE item:2',
        'UPDATE item:2 SET count_of = 50',
        'UPDATE item:1 SET count_of = NONE',
        'DELETE item:1',
      ),
    ).toEqual(['', 'create item:2', 'leave item:2', 'update item:1', 'delete item:1']);
  });

  it('follows links', async () => {
    expect(
      await story(
        binary(path('owner', 'name'), '=', value('Ann')),
        'CREATE item:1 SET owner = person:ann',
        'UPDATE item:1 SET owner = person:bob',
        'UPDATE item:1 SET owner = person:ann',
        'UPDATE item:1 SET owner = NONE',
      ),
    ).toEqual(['create item:1', 'leave item:1', 'update item:1', 'leave item:1']);
  });

  it('says nothing of a record that leaves because another record changed', async () => {
    expect(
      await story(
        binary(
          call(
            'array::len',
            graph([
              { arrow: '->', tables: ['has'] },
              { arrow: '->', tables: ['person'] },
            ]),
          ),
          '>',
          value(0),
        ),
        'CREATE item:1',
        'RELATE item:1->has->person:ann',
        'UPDATE item:1 SET count_of = 1',
        'DELETE has',
        'UPDATE item:1 SET count_of = 2',
      ),
    ).toEqual(['', '', 'update item:1', '', '']);
  });

  it('keeps the order of one transaction', async () => {
    expect(
      await story(
        above,
        'BEGIN; CREATE item:1 SET count_of = 11; UPDATE item:1 SET count_of = 1; UPDATE item:1 SET count_of = 12; DELETE item:1; COMMIT',
      ),
    ).toEqual(['create item:1, leave item:1, update item:1, delete item:1']);
  });

  it('is silent about a cancelled transaction', async () => {
    const log = logOf(await live());
    await query('BEGIN; CREATE item:2 SET count_of = 11; CANCEL').catch(() => undefined);
    await query('CREATE item:3');
    await settled();
    expect(log).toEqual(['create item:3']);
  });

  it('gets whole rows, computed columns too: of a delete what was, of a leave what has become', async () => {
    const stream = await live(above);
    await query('CREATE item:1 SET count_of = 11');
    await query('UPDATE item:1 SET count_of = 2');
    expect((await stream.next()).value?.entity).toEqual({
      id: new RecordId('item', 1),
      count_of: 11,
      double: 22,
      odd: 23,
    });
    expect((await stream.next()).value).toMatchObject({ action: 'leave', entity: { count_of: 2, double: 4 } });
    await query('CREATE item:2 SET count_of = 12; DELETE item:2');
    await stream.next();
    expect((await stream.next()).value).toMatchObject({ action: 'delete', entity: { count_of: 12, double: 24 } });
  });
});

describe('a replica kept by a stream', () => {
  const term = fc.oneof(
    fc
      .tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.integer({ min: 0, max: 3 }))
      .map(([op, n]) => binary(count, op as '=', value(n))),
    fc.constantFrom('=', '!=').map((op) => binary(count, op as '=', value(NONE))),
    fc.constantFrom('a', 'b').map((name) => binary(path('name'), '=', value(name))),
    fc.integer({ min: 0, max: 6 }).map((n) => binary(path('double'), '>', value(n))),
    fc.integer({ min: 0, max: 6 }).map((n) => surql`odd < ${n}`),
    fc.constant(binary(path('owner', 'name'), '=', value('Ann'))),
  );
  const condition = fc.oneof(
    term,
    fc.array(term, { minLength: 1, maxLength: 3 }).map(and),
    fc.array(term, { minLength: 1, maxLength: 3 }).map(or),
  );
  const data = fc.record({
    count_of: fc.option(fc.integer({ min: 0, max: 3 }), { nil: NONE }),
    name: fc.constantFrom('a', 'b', NONE),
    owner: fc.constantFrom(new RecordId('person', 'ann'), new RecordId('person', 'bob'), NONE),
  });
  const step = fc.record({ key: fc.integer({ min: 1, max: 3 }), data: fc.option(data, { nil: undefined }) });

  it('always equals what a find gives', async () => {
    await fc.assert(
      fc.asyncProperty(condition, fc.array(step, { minLength: 1, maxLength: 15 }), async (where, steps) => {
        const stream = await live(where);
        const replica = new Map<string, unknown>();
        stream.subscribe(({ action, id, entity }) => {
          if (action === 'leave' || action === 'delete') replica.delete(String(id));
          else replica.set(String(id), entity);
        });
        const bindings: Record<string, unknown> = {};
        const text = steps.map(({ key, data: row }, i) => {
          bindings[`id${i}`] = new RecordId('item', key);
          bindings[`d${i}`] = row;
          return row === undefined ? `DELETE $id${i}` : `UPSERT $id${i} CONTENT $d${i}`;
        });
        await query(['BEGIN', ...text, 'COMMIT'].join(';'), bindings);
        const { text: find, bindings: values } = printFind(where);
        const [rows] = (await query(find, values)) as [LiveRow[]];
        const wanted = new Map(rows.map((row) => [String(row['id']), row]));
        for (let tries = 0; tries < 400 && !same(replica, wanted); tries++) await settled(5);
        expect(replica).toEqual(wanted);
        await stream.close();
        await query('DELETE item');
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe('diff', () => {
  const changed = async (...statements: string[]) => {
    const stream = await live(undefined, { diff: true, metadata: everything });
    for (const statement of statements) await query(statement);
    const fields: (readonly string[] | undefined)[] = [];
    for (const _ of statements) fields.push((await stream.next()).value?.changedFields);
    return fields.map((each) => [...(each ?? ['undefined'])].sort());
  };
  const names = ['count_of', 'name', 'data', 'tags', 'at', 'ratio', 'owner'];
  const everything = {
    ...metadata,
    byColumn: new Map(names.map((name) => [name, { property: name }])),
  } as unknown as typeof metadata;

  it('names what each write changed, whatever the values are', async () => {
    expect(
      await changed(
        "CREATE item:1 SET count_of = 1, name = 'a'",
        "UPDATE item:1 SET count_of = 2, name = 'b'",
        'UPDATE item:1 SET name = NONE, data = { a: 1, b: [1, 2] }',
        'UPDATE item:1 SET data.b = [2, 1]',
        "UPDATE item:1 SET tags = ['a', 'a'], owner = person:ann",
        "UPDATE item:1 SET tags = ['a'], owner = person:bob",
        "UPDATE item:1 SET at = d'2024-01-01T00:00:00.000000001Z', ratio = 1.5",
        "UPDATE item:1 SET at = d'2024-01-01T00:00:00.000000002Z', ratio = NaN",
        'UPDATE item:1 SET ratio = NaN, count_of = 3',
        'DELETE item:1',
      ),
    ).toEqual([
      ['count_of', 'name'],
      ['count_of', 'name'],
      ['data', 'name'],
      ['data'],
      ['owner', 'tags'],
      ['owner', 'tags'],
      ['at', 'ratio'],
      ['at', 'ratio'],
      ['count_of'],
      [],
    ]);
  });

  it('names properties and works together with a condition', async () => {
    const stream = await live(above, { diff: true });
    await query(
      "CREATE item:1 SET count_of = 11; UPDATE item:1 SET name = 'x'; UPDATE item:1 SET count_of = 1, name = 'y'",
    );
    const seen = [await stream.next(), await stream.next(), await stream.next()].map(({ value: each }) => [
      each?.action,
      each?.changedFields,
    ]);
    expect(seen).toEqual([
      ['create', expect.arrayContaining(['count', 'name'].slice(0, 1))],
      ['update', ['name']],
      ['leave', expect.arrayContaining(['count', 'name'])],
    ]);
    expect((await stream.close(), stream.closed)).toBe(true);
  });

  it('is undefined where it was not asked for', async () => {
    const stream = await live();
    await query('CREATE item:1');
    expect((await stream.next()).value?.changedFields).toBeUndefined();
  });
});

describe('the end of a stream', () => {
  it('comes with an error when the table is removed, after the events that wait', async () => {
    const stream = await live();
    await query('CREATE item:1');
    // The engine's notice of the end may overtake an event that is still on its way.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await query('REMOVE TABLE item');
    expect((await stream.next()).value?.action).toBe('create');
    await expect(stream.next()).rejects.toMatchObject({
      code: 'LIVE',
      reason: 'killed',
      message: expect.stringContaining('item'),
    });
  });

  it('leaves no live query behind on the server', async () => {
    const lives = async () => Object.keys(((await query('INFO FOR TABLE item')) as [{ lives: object }])[0].lives);
    const streams = await Promise.all([live(), live(above), live(undefined, { diff: true })]);
    expect(await lives()).toHaveLength(3);
    for await (const _ of (await query('CREATE item:1'), streams[0] as LiveStream<Item>)) break;
    await streams[1]?.close();
    await streams[2]?.close();
    expect(await lives()).toEqual([]);
  });

  it('comes without an error when the connection is closed', async () => {
    const other = await connect('mem://', { namespace: 'test', database: 'test' });
    await other.execute({ text: 'DEFINE TABLE item', bindings: {}, access: 'write', purpose: 'raw' });
    const stream = await openLiveStream({ driver: other, metadata, hydrate });
    const end = stream.next();
    await other.close();
    expect(await end).toEqual({ done: true, value: undefined });
    await stream.close();
  });

  it('is a QueryError at once where the table does not exist', async () => {
    await query('REMOVE TABLE item');
    await expect(live()).rejects.toMatchObject({ code: 'QUERY' });
  });
});

describe('many streams', () => {
  it('register side by side, and each hears every event in order', async () => {
    const streams = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? live() : live(above))));
    const logs = streams.map(logOf);
    await query(
      `BEGIN; ${Array.from({ length: 20 }, (_, i) => `CREATE item:${i} SET count_of = ${i}`).join(';')}; COMMIT`,
    );
    for (let tries = 0; tries < 200 && logs.some((log, i) => log.length < (i % 2 === 0 ? 20 : 9)); tries++)
      await settled(10);
    const all = Array.from({ length: 20 }, (_, i) => `create item:${i}`);
    logs.forEach((log, i) => expect(log).toEqual(i % 2 === 0 ? all : all.slice(11)));
  });

  it('hear the writes of one record in their order, although the engine lets events overtake each other', async () => {
    /** How many of so many rounds were in order; without patience the first that is not ends it. */
    const ordered = async (reorder: number, rounds: number) => {
      const stream = await live(undefined, { reorder });
      let inOrder = 0;
      for (let round = 0; round < rounds && (reorder > 0 || inOrder === round); round++) {
        for (let n = 0; n < 3; n++) await query('UPSERT $id SET count_of = $n', { id: new RecordId('item', round), n });
        const seen = [await stream.next(), await stream.next(), await stream.next()];
        const counts = seen.map(({ value: change }) => (change?.entity as unknown as LiveRow)['count_of']);
        if (equals(counts, [0, 1, 2])) inOrder += 1;
      }
      await stream.close();
      await query('DELETE item');
      return inOrder;
    };
    expect(await ordered(0, 150)).toBeLessThan(150);
    expect(await ordered(50, 60)).toBe(60);
  }, 60_000);

  it('misses nothing that happens right after it was opened', async () => {
    for (let round = 0; round < 30; round++) {
      const stream = await live();
      await query(`CREATE item:r${round}`);
      expect(String((await stream.next()).value?.id)).toBe(`item:r${round}`);
      await stream.close();
    }
  });
});

/** What the engine does to simpler forms; each is the reason for a part of ours. */
describe('simpler forms', () => {
  async function raw(text: string, ...statements: string[]): Promise<unknown[]> {
    const channel = await driver.live({ text, bindings: {} });
    const told: unknown[] = [];
    channel.on(({ action, record, result }) => told.push([action, String(record), (result as LiveRow)['m']]));
    try {
      for (const statement of statements) await query(statement);
      await settled(80);
    } finally {
      await channel.close();
    }
    return told;
  }

  it('a plain WHERE says nothing of a record that leaves', async () => {
    expect(
      await raw(naive('count_of > 10'), 'CREATE item:1 SET count_of = 11', 'UPDATE item:1 SET count_of = 1'),
    ).toEqual([['CREATE', 'item:1', undefined]]);
  });

  it('$before without $event lets creates through that do not match', async () => {
    expect(await raw(naive('count_of < 10 OR $before.count_of < 10'), 'CREATE item:1 SET count_of = 50')).toEqual([
      ['CREATE', 'item:1', undefined],
    ]);
  });

  it('$before has no COMPUTED columns', async () => {
    const text = 'LIVE SELECT $before.double AS m FROM item';
    await query('CREATE item:1 SET count_of = 1');
    expect(await raw(text, 'UPDATE item:1 SET count_of = 2')).toEqual([['UPDATE', 'item:1', undefined]]);
    expect(await raw(text.replace('double', 'count_of'), 'UPDATE item:1 SET count_of = 3')).toEqual([
      ['UPDATE', 'item:1', 2],
    ]);
  });

  it('an expression that fails makes the write fail', async () => {
    await expect(raw('LIVE SELECT *, name * 2 AS m FROM item', "CREATE item:1 SET name = 'a'")).rejects.toThrow(
      /multiplication/,
    );
  });
});
