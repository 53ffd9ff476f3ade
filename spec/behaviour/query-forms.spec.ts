import { buildCount, buildExists, buildFind } from '../../lib/query/index.js';
import { print } from '../../lib/surrealql/printer.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Duration } from '../../lib/values/index.js';
import { DateTime, Decimal, Point, Polygon, RecordId } from '../../lib/values/index.js';
import {
  ARTICLES,
  BORN,
  CLUBS,
  KNOWS,
  LABELS,
  PERSONS,
  Person,
  World,
  context,
  meta,
  uuidOf,
  type PersonRow,
} from '../support/query-world.js';

type Row = Record<string, unknown> & { readonly id: RecordId };
type Case = readonly [title: string, where: unknown, matches: (row: PersonRow) => boolean];

const has = (row: PersonRow, column: string): boolean => row[column] !== undefined;
const text = (value: unknown): string => value as string;
const words = (row: PersonRow): string[] => row['words'] as string[];
const home = (row: PersonRow) => row['home'] as { street: string; number: number; town?: string };
const parts = (row: PersonRow) => row['parts'] as { sku: string; amount: number }[];
const key = (value: unknown): unknown => (value as RecordId | undefined)?.key;
const clubOf = (row: PersonRow) => CLUBS.find(({ id }) => id.equals(row['club']));
const labelKeys = (row: PersonRow): unknown[] => (row['labels'] as RecordId[]).map(key);
const labelNames = (row: PersonRow) =>
  labelKeys(row).flatMap((id) => LABELS.filter((label) => label.id.key === id).map(({ name }) => name));
const person = (id: unknown): PersonRow => PERSONS[key(id) as number] as PersonRow;
const known = (row: PersonRow): number[] => [
  ...new Set(KNOWS.filter((edge) => edge.in.equals(row.id)).map((edge) => edge.out.key)),
];
const knownBy = (row: PersonRow): number[] => [
  ...new Set(KNOWS.filter((edge) => edge.out.equals(row.id)).map((edge) => edge.in.key)),
];
const articles = (row: PersonRow) => ARTICLES.filter((article) => article.author.equals(row.id));
const born = (row: PersonRow): number | undefined => (row['born'] as Date | undefined)?.getTime();
const ns = (row: PersonRow): bigint | undefined => {
  const at = row['born'] as DateTime | undefined;
  return at === undefined ? undefined : BigInt(at.seconds) * 1_000_000_000n + BigInt(at.nanoseconds);
};
const lower = (row: PersonRow): string => row.name.toLowerCase();
const inMs = new Date(BORN.getTime() + 1);
const SOME = PERSONS.find(
  (row) => has(row, 'born') && (row['born'] as DateTime).nanoseconds % 1_000_000 !== 0,
) as PersonRow;

