import type { DateTime } from '../../lib/index.js';
import {
  Decimal,
  Duration,
  NONE,
  Point,
  RecordId,
  Uuid,
  surql,
  where,
  type EntityManager,
  type Where,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import {
  AREA,
  Book,
  DAY,
  Draft,
  GENRES,
  KNOWS,
  PRESSES,
  READ,
  READERS,
  REVIEWS,
  Reader,
  Review,
  Status,
  WORKS,
  readingEntities,
  seedReading,
  serialOf,
  type Work,
  type WorkRow,
} from '../support/reading-entities.js';

type Case = readonly [title: string, where: Where<Work>, matches: (row: WorkRow) => boolean];

const lower = (text: string | undefined): string => (text === undefined ? '\0' : text.toLowerCase());
const press = (row: WorkRow) => PRESSES.find(({ key }) => key === row.press);
const genres = (row: WorkRow) => GENRES.filter(({ key }) => row.genres.includes(key)).map(({ name }) => name);
const ms = (row: WorkRow): number | undefined => row.published?.getTime();
const scannedMs = (row: WorkRow): number | undefined => row.scanned?.getTime();
const at = (row: WorkRow) =>
  row.scanned === undefined
    ? undefined
    : BigInt(row.scanned.seconds) * 1_000_000_000n + BigInt(row.scanned.nanoseconds);
const SCANNED = WORKS.find(
  ({ scanned }) => scanned !== undefined && scanned.nanoseconds % 1_000_000 !== 0,
) as WorkRow & { readonly scanned: DateTime };
const scannedDate = new Date(SCANNED.scanned.getTime());
const inArea = (row: WorkRow): boolean => row.lon !== undefined && row.lon > 0.95 && row.lon < 2.05;

const COMPARISONS: readonly Case[] = [
  ['no condition', {}, () => true],
  ['equality', { rank: 7 }, (row) => row.rank === 7],
  ['two fields', { rank: 7, lent: true }, (row) => row.rank === 7 && row.lent],
  ['$eq', { title: { $eq: 'Dune' } }, (row) => row.title === 'Dune'],
  ['the empty text', { title: '' }, (row) => row.title === ''],
  ['$ne', { rank: { $ne: 7 } }, (row) => row.rank !== 7],
  ['$ne keeps what lacks the field', { code: { $ne: 'c1' } }, (row) => row.code !== 'c1'],
  ['$gt', { rank: { $gt: 9 } }, (row) => row.rank > 9],
  ['$gte', { rank: { $gte: 9 } }, (row) => row.rank >= 9],
  ['$lt', { rank: { $lt: 3 } }, (row) => row.rank < 3],
  ['$lte', { rank: { $lte: 3 } }, (row) => row.rank <= 3],
  ['$lt drops what lacks the field', { rating: { $lt: 3 } }, (row) => row.rating !== undefined && row.rating < 3],
  [
    '$lte drops what lacks the field',
    { rating: { $lte: 3.5 } },
    (row) => row.rating !== undefined && row.rating <= 3.5,
  ],
  ['$lte drops NULL', { note: { $lte: 'note 1' } }, (row) => typeof row.note === 'string' && row.note <= 'note 1'],
  ['$gt over what lacks the field', { rating: { $gt: -1 } }, (row) => row.rating !== undefined],
  ['a range', { rank: { $gt: 3, $lte: 9 } }, (row) => row.rank > 3 && row.rank <= 9],
  ['$between includes both ends', { rank: { $between: [3, 9] } }, (row) => row.rank >= 3 && row.rank <= 9],
  ['$between the wrong way round', { rank: { $between: [9, 3] } }, () => false],
  ['$in', { rank: { $in: [1, 2, 2, 99] } }, (row) => [1, 2].includes(row.rank)],
  ['$in nothing', { rank: { $in: [] } }, () => false],
  ['$in with null', { code: { $in: ['c1', null] } }, (row) => row.code === 'c1' || row.code === undefined],
  ['$nin', { rank: { $nin: [1, 2] } }, (row) => ![1, 2].includes(row.rank)],
  ['$nin nothing', { rank: { $nin: [] } }, () => true],
  [
    '$nin keeps what lacks the field',
    { code: { $nin: ['c1', 'c2'] } },
    (row) => !['c1', 'c2'].includes(row.code as string),
  ],
  ['an enum', { status: Status.Closed }, (row) => row.status === Status.Closed],
  ['a boolean', { lent: false }, (row) => !row.lent],
  ['$ne of a boolean', { lent: { $ne: true } }, (row) => !row.lent],
  ['a decimal', { price: new Decimal('2.5') }, (row) => row.price.eq('2.5')],
  ['a decimal as a number', { price: { $gt: 9.75 } }, (row) => row.price.gt(9.75)],
  ['a decimal as text', { price: '2.50' }, (row) => row.price.eq(2.5)],
  ['a duration', { reading: new Duration(5n * 60_000_000_000n) }, (row) => row.key === 5],
  ['a duration as text', { reading: { $gte: '25m' } }, (row) => row.reading !== undefined && row.key >= 25],
  ['a uuid', { serial: Uuid.parse(serialOf(4)) }, (row) => row.key === 4],
  ['a uuid as text', { serial: { $in: [serialOf(4), serialOf(7)] } }, (row) => [4, 7].includes(row.key)],
  ['bytes', { cover: new Uint8Array([4, 1]) }, (row) => row.key === 4],
  ['a set as a whole', { shelves: new Set([0, 1, 2]) }, (row) => [...row.shelves].sort().join() === '0,1,2'],
  ['surql as a value', { rank: { $gt: surql`${3} * 3` } }, (row) => row.rank > 9],
  ['surql among the list', { rank: { $in: [1, surql`1 + 1`] } }, (row) => [1, 2].includes(row.rank)],
  ['surql as the list', { rank: { $in: surql`[1, 2]` } }, (row) => [1, 2].includes(row.rank)],
  ['surql as the where', surql`rank = ${1} OR rank = 2`, (row) => [1, 2].includes(row.rank)],
  [
    'surql inside $and',
    { lent: true, $and: [surql`rank = 1 OR rank = 2`] },
    (row) => row.lent && [1, 2].includes(row.rank),
  ],
  ['a computed field', { twice: { $gte: 20 } }, (row) => row.rank * 2 >= 20],
  [
    'a computed field beside an indexed one',
    { twice: 14, title: 'Dune' },
    (row) => row.rank === 7 && row.title === 'Dune',
  ],
  ['a stored computed field', { slug: 'dune ii' }, (row) => row.title === 'Dune II'],
  ['@CreatedAt', { createdAt: { $gt: new Date(0), $lte: new Date(Date.now() + 86_400_000) } }, () => true],
];

const MISSING: readonly Case[] = [
  ['null means NONE', { code: null }, (row) => row.code === undefined],
  ['$eq null', { subtitle: { $eq: null } }, (row) => row.subtitle === undefined],
  ['$ne null', { code: { $ne: null } }, (row) => row.code !== undefined],
  ['NONE', { subtitle: { $eq: NONE as never } }, (row) => row.subtitle === undefined],
  ['null where the type admits NULL', { note: null }, (row) => row.note === null],
  ['$ne null where the type admits NULL', { note: { $ne: null } }, (row) => row.note !== null],
  ['$isNull', { note: { $isNull: true } }, (row) => row.note === null],
  ['$isNull: false', { note: { $isNull: false } }, (row) => row.note !== null],
  ['$isNone', { note: { $isNone: true } }, (row) => row.note === undefined],
  ['$isNone: false', { note: { $isNone: false } }, (row) => row.note !== undefined],
  ['$exists', { rating: { $exists: true } }, (row) => row.rating !== undefined],
  ['$exists: false', { code: { $exists: false } }, (row) => row.code === undefined],
  ['$exists counts NULL', { note: { $exists: true } }, (row) => row.note !== undefined],
  [
    'a missing text and another field',
    { code: null, rank: { $gt: 5 } },
    (row) => row.code === undefined && row.rank > 5,
  ],
];

const JUNCTIONS: readonly Case[] = [
  ['$or', { $or: [{ rank: 1 }, { title: 'Emma' }] }, (row) => row.rank === 1 || row.title === 'Emma'],
  ['$or of nothing', { $or: [] }, () => false],
  [
    '$or beside a field',
    { lent: true, $or: [{ rank: 1 }, { rank: 2 }] },
    (row) => row.lent && [1, 2].includes(row.rank),
  ],
  ['$or with an empty object', { $or: [{}, { rank: 1 }] }, () => true],
  ['$and', { $and: [{ rank: { $gt: 2 } }, { rank: { $lt: 5 } }] }, (row) => row.rank > 2 && row.rank < 5],
  ['$and of nothing', { $and: [] }, () => true],
  [
    '$and of $or',
    { $and: [{ $or: [{ rank: 1 }, { rank: 2 }] }, { $or: [{ lent: true }, { code: null }] }] },
    (row) => [1, 2].includes(row.rank) && (row.lent || row.code === undefined),
  ],
  ['$not', { $not: { rank: { $lt: 5 }, lent: true } }, (row) => !(row.rank < 5 && row.lent)],
  [
    '$not of $or',
    { $not: { $or: [{ rank: 1 }, { rating: { $lt: 3 } }] } },
    (row) => !(row.rank === 1 || (row.rating !== undefined && row.rating < 3)),
  ],
  ['$not of surql', { $not: surql`rank = 1` }, (row) => row.rank !== 1],
  ['$not twice', { $not: { $not: { rank: 1 } } }, (row) => row.rank === 1],
  ['$not on a field', { rank: { $not: { $gt: 5 } } }, (row) => row.rank <= 5],
  [
    '$not on a field is the complement',
    { subtitle: { $not: { $startsWith: 'sub 1' } } },
    (row) => row.subtitle !== 'sub 1',
  ],
  ['$not of a value', { title: { $not: { $eq: 'Emma' } } }, (row) => row.title !== 'Emma'],
  [
    'dropped keys',
    where({ rank: undefined, lent: true, size: { pages: undefined } }) as Where<Work>,
    (row) => row.lent,
  ],
];

const TEXTS: readonly Case[] = [
  ['$startsWith', { subtitle: { $startsWith: 'sub 1' } }, (row) => row.subtitle === 'sub 1'],
  ['$endsWith', { subtitle: { $endsWith: '1' } }, (row) => row.subtitle === 'sub 1'],
  ['$contains', { title: { $contains: 'un' } }, (row) => row.title.includes('un')],
  ['$contains keeps case', { title: { $contains: 'DUNE' } }, () => false],
  ['$notContains', { subtitle: { $notContains: '1' } }, (row) => row.subtitle !== 'sub 1'],
  ['$icontains', { title: { $icontains: 'EM' } }, (row) => lower(row.title).includes('em')],
  ['$icontains beyond ASCII', { title: { $icontains: 'OË' } }, (row) => row.title === 'Zoë'],
  ['$icontains of sigma', { title: { $icontains: 'ΣΊΣΥΦΟΣ' } }, (row) => row.title === 'Σίσυφος'],
  ['$istartsWith', { title: { $istartsWith: 'dUN' } }, (row) => row.title.startsWith('Dun')],
  ['$iendsWith', { title: { $iendsWith: 'MMA' } }, (row) => lower(row.title) === 'emma'],
  ['$startsWith of a signed text', { title: { $startsWith: '100%_' } }, (row) => row.title.startsWith('100%_')],
  ['$like %', { title: { $like: 'Dun%' } }, (row) => row.title.startsWith('Dun')],
  ['$like _', { title: { $like: '_mma' } }, (row) => lower(row.title) === 'emma'],
  ['$like escapes', { title: { $like: '100\\%\\_%' } }, (row) => row.title.startsWith('100%_')],
  ['$like is no regex', { title: { $like: 'A.b*%' } }, (row) => row.title === 'A.b*c'],
  ['$like whole text', { title: { $like: 'Dune' } }, (row) => row.title === 'Dune'],
  ['$ilike', { title: { $ilike: 'EMM_' } }, (row) => lower(row.title) === 'emma'],
  ['$regex', { title: { $regex: /^[D-E]\w+$/ } }, (row) => /^[D-E]\w+$/.test(row.title)],
  ['$regex flags', { title: { $regex: /^e/i } }, (row) => /^e/i.test(row.title)],
  ['text of a field that may be missing', { code: { $icontains: 'C1' } }, (row) => lower(row.code).includes('c1')],
];

const LISTS: readonly Case[] = [
  ['$contains', { words: { $contains: 'war' } }, (row) => row.words.includes('war')],
  ['$notContains', { words: { $notContains: 'war' } }, (row) => !row.words.includes('war')],
  [
    '$containsAll',
    { words: { $containsAll: ['war', 'sea'] } },
    (row) => row.words.includes('war') && row.words.includes('sea'),
  ],
  [
    '$containsAny',
    { words: { $containsAny: ['war', 'sea'] } },
    (row) => row.words.includes('war') || row.words.includes('sea'),
  ],
  [
    '$containsNone',
    { words: { $containsNone: ['war', 'sea'] } },
    (row) => !row.words.includes('war') && !row.words.includes('sea'),
  ],
  [
    '$inside',
    { words: { $inside: ['war', 'sea'] } },
    (row) => row.words.every((word) => ['war', 'sea'].includes(word)),
  ],
  ['the whole list', { words: ['love', 'war'] }, (row) => row.words.join() === 'love,war'],
  ['the empty list', { words: [] }, (row) => row.words.length === 0],
  ['$size', { words: { $size: 2 } }, (row) => row.words.length === 2],
  ['$size with operators', { words: { $size: { $gte: 3 } } }, (row) => row.words.length >= 3],
  ['$contains of a set', { shelves: { $contains: 4 } }, (row) => row.shelves.includes(4)],
  ['$size of a set', { shelves: { $size: 3 } }, (row) => row.shelves.length === 3],
  ['two operators on one list', { words: { $contains: 'war', $size: 1 } }, (row) => row.words.join() === 'war'],
  ['embedded: one element', { editions: { year: 2001 } }, (row) => row.editions.some(({ year }) => year === 2001)],
  [
    'embedded: one element meets all',
    { editions: { year: 2001, isbn: 'i0' } },
    (row) => row.editions.some(({ year, isbn }) => year === 2001 && isbn === 'i0'),
  ],
  [
    'embedded: $or',
    { editions: { $or: [{ year: 2001 }, { isbn: 'i0' }] } },
    (row) => row.editions.some(({ year, isbn }) => year === 2001 || isbn === 'i0'),
  ],
  [
    'a set and another',
    { shelves: { $in: [new Set([0, 1]), new Set([1, 2])] } },
    (row) => ['0,1', '1,2'].includes([...row.shelves].sort().join()),
  ],
  ['$ne of a set', { shelves: { $ne: new Set([0, 1]) } }, (row) => [...row.shelves].sort().join() !== '0,1'],
  ['embedded: operators', { editions: { year: { $gt: 2002 } } }, (row) => row.editions.some(({ year }) => year > 2002)],
];

const NESTED: readonly Case[] = [
  ['a nested field', { size: { pages: 200 } }, (row) => row.pages === 200],
  ['a nested range', { size: { pages: { $gt: 100, $lt: 400 } } }, (row) => row.pages > 100 && row.pages < 400],
  ['a nested column of another name', { size: { format: 'f1' } }, (row) => row.format === 'f1'],
  ['a nested field that may be missing', { size: { format: null } }, (row) => row.format === undefined],
  [
    'two nested fields',
    { size: { format: 'f1', pages: { $gte: 200 } } },
    (row) => row.format === 'f1' && row.pages >= 200,
  ],
  ['$or inside', { size: { $or: [{ pages: 0 }, { format: 'f1' }] } }, (row) => row.pages === 0 || row.format === 'f1'],
  [
    '$and inside',
    { size: { $and: [{ pages: { $gt: 0 } }, { format: 'f1' }] } },
    (row) => row.pages > 0 && row.format === 'f1',
  ],
  ['$not inside', { size: { $not: { pages: 0, format: 'f1' } } }, (row) => !(row.pages === 0 && row.format === 'f1')],
  ['the whole and a member', { size: { $exists: true, pages: 300 } }, (row) => row.pages === 300],
  [
    'the whole',
    { size: { $eq: { pages: 300, format: 'f0' } } },
    (row) => row.pages === 300 && row.format === 'f0' && row.printer === undefined,
  ],
  ['a link inside', { size: { printer: 'p1' } }, (row) => row.printer === 'p1'],
  ['through a link inside', { size: { printer: { name: 'Alpha' } } }, (row) => row.printer === 'p0'],
  ['an object without a class', { extra: { theme: 'dark' } }, (row) => row.extra?.theme === 'dark'],
  ['deeper in it', { extra: { deep: { n: { $gte: 2 } } } }, (row) => row.extra !== undefined && row.extra.deep.n >= 2],
  [
    '$or in it',
    { extra: { $or: [{ theme: 'dark' }, { deep: { n: 3 } }] } },
    (row) => row.extra?.theme === 'dark' || row.extra?.deep.n === 3,
  ],
  ['$not in it', { extra: { $not: { theme: 'dark' } } }, (row) => row.extra?.theme !== 'dark'],
  ['a missing object', { extra: null }, (row) => row.extra === undefined],
];

const LINKS: readonly Case[] = [
  ['by key', { press: 'p1' }, (row) => row.press === 'p1'],
  ['by text', { press: 'press:p1' }, (row) => row.press === 'p1'],
  ['by record id', { press: new RecordId('press', 'p1') }, (row) => row.press === 'p1'],
  [
    '$in',
    { press: { $in: ['p1', 'press:p2', new RecordId('press', 'p3')] } },
    (row) => ['p1', 'p2', 'p3'].includes(row.press as string),
  ],
  ['$ne', { press: { $ne: 'p1' } }, (row) => row.press !== 'p1'],
  ['null', { press: null }, (row) => row.press === undefined],
  ['$exists', { press: { $exists: true } }, (row) => row.press !== undefined],
  ['through it', { press: { name: 'Beta' } }, (row) => row.press === 'p1'],
  ['through it, an operator', { press: { name: { $icontains: 'ET' } } }, (row) => row.press === 'p1'],
  ['through it, $ne keeps what is not there', { press: { name: { $ne: 'Beta' } } }, (row) => row.press !== 'p1'],
  [
    'through it, $or',
    { press: { $or: [{ name: 'Beta' }, { city: 'rome' }] } },
    (row) => row.press === 'p1' || row.press === 'p0',
  ],
  ['through it, $not', { press: { $not: { name: 'Beta' } } }, (row) => row.press !== 'p1'],
  ['through it, and itself', { press: { $ne: 'p0', city: { $exists: true } } }, (row) => row.press === 'p1'],
  ['not the link', { press: { $not: { $in: ['p0', 'p1'] } } }, (row) => row.press !== 'p0' && row.press !== 'p1'],
  ['through two', { press: { city: { name: 'Rome' } } }, (row) => row.press === 'p0'],
  ['through two, a range', { press: { city: { people: { $lt: 3 } } } }, (row) => row.press === 'p1'],
  ['through it, missing there', { press: { city: null } }, (row) => press(row)?.city === undefined],
  ['through it, its id', { press: { id: { $in: ['p0', 'p1'] } } }, (row) => row.press === 'p0' || row.press === 'p1'],
  [
    'through it and a field',
    { press: { name: 'Beta' }, rank: { $gt: 4 } },
    (row) => row.press === 'p1' && row.rank > 4,
  ],
  ['many: $contains', { genres: { $contains: 'g1' } }, (row) => row.genres.includes('g1')],
  [
    'many: $containsAny',
    { genres: { $containsAny: ['g1', 'genre:g2'] } },
    (row) => row.genres.some((key) => key === 'g1' || key === 'g2'),
  ],
  [
    'many: $containsAll',
    { genres: { $containsAll: ['g1', 'g2'] } },
    (row) => ['g1', 'g2'].every((key) => row.genres.includes(key)),
  ],
  ['many: conditions mean some', { genres: { name: 'Genre 1' } }, (row) => genres(row).includes('Genre 1')],
  [
    'many: $some',
    { genres: { $some: { name: { $in: ['Genre 1', 'Genre 3'] } } } },
    (row) => genres(row).some((name) => ['Genre 1', 'Genre 3'].includes(name)),
  ],
  ['many: $none', { genres: { $none: { name: 'Genre 1' } } }, (row) => !genres(row).includes('Genre 1')],
  ['many: $every', { genres: { $every: { name: 'Genre 1' } } }, (row) => row.genres.every((key) => key === 'g1')],
  [
    'many: $or',
    { genres: { $or: [{ name: 'Genre 1' }, { id: 'g2' }] } },
    (row) => row.genres.includes('g1') || row.genres.includes('g2'),
  ],
  ['many: $not', { genres: { $not: { name: 'Genre 1' } } }, (row) => !row.genres.includes('g1')],
  [
    'many: $not within one',
    { genres: { name: { $like: 'Genre%' }, $not: { name: 'Genre 1' } } },
    (row) => genres(row).some((name) => name !== 'Genre 1'),
  ],
  [
    'many: the list and one of it',
    { genres: { $size: 2, name: 'Genre 1' } },
    (row) => row.genres.length === 2 && row.genres.includes('g1'),
  ],
  [
    'many: by id',
    { genres: { id: { $in: ['g1', 'g2'] } } },
    (row) => row.genres.includes('g1') || row.genres.includes('g2'),
  ],
  ['many: $size', { genres: { $size: 2 } }, (row) => row.genres.length === 2],
  ['many: $exists', { genres: { $exists: false } }, (row) => row.genres.length === 0],
];

const DATES: readonly Case[] = [
  ['a Date', { published: new Date(DAY + 1) }, (row) => ms(row) === DAY + 1],
  ['$gt', { published: { $gt: new Date(DAY + 1) } }, (row) => (ms(row) ?? 0) > DAY + 1],
  ['$lte', { published: { $lte: new Date(DAY + 1) } }, (row) => (ms(row) ?? Infinity) <= DAY + 1],
  [
    '$between',
    { published: { $between: [new Date(DAY + 1), new Date(DAY + 2)] } },
    (row) => [DAY + 1, DAY + 2].includes(ms(row) ?? 0),
  ],
  ['$in', { published: { $in: [new Date(DAY), new Date(DAY + 3)] } }, (row) => [DAY, DAY + 3].includes(ms(row) ?? 0)],
  [
    'nanoseconds: a Date is its millisecond',
    { scanned: scannedDate as never },
    (row) => scannedMs(row) === scannedDate.getTime(),
  ],
  [
    'nanoseconds: $gt a Date',
    { scanned: { $gt: scannedDate as never } },
    (row) => (scannedMs(row) ?? 0) > scannedDate.getTime(),
  ],
  [
    'nanoseconds: $lte a Date',
    { scanned: { $lte: scannedDate as never } },
    (row) => (scannedMs(row) ?? Infinity) <= scannedDate.getTime(),
  ],
  ['nanoseconds: exact', { scanned: SCANNED.scanned }, (row) => at(row) === at(SCANNED)],
  ['nanoseconds: $gt exact', { scanned: { $gt: SCANNED.scanned } }, (row) => (at(row) ?? 0n) > (at(SCANNED) as bigint)],
];

const PLACES: readonly Case[] = [
  ['within a polygon', { place: { $within: AREA } }, inArea],
  [
    'within a circle',
    { place: { $within: { center: new Point([1, 50]), meters: 8_000 } } },
    (row) => row.lon !== undefined && Math.abs(row.lon - 1) < 0.11,
  ],
  ['$inside', { place: { $inside: AREA } }, inArea],
  ['$outside', { place: { $outside: AREA } }, (row) => row.lon !== undefined && !inArea(row)],
  ['$intersects', { place: { $intersects: AREA } }, inArea],
  ['a point', { place: new Point([1, 50]) }, (row) => row.lon === 1],
  ['no place', { place: null }, (row) => row.lon === undefined],
];

const IDS: readonly Case[] = [
  ['a key', 7, (row) => row.key === 7],
  ['a key as text', '7', (row) => row.key === 7],
  ['a bigint', 7n, (row) => row.key === 7],
  ['id by key', { id: 7 }, (row) => row.key === 7],
  ['id $in', { id: { $in: [7, 3, 999] } }, (row) => [3, 7].includes(row.key)],
  [
    'id $in and another condition',
    { id: { $in: [7, 3, 5] }, rank: { $gt: 8 } },
    (row) => [7, 3, 5].includes(row.key) && row.rank > 8,
  ],
  ['id $ne', { id: { $ne: 7 } }, (row) => row.key !== 7],
  ['id $nin', { id: { $nin: [7, 8] } }, (row) => ![7, 8].includes(row.key)],
  ['an id range', { id: { $gt: 40, $lte: 44 } }, (row) => row.key > 40 && row.key <= 44],
  [
    'two lists of ids',
    { $and: [{ id: { $in: [1, 2, 3] } }, { id: { $in: [2, 3, 4] } }] },
    (row) => [2, 3].includes(row.key),
  ],
  ['ids under $or', { $or: [{ id: 1 }, { rank: 1 }] }, (row) => row.key === 1 || row.rank === 1],
  ['$not of an id', { $not: { id: 7 } }, (row) => row.key !== 7],
];

const GROUPS = { COMPARISONS, MISSING, JUNCTIONS, TEXTS, LISTS, NESTED, LINKS, DATES, PLACES, IDS };

describe.each(backends)('where on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: readingEntities });
    await seedReading(test);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
  });
  /** Reading changes nothing: whatever was read, there is nothing to flush. */
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  describe.each(Object.entries(GROUPS))('%s', (_group, cases) => {
    it.each(cases)('%s', async (_title, condition, matches) => {
      const wanted = WORKS.filter(matches).map(({ key }) => key);
      for (const entity of [Book, Draft]) {
        const found = await em.find<Work>(entity, condition);
        expect(found.map(({ id }) => id.key).sort(byNumber)).toEqual(wanted);
        expect(found.every((work) => work instanceof entity && work.twice === work.rank * 2)).toBe(true);
        expect(await em.count<Work>(entity, condition)).toBe(wanted.length);
        expect(await em.exists<Work>(entity, condition)).toBe(wanted.length > 0);
        const page = await em.find<Work>(entity, condition, { orderBy: { rank: 'desc' }, limit: 4, offset: 1 });
        const sorted = WORKS.filter(matches).sort((a, b) => b.rank - a.rank || a.key - b.key);
        expect(page.map(({ id }) => id.key)).toEqual(sorted.slice(1, 5).map(({ key }) => key));
      }
    });
  });

  it('every condition and its $not split the table', async () => {
    for (const [title, condition] of Object.values(GROUPS).flat()) {
      if (typeof condition !== 'object' || Object.keys(condition).length === 0) continue;
      const [inside, outside] = await Promise.all([
        em.find<Work>(Book, condition),
        em.find<Work>(Book, { $not: condition as never }),
      ]);
      expect([title, [...inside, ...outside].map(({ id }) => id.key).sort(byNumber)]).toEqual([
        title,
        WORKS.map(({ key }) => key),
      ]);
    }
  });

  it('an id of the table itself, as a record id and as text', async () => {
    for (const condition of [new RecordId('book', 7), 'book:7'] as const) {
      expect((await em.find(Book, condition)).map(({ id }) => id.key)).toEqual([7]);
      expect(await em.count(Book, condition)).toBe(1);
    }
    const book = await em.findOneOrFail(Book, 7);
    expect(await em.find(Book, { id: { $in: [book.id, 'book:8'] } })).toHaveLength(2);
  });

  it('an entity as a condition', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann');
    const mine = REVIEWS.filter(({ by }) => by === 'ann').map(({ key }) => key);
    expect((await em.find(Review, { by: ann })).map(({ id }) => id.key).sort()).toEqual(mine);
    expect((await em.find(Review, { by: { $in: [ann] } })).map(({ id }) => id.key).sort()).toEqual(mine);
    expect(await em.count(Reader, { knows: { $contains: ann } })).toBe(1);
    const review = (await em.find(Review, { by: ann }))[0] as Review;
    expect((await em.find(Review, { by: review.by })).map(({ id }) => id.key).sort()).toEqual(mine);
  });

  it('inverse relations', async () => {
    const booksOf = (matches: (review: (typeof REVIEWS)[number]) => boolean) =>
      [...new Set(REVIEWS.filter(matches).map(({ book }) => book))].sort(byNumber);
    const find = async (condition: Where<Book>) =>
      (await em.find(Book, condition)).map(({ id }) => id.key).sort(byNumber);
    const all = WORKS.map(({ key }) => key);
    const without = (keys: readonly number[]) => all.filter((key) => !keys.includes(key));
    expect(await find({ reviews: { stars: 4 } })).toEqual(booksOf(({ stars }) => stars === 4));
    expect(await find({ reviews: { stars: 4, hidden: true } })).toEqual(
      booksOf(({ stars, hidden }) => stars === 4 && hidden),
    );
    expect(await find({ reviews: { $none: { hidden: true } } })).toEqual(without(booksOf(({ hidden }) => hidden)));
    expect(await find({ reviews: { $every: { hidden: false } } })).toEqual(without(booksOf(({ hidden }) => hidden)));
    expect(await find({ reviews: { $size: 0 } })).toEqual(without(booksOf(() => true)));
    expect(await find({ reviews: { $size: { $gt: 4 } } })).toEqual([1, 2]);
    expect(await find({ reviews: { $exists: true }, lent: true })).toEqual([1, 3]);
    expect(await find({ reviews: { by: { home: { name: 'Oslo' } } } })).toEqual(booksOf(({ by }) => by === 'bob'));
    expect(await find({ reviews: { $contains: 'v03' } })).toEqual([4]);
  });

  it('edges', async () => {
    const find = async (condition: Where<Reader>) => (await em.find(Reader, condition)).map(({ id }) => id.key).sort();
    expect(await find({ knows: { name: 'Cleo' } })).toEqual(['ann', 'bob']);
    expect(await find({ knownBy: { name: 'Cleo' } })).toEqual(['dan', 'eve']);
    expect(await find({ friends: { name: 'Cleo' } })).toEqual(['ann', 'bob', 'dan', 'eve']);
    expect(await find({ knows: { $size: 2 } })).toEqual(['ann', 'cleo']);
    expect(await find({ knows: { $none: { age: { $lt: 18 } } } })).toEqual(['bob', 'dan', 'eve']);
    expect(await find({ knows: { adult: false } })).toEqual(['ann', 'cleo']);
    expect(await find({ books: { title: 'emma' }, age: { $gt: 40 } })).toEqual(['ann']);
    expect(await find({ knows: { knows: { name: 'Eve' } } })).toEqual(['ann', 'bob']);
    expect(await find({ $not: { books: { $exists: true } } })).toEqual(
      READERS.map(({ key }) => key).filter((key) => !READ.some((edge) => edge.in === key)),
    );
    expect(await em.count(Book, { readers: { adult: true } })).toBe(
      new Set(READ.filter((edge) => edge.in !== 'bob').map(({ out }) => out)).size,
    );
    expect(KNOWS).toHaveLength(7);
  });
});

function byNumber(a: unknown, b: unknown): number {
  return Number(a) - Number(b);
}