const CASES: readonly Case[] = [
  ['no condition', {}, () => true],
  ['equality', { age: 7 }, (row) => row.age === 7],
  ['$eq', { name: { $eq: 'Ann' } }, (row) => row.name === 'Ann'],
  ['several fields', { age: 7, active: true }, (row) => row.age === 7 && row['active'] === true],
  ['$ne keeps rows that lack the field', { nick: { $ne: 'n1-1' } }, (row) => row['nick'] !== 'n1-1'],
  ['$gt', { age: { $gt: 15 } }, (row) => row.age > 15],
  ['$gte', { age: { $gte: 15 } }, (row) => row.age >= 15],
  ['$lt', { age: { $lt: 5 } }, (row) => row.age < 5],
  ['$lte', { age: { $lte: 5 } }, (row) => row.age <= 5],
  ['a range', { age: { $gt: 5, $lte: 9 } }, (row) => row.age > 5 && row.age <= 9],
  ['a bound of another numeric type', { age: { $lt: 4.5 } }, (row) => row.age < 4.5],
  ['$between includes both ends', { age: { $between: [5, 9] } }, (row) => row.age >= 5 && row.age <= 9],
  [
    '$lt drops rows that lack the field',
    { score: { $lt: 3 } },
    (row) => has(row, 'score') && (row['score'] as number) < 3,
  ],
  [
    '$lte drops rows that lack the field',
    { score: { $lte: 2.5 } },
    (row) => has(row, 'score') && (row['score'] as number) <= 2.5,
  ],
  [
    '$lte drops NULL',
    { note: { $lte: 'note 0' } },
    (row) => typeof row['note'] === 'string' && text(row['note']) <= 'note 0',
  ],
  ['$in', { age: { $in: [1, 2, 3, 3] } }, (row) => [1, 2, 3].includes(row.age)],
  ['$in of nothing', { age: { $in: [] } }, () => false],
  [
    '$nin keeps rows that lack the field',
    { nick: { $nin: ['n1-1', 'n2-2'] } },
    (row) => !['n1-1', 'n2-2'].includes(text(row['nick'])),
  ],
  ['$nin of nothing', { nick: { $nin: [] } }, () => true],
  ['$in with null means NONE', { nick: { $in: ['n1-1', null] } }, (row) => row['nick'] === 'n1-1' || !has(row, 'nick')],
  ['null means NONE', { email: null }, (row) => !has(row, 'mail')],
  ['null of a nullable field means NULL', { note: null }, (row) => row['note'] === null],
  ['$ne null', { email: { $ne: null } }, (row) => has(row, 'mail')],
  ['$isNone', { note: { $isNone: true } }, (row) => !has(row, 'note')],
  ['$isNone: false', { note: { $isNone: false } }, (row) => has(row, 'note')],
  ['$isNull', { note: { $isNull: true } }, (row) => row['note'] === null],
  ['$isNull: false', { note: { $isNull: false } }, (row) => row['note'] !== null],
  ['$exists', { nick: { $exists: true } }, (row) => has(row, 'nick')],
  ['$exists: false', { nick: { $exists: false } }, (row) => !has(row, 'nick')],
  ['unique column', { email: 'p7@x.org' }, (row) => row['mail'] === 'p7@x.org'],
  [
    'unique column and another condition',
    { email: { $in: ['p7@x.org', 'p8@x.org'] }, active: true },
    (row) => row['mail'] === 'p7@x.org',
  ],
  ['first column of a composite unique index', { nick: 'n1-1' }, (row) => row['nick'] === 'n1-1'],
  [
    'missing first column of a composite unique index',
    { nick: null, age: { $gt: 3 } },
    (row) => !has(row, 'nick') && row.age > 3,
  ],
  ['enum', { level: 'high' }, (row) => row['level'] === 'high'],
  ['boolean', { active: false }, (row) => row['active'] === false],
  ['decimal', { balance: { $gte: new Decimal('20.25') } }, (row) => (row['balance'] as Decimal).gte('20.25')],
  ['decimal given as a number', { balance: 7.5 }, (row) => (row['balance'] as Decimal).eq(7.5)],
  [
    'duration given as text',
    { shift: { $gt: '20m' } },
    (row) => has(row, 'shift') && (row['shift'] as Duration).seconds > 1200,
  ],
  ['uuid given as text', { key: String(uuidOf(8)) }, (row) => key(row.id) === 8],
  ['field-level $not', { age: { $not: { $gt: 5 } } }, (row) => !(row.age > 5)],
  [
    'field-level $not keeps rows that lack the field',
    { nick: { $not: { $startsWith: 'n1' } } },
    (row) => !(has(row, 'nick') && text(row['nick']).startsWith('n1')),
  ],
  ['$not', { $not: { age: { $lt: 5 }, active: true } }, (row) => !(row.age < 5 && row['active'] === true)],
  ['$or', { $or: [{ age: 1 }, { name: 'Bob' }] }, (row) => row.age === 1 || row.name === 'Bob'],
  [
    '$or of two indexes',
    { $or: [{ age: 1 }, { email: 'p8@x.org' }] },
    (row) => row.age === 1 || row['mail'] === 'p8@x.org',
  ],
  ['$or of nothing', { $or: [] }, () => false],
  ['$and of nothing', { $and: [] }, () => true],
  [
    '$and of $or',
    { $and: [{ $or: [{ age: 1 }, { age: 2 }] }, { active: true }] },
    (row) => (row.age === 1 || row.age === 2) && row['active'] === true,
  ],
  [
    '$or beside a field',
    { active: true, $or: [{ age: { $gt: 20 } }, { age: { $lt: 2 } }] },
    (row) => row['active'] === true && (row.age > 20 || row.age < 2),
  ],

  ['$startsWith', { nick: { $startsWith: 'n1' } }, (row) => has(row, 'nick') && text(row['nick']).startsWith('n1')],
  ['$startsWith of nothing', { nick: { $startsWith: '' } }, (row) => has(row, 'nick')],
  ['$endsWith', { nick: { $endsWith: '7' } }, (row) => has(row, 'nick') && text(row['nick']).endsWith('7')],
  ['$contains in text', { nick: { $contains: '-1' } }, (row) => has(row, 'nick') && text(row['nick']).includes('-1')],
  [
    '$notContains in text',
    { nick: { $notContains: '-1' } },
    (row) => !(has(row, 'nick') && text(row['nick']).includes('-1')),
  ],
  ['$icontains', { name: { $icontains: 'AN' } }, (row) => lower(row).includes('an')],
  ['$icontains beyond ASCII', { name: { $icontains: 'ZOË' } }, (row) => lower(row).includes('zoë')],
  ['$icontains with a sigma at the end', { name: { $icontains: 'ΣΊΣ' } }, (row) => row.name.includes('Σίσ')],
  ['$istartsWith', { name: { $istartsWith: 'aN' } }, (row) => lower(row).startsWith('an')],
  ['$iendsWith', { name: { $iendsWith: 'NN' } }, (row) => lower(row).endsWith('nn')],
  ['$like', { name: { $like: 'A%' } }, (row) => row.name.startsWith('A')],
  ['$like with _', { name: { $like: '_o_' } }, (row) => /^.o.$/u.test(row.name)],
  ['$like with escapes', { name: { $like: '%\\_100\\%' } }, (row) => row.name === 'Flo_100%'],
  ['$like takes regex signs literally', { nick: { $like: 'n.-%' } }, () => false],
  ['$ilike', { name: { $ilike: 'ANN' } }, (row) => lower(row) === 'ann'],
  ['$regex', { name: { $regex: /^[A-C]\w+$/ } }, (row) => /^[A-C]\w+$/.test(row.name)],
  ['$regex with a flag', { name: { $regex: /^a/i } }, (row) => /^a/i.test(row.name)],
  [
    'text of a field that may be missing',
    { email: { $iendsWith: '7@X.ORG' } },
    (row) => has(row, 'mail') && text(row['mail']).endsWith('7@x.org'),
  ],

  ['list $contains', { words: { $contains: 'red' } }, (row) => words(row).includes('red')],
  ['list $notContains', { words: { $notContains: 'red' } }, (row) => !words(row).includes('red')],
  [
    'list $containsAll',
    { words: { $containsAll: ['red', 'blue'] } },
    (row) => ['red', 'blue'].every((word) => words(row).includes(word)),
  ],
  [
    'list $containsAny',
    { words: { $containsAny: ['red', 'black'] } },
    (row) => ['red', 'black'].some((word) => words(row).includes(word)),
  ],
  [
    'list $containsNone',
    { words: { $containsNone: ['red', 'black'] } },
    (row) => !['red', 'black'].some((word) => words(row).includes(word)),
  ],
  [
    'list $inside',
    { words: { $inside: ['red', 'blue'] } },
    (row) => words(row).every((word) => ['red', 'blue'].includes(word)),
  ],
  ['list equality', { words: ['red', 'blue'] }, (row) => words(row).join() === 'red,blue'],
  ['list $in', { words: { $in: [['red'], ['blue']] } }, (row) => ['red', 'blue'].includes(words(row).join())],
  ['list $size', { words: { $size: 2 } }, (row) => words(row).length === 2],
  ['list $size with operators', { words: { $size: { $gte: 3 } } }, (row) => words(row).length >= 3],
  [
    'list and another field',
    { words: { $contains: 'red' }, active: true, age: { $gt: 3 } },
    (row) => words(row).includes('red') && row['active'] === true && row.age > 3,
  ],

  [
    'a nested object',
    { home: { street: 'S1', number: { $gt: 2 } } },
    (row) => home(row).street === 'S1' && home(row).number > 2,
  ],
  ['a nested column of another name', { home: { city: 'T1' } }, (row) => home(row).town === 'T1'],
  [
    'a nested field that may be missing',
    { home: { city: { $lt: 'T2' } } },
    (row) => home(row).town !== undefined && text(home(row).town) < 'T2',
  ],
  [
    'an embedded object as a whole',
    { home: { $eq: { street: 'S3', number: 3, city: 'T0' } } },
    (row) => home(row).street === 'S3' && home(row).number === 3 && home(row).town === 'T0',
  ],
  [
    'an object without a class',
    { extra: { theme: 'dark' } },
    (row) => (row['extra'] as { theme?: string } | undefined)?.theme === 'dark',
  ],
  [
    'deep in an object without a class',
    { extra: { deep: { n: { $gte: 2 } } } },
    (row) => ((row['extra'] as { deep: { n: number } } | undefined)?.deep.n ?? -1) >= 2,
  ],
  ['an array of embedded objects', { parts: { sku: 's1' } }, (row) => parts(row).some(({ sku }) => sku === 's1')],
  [
    'several conditions on one element',
    { parts: { sku: 's1', amount: 2 } },
    (row) => parts(row).some(({ sku, amount }) => sku === 's1' && amount === 2),
  ],
  [
    '$every element',
    { parts: { $every: { amount: { $lt: 2 } } } },
    (row) => parts(row).every(({ amount }) => amount < 2),
  ],
  ['$none of the elements', { parts: { $none: { sku: 's1' } } }, (row) => !parts(row).some(({ sku }) => sku === 's1')],
  ['$size of embedded objects', { parts: { $size: 0 } }, (row) => parts(row).length === 0],

  ['datetime $eq finds its millisecond', { born: new Date(born(SOME) as number) }, (row) => born(row) === born(SOME)],
  ['datetime $ne', { born: { $ne: new Date(born(SOME) as number) } }, (row) => born(row) !== born(SOME)],
  ['datetime $gt is beyond the millisecond', { born: { $gt: inMs } }, (row) => (born(row) ?? -1) > inMs.getTime()],
  ['datetime $gte', { born: { $gte: inMs } }, (row) => (born(row) ?? -1) >= inMs.getTime()],
  ['datetime $lt', { born: { $lt: inMs } }, (row) => (born(row) ?? Infinity) < inMs.getTime()],
  [
    'datetime $lte takes the whole millisecond',
    { born: { $lte: inMs } },
    (row) => (born(row) ?? Infinity) <= inMs.getTime(),
  ],
  [
    'datetime $between',
    { born: { $between: [BORN, inMs] } },
    (row) => (born(row) ?? -1) >= BORN.getTime() && (born(row) as number) <= inMs.getTime(),
  ],
  [
    'datetime $in',
    { born: { $in: [BORN, inMs] } },
    (row) => [BORN.getTime(), inMs.getTime()].includes(born(row) as number),
  ],
  [
    'datetime $nin',
    { born: { $nin: [BORN, inMs] } },
    (row) => ![BORN.getTime(), inMs.getTime()].includes(born(row) as number),
  ],
  ['a DateTime is exact', { born: SOME['born'] }, (row) => ns(row) === ns(SOME)],
  ['a DateTime as a bound', { born: { $gt: SOME['born'] } }, (row) => (ns(row) ?? -1n) > (ns(SOME) as bigint)],

  [
    'within a circle',
    { spot: { $within: { center: new Point([1, 50]), meters: 30_000 } } },
    (row) => has(row, 'spot') && Math.abs((key(row.id) as number) / 10 - 1) <= 0.41,
  ],
  [
    'within a polygon',
    {
      spot: {
        $within: new Polygon([
          [
            [0.95, 49],
            [2.05, 49],
            [2.05, 51],
            [0.95, 51],
            [0.95, 49],
          ],
        ]),
      },
    },
    (row) => has(row, 'spot') && (key(row.id) as number) >= 10 && (key(row.id) as number) <= 20,
  ],
  [
    'outside',
    {
      spot: {
        $outside: new Polygon([
          [
            [0.95, 49],
            [2.05, 49],
            [2.05, 51],
            [0.95, 51],
            [0.95, 49],
          ],
        ]),
      },
    },
    (row) => has(row, 'spot') && !((key(row.id) as number) >= 10 && (key(row.id) as number) <= 20),
  ],
  [
    'intersects',
    {
      spot: {
        $intersects: new Polygon([
          [
            [0.95, 49],
            [2.05, 49],
            [2.05, 51],
            [0.95, 51],
            [0.95, 49],
          ],
        ]),
      },
    },
    (row) => has(row, 'spot') && (key(row.id) as number) >= 10 && (key(row.id) as number) <= 20,
  ],

  ['a computed field', { twice: { $gt: 30 } }, (row) => row.age * 2 > 30],
  ['a computed field beside an index', { twice: 14, age: 7 }, (row) => row.age === 7],
  ['surql as a value', { age: { $gt: surql`3 + ${4}` } }, (row) => row.age > 7],
  ['surql as a list', { age: { $in: surql`[1, 2]` } }, (row) => [1, 2].includes(row.age)],
  ['surql within a list', { age: { $in: [1, surql`1 + 1`] } }, (row) => [1, 2].includes(row.age)],
  ['surql as a condition', surql`age = 1 OR age = 2`, (row) => [1, 2].includes(row.age)],
  [
    'surql among conditions',
    { active: true, $and: [surql`age = 1 OR age = 2`] },
    (row) => [1, 2].includes(row.age) && row['active'] === true,
  ],

  ['a link by key', { club: 2 }, (row) => key(row['club']) === 2],
  ['a link by text', { club: 'club:2' }, (row) => key(row['club']) === 2],
  ['a link by id', { club: new RecordId('club', 2) }, (row) => key(row['club']) === 2],
  ['a link by entity', { club: { id: new RecordId('club', 2) } }, (row) => key(row['club']) === 2],
  [
    'a link $in',
    { club: { $in: [1, 'club:2', new RecordId('club', 3)] } },
    (row) => [1, 2, 3].includes(key(row['club']) as number),
  ],
  ['a link $ne', { club: { $ne: 2 } }, (row) => key(row['club']) !== 2],
  ['a missing link', { club: null }, (row) => !has(row, 'club')],
  ['a link that exists', { club: { $exists: true } }, (row) => has(row, 'club')],
  ['a link and an indexed field', { club: 2, age: { $gt: 5 } }, (row) => key(row['club']) === 2 && row.age > 5],
  ['through a link', { club: { name: 'C2' } }, (row) => clubOf(row)?.name === 'C2'],
  ['through a link, by id', { club: { id: { $in: [1, 2] }, name: { $ne: 'C1' } } }, (row) => key(row['club']) === 2],
  ['through a link into a missing record', { club: { name: { $exists: false } } }, (row) => clubOf(row) === undefined],
  ['through a link, text', { club: { name: { $icontains: 'c' } } }, (row) => clubOf(row) !== undefined],

  ['many-link $contains', { labels: { $contains: 't1' } }, (row) => labelKeys(row).includes('t1')],
  [
    'many-link $containsAny',
    { labels: { $containsAny: ['t1', 'tag:t2'] } },
    (row) => labelKeys(row).some((id) => id === 't1' || id === 't2'),
  ],
  ['many-link $containsNone', { labels: { $containsNone: ['t1'] } }, (row) => !labelKeys(row).includes('t1')],
  ['many-link conditions', { labels: { name: 'L1' } }, (row) => labelNames(row).includes('L1')],
  [
    'many-link $some',
    { labels: { $some: { name: { $in: ['L1', 'L3'] } } } },
    (row) => labelNames(row).some((name) => name === 'L1' || name === 'L3'),
  ],
  ['many-link $none', { labels: { $none: { name: 'L1' } } }, (row) => !labelNames(row).includes('L1')],
  ['many-link $every', { labels: { $every: { name: 'L1' } } }, (row) => labelKeys(row).every((id) => id === 't1')],
  ['many-link $size', { labels: { $size: { $gt: 1 } } }, (row) => labelKeys(row).length > 1],
  ['many-link $exists', { labels: { $exists: false } }, (row) => labelKeys(row).length === 0],
  ['edges out', { knows: { name: 'Bob' } }, (row) => known(row).some((id) => PERSONS[id]?.name === 'Bob')],
  ['edges in', { knownBy: { age: { $gt: 20 } } }, (row) => knownBy(row).some((id) => (PERSONS[id]?.age ?? 0) > 20)],
  [
    'edges both ways',
    { friends: { age: 7 } },
    (row) => [...known(row), ...knownBy(row)].some((id) => PERSONS[id]?.age === 7),
  ],
  ['edges $size counts records, not edges', { knows: { $size: { $gte: 2 } } }, (row) => known(row).length >= 2],
  ['edges $contains', { knows: { $contains: 16 } }, (row) => known(row).includes(16)],
  [
    'edges $every',
    { knows: { $every: { active: true } } },
    (row) => known(row).every((id) => PERSONS[id]?.['active'] === true),
  ],
  [
    'inverse',
    { articles: { stars: 5, hidden: false } },
    (row) => articles(row).some(({ stars, hidden }) => stars === 5 && !hidden),
  ],
  ['inverse $none', { articles: { $none: {} } }, (row) => articles(row).length === 0],
  ['inverse $size', { articles: { $size: 9 } }, (row) => articles(row).length === 9],
  [
    'edges of edges',
    { knows: { knows: { name: 'Ann' } } },
    (row) =>
      known(row).some((id) => known(person(new RecordId('person', id))).some((next) => PERSONS[next]?.name === 'Ann')),
  ],
  [
    'inverse of edges',
    { knows: { articles: { stars: 5 } } },
    (row) => known(row).some((id) => articles(person(new RecordId('person', id))).some(({ stars }) => stars === 5)),
  ],
  [
    'link of edges',
    { knows: { club: { name: 'C1' } } },
    (row) => known(row).some((id) => clubOf(person(new RecordId('person', id)))?.name === 'C1'),
  ],

  ['an id', { id: 7 }, (row) => key(row.id) === 7],
  ['an id as text', { id: 'person:7' }, (row) => key(row.id) === 7],
  ['a key alone', 7, (row) => key(row.id) === 7],
  ['a RecordId alone', new RecordId('person', 7), (row) => key(row.id) === 7],
  ['text alone', 'person:7', (row) => key(row.id) === 7],
  ['ids', { id: { $in: [7, 3, 'person:5', 7, 999] } }, (row) => [3, 5, 7].includes(key(row.id) as number)],
  [
    'an id and a condition',
    { id: { $in: [1, 2, 3, 4] }, active: true },
    (row) => [1, 3].includes(key(row.id) as number),
  ],
  ['$ne id', { id: { $ne: 7 } }, (row) => key(row.id) !== 7],
  ['an order of ids', { id: { $gt: 100 } }, (row) => (key(row.id) as number) > 100],
];

describe.each(['none', 'declared', 'undeclared'] as const)('finds with indexes: %s', (indexes) => {
  let world: World;
  beforeAll(async () => {
    world = await World.open(indexes);
  });
  afterAll(() => world.close());

  const keysOf = (rows: readonly Row[]): unknown[] => rows.map(({ id }) => id.key);
  const find = async (where: unknown, options = {}): Promise<Row[]> =>
    world.run<Row[]>(buildFind(meta(Person), where, options, context).statement);

  test.each(CASES)('%s', async (_title, where, matches) => {
    const wanted = PERSONS.filter(matches);
    const rows = await find(where);
    expect(keysOf(rows).sort(byNumber)).toEqual(wanted.map(({ id }) => id.key));
    // Computed fields are there, whatever index found the row.
    expect(rows.every((row) => row['twice'] === (row['age'] as number) * 2)).toBe(true);

    const limited = await find(where, { limit: 3, offset: 1 });
    expect(keysOf(limited)).toEqual(wanted.slice(1, 4).map(({ id }) => id.key));
    const sorted = await find(where, { orderBy: { age: 'desc' }, limit: 5 });
    const inOrder = [...wanted].sort((a, b) => b.age - a.age || byNumber(a.id.key, b.id.key));
    expect(keysOf(sorted)).toEqual(inOrder.slice(0, 5).map(({ id }) => id.key));
    expect(sorted.every((row) => row['twice'] === (row['age'] as number) * 2)).toBe(true);

    expect(await world.run(buildCount(meta(Person), where, context))).toBe(wanted.length);
    expect(await world.run(buildExists(meta(Person), where, context))).toBe(wanted.length > 0);
  });

  test('$not is the complement of every condition', async () => {
    for (const [title, where] of CASES) {
      if (typeof where !== 'object' || where === null || RecordId.is(where) || Object.keys(where).length === 0)
        continue;
      const inside = new Set(keysOf(await find(where)));
      const outside = keysOf(await find({ $not: where }));
      expect([title, outside.filter((id) => inside.has(id))]).toEqual([title, []]);
      expect([title, inside.size + outside.length]).toEqual([title, PERSONS.length]);
    }
  });

  const orders: readonly (readonly [string, unknown, (a: PersonRow, b: PersonRow) => number])[] = [
    ['a column', { name: 'asc' }, (a, b) => compareText(a.name, b.name)],
    [
      'several columns',
      [{ active: 'desc' }, { age: 'asc' }],
      (a, b) => Number(b['active']) - Number(a['active']) || a.age - b.age,
    ],
    ['a nested column', { home: { number: 'desc' } }, (a, b) => home(b).number - home(a).number],
    [
      'NONE first ascending',
      { score: 'asc' },
      (a, b) => ((a['score'] as number) ?? -1) - ((b['score'] as number) ?? -1),
    ],
    [
      'NONE last descending',
      { score: 'desc' },
      (a, b) => ((b['score'] as number) ?? -1) - ((a['score'] as number) ?? -1),
    ],
    ['through a link', { club: { name: 'desc' } }, (a, b) => compareText(clubOf(b)?.name ?? '', clubOf(a)?.name ?? '')],
    ['a link', { club: 'asc' }, (a, b) => Number(key(a['club']) ?? -1) - Number(key(b['club']) ?? -1)],
    ['a computed field', { twice: 'desc' }, (a, b) => b.age - a.age],
    ['the id', { id: 'desc' }, (a, b) => byNumber(b.id.key, a.id.key)],
    ['a distance', { spot: { distanceTo: new Point([3.03, 50]) } }, byDistance],
  ];
  test.each(orders)('ordered by %s', async (_title, orderBy, compare) => {
    const nearby = { spot: { $exists: true }, age: { $gt: 3 } };
    const wheres = [
      undefined,
      { age: { $lt: 12 } },
      { age: { $in: [1, 2, 7, 9] } },
      { twice: { $lt: 20 } },
      { id: { $in: [9, 3, 55, 999, 20, 71, 12] } },
      nearby,
    ];
    for (const where of compare === byDistance ? [nearby] : wheres) {
      const all = keysOf(await find(where));
      const wanted = PERSONS.filter(({ id }) => all.includes(id.key)).sort(
        (a, b) => compare(a, b) || byNumber(a.id.key, b.id.key),
      );
      expect(keysOf(await find(where, { orderBy }))).toEqual(wanted.map(({ id }) => id.key));
      const page = await find(where, { orderBy, limit: 4, offset: 2 });
      expect(keysOf(page)).toEqual(wanted.slice(2, 6).map(({ id }) => id.key));
      expect(page.every((row) => row['twice'] === (row['age'] as number) * 2)).toBe(true);
      expect(page.flatMap((row) => Object.keys(row)).filter((name) => name.startsWith('__'))).toEqual([]);
    }
  });

  test('selects', async () => {
    const plan = buildFind(
      meta(Person),
      { age: { $lt: 9 } },
      { select: ['email', 'twice', 'club'], orderBy: { name: 'asc' }, limit: 4 },
      context,
    );
    const rows = await world.run<Row[]>(plan.statement);
    expect([...(plan.columns ?? [])].sort()).toEqual(['club', 'id', 'mail', 'twice']);
    const wanted = PERSONS.filter(({ age }) => age < 9)
      .sort((a, b) => compareText(a.name, b.name) || byNumber(a.id.key, b.id.key))
      .slice(0, 4);
    expect(rows.map(({ id, mail, twice }) => [id.key, mail, twice])).toEqual(
      wanted.map(({ id, mail, age }) => [id.key, mail, age * 2]),
    );
    expect(rows.every((row) => !('name' in row))).toBe(true);
    const omitted = await find({ id: 3 }, { omit: ['words'] });
    expect('words' in (omitted[0] as Row)).toBe(false);
    expect(omitted[0]?.['name']).toBe(PERSONS[3]?.name);
    expect(Object.keys((await find(3, { select: [] }))[0] as Row)).toEqual(['id']);
  });

  test('a $or of 5,000 terms', async () => {
    const $or = Array.from({ length: 5_000 }, (_, index) => ({ age: 1, home: { number: index + 3 } }));
    const rows = await find({ $or });
    expect(keysOf(rows)).toEqual(
      PERSONS.filter((row) => row.age === 1 && home(row).number >= 3).map(({ id }) => id.key),
    );
  });
});

test('a declared index is used where it is right, and only there', () => {
  const printed = (where: unknown): string => print(buildFind(meta(Person), where, {}, context).statement).text;
  expect(printed({ age: 5 })).toContain('WITH INDEX by_age, by_age_name ');
  expect(printed({ age: { $gt: 5 } })).toContain('WITH INDEX by_age ');
  expect(printed({ club: 1, age: { $gt: 5 } })).toContain('WITH INDEX by_age, by_club_age ');
  expect(printed({ nick: 'x' })).toContain('WITH NOINDEX');
  expect(printed({ email: 'x' })).toContain('WITH INDEX by_email ');
  expect(printed({ email: null })).toContain('WITH NOINDEX');
  expect(printed({ words: ['x'] })).not.toContain('by_list');
  expect(printed({ words: { $contains: 'x' } })).toContain('WITH INDEX by_words ');
  // Datetimes are sorted as text: only a range that is wide enough may use the index.
  expect(printed({ born: { $gt: DateTime.now() } })).toContain('WITH NOINDEX');
  expect(printed({ born: { $lt: BORN } })).toContain(
    'WITH INDEX by_born WHERE born > $p1 AND born < $p2 AND !(born >= $p3)',
  );
  expect(printed({ born: { $between: [BORN, inMs] } })).toContain(
    'WITH INDEX by_born WHERE born >= $p1 AND born < $p2 AND !(born < $p3) AND !(born >= $p4)',
  );
  expect(printed({ name: 'x' })).toContain('WITH NOINDEX');
});

function byDistance(a: PersonRow, b: PersonRow): number {
  return Math.abs((a.id.key as number) / 10 - 3.03) - Math.abs((b.id.key as number) / 10 - 3.03);
}

function byNumber(a: unknown, b: unknown): number {
  return Number(a) - Number(b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
