import 'reflect-metadata';
import {
  Computed,
  CreatedAt,
  DateTime,
  Decimal,
  Duration,
  Field,
  Id,
  In,
  Index,
  Out,
  Point,
  Polygon,
  RecordId,
  Relation,
  Table,
  Uuid,
  surql,
  type Link,
  type Links,
  type Opt,
} from '../../lib/index.js';
import type { TestOrm } from './open-orm.js';

export enum Status {
  Open = 'open',
  Closed = 'closed',
}

@Table({ name: 'city' })
export class City {
  @Id() id!: RecordId<'city', string>;
  @Field('string') name!: string;
  @Field('int') people!: number;
}

@Table({ name: 'press' })
export class Press {
  @Id() id!: RecordId<'press', string>;
  @Field('string') name!: string;
  @Relation(() => City, { optional: true, onDelete: 'ignore' }) city?: Link<City>;
}

@Table({ name: 'genre' })
export class Genre {
  @Id() id!: RecordId<'genre', string>;
  @Field('string') name!: string;
  @Relation(() => Book, { inverse: 'genres' }) books!: Links<Book>;
}

export class Size {
  @Field('int') pages!: number;
  @Field('option<string>', { name: 'fmt' }) format?: string;
  @Relation(() => Press, { optional: true, onDelete: 'ignore' }) printer?: Link<Press>;
}

export class Edition {
  @Field('int') year!: number;
  @Field('option<string>') isbn?: string;
}

/** One shape, in a table with indexes and in one without: both answer alike. */
export abstract class Work {
  @Id('int') id!: RecordId<string, number>;
  @Field('string') title!: string;
  @Field('int') rank!: number;
  @Field('option<string>', { name: 'isbn_code' }) code?: string;
  @Field('option<string>') subtitle?: string;
  @Field('option<string | null>') note?: string | null;
  @Field('decimal') price!: Decimal;
  @Field('option<float>') rating?: number;
  @Field('bool') lent!: boolean;
  @Field({ enum: Status }) status!: Status;
  @Field('option<datetime>') published?: Date;
  @Field('option<datetime>', { codec: DateTime }) scanned?: DateTime;
  @Field('option<duration>') reading?: Duration;
  @Field('option<uuid>') serial?: Uuid;
  @Field('option<bytes>') cover?: Uint8Array;
  @Field('array<string>') words!: string[];
  @Field('set<int>') shelves!: Set<number>;
  @Field(() => Size) size!: Size;
  @Field(() => [Edition]) editions!: Edition[];
  @Field('option<object>', { flexible: true }) extra?: Record<string, unknown>;
  @Field('option<geometry<point>>') place?: Point;
  @Relation(() => Press, { onDelete: 'ignore', optional: true }) press?: Link<Press>;
  @Relation(() => Genre, { many: true, onDelete: 'ignore' }) genres!: Links<Genre>;
  @Computed(surql`rank * 2`, { type: 'int' }) readonly twice!: number;
  @Computed(surql`string::lowercase(title)`, { type: 'string', stored: true }) readonly slug!: string;
  @CreatedAt() readonly createdAt!: Date;
}

@Table({ name: 'book' })
@Index({ fields: ['code'], unique: true })
@Index({ fields: ['title'] })
@Index({ fields: ['rank'] })
@Index({ fields: ['rank', 'lent'] })
@Index({ fields: ['subtitle'] })
@Index({ fields: ['note'] })
@Index({ fields: ['price'] })
@Index({ fields: ['rating'] })
@Index({ fields: ['status', 'lent', 'rank'] })
@Index({ fields: ['published'] })
@Index({ fields: ['scanned'] })
@Index({ fields: ['reading'] })
@Index({ fields: ['serial'], unique: true })
@Index({ fields: ['words.*'] })
@Index({ fields: ['size.pages'] })
@Index({ fields: ['press'] })
@Index({ fields: ['slug'] })
@Index({ fields: ['createdAt'] })
export class Book extends Work {
  @Relation(() => Review, { inverse: 'book' }) reviews!: Links<Review>;
  @Relation(() => Reader, { edge: () => Read, direction: 'in' }) readers!: Links<Reader, Read>;
}

@Table({ name: 'draft' })
export class Draft extends Work {}

@Table({ name: 'reader' })
@Index({ fields: ['age'] })
export class Reader {
  @Id() id!: RecordId<'reader', string>;
  @Field('string') name!: string;
  @Field('int') age!: number;
  @Relation(() => City, { optional: true, onDelete: 'ignore' }) home?: Link<City>;
  @Relation(() => Reader, { edge: () => Knows, direction: 'out' }) knows!: Links<Reader, Knows>;
  @Relation(() => Reader, { edge: () => Knows, direction: 'in' }) knownBy!: Links<Reader, Knows>;
  @Relation(() => Reader, { edge: () => Knows, direction: 'both' }) friends!: Links<Reader, Knows>;
  @Relation(() => Book, { edge: () => Read, direction: 'out' }) books!: Links<Book, Read>;
  @Relation(() => Review, { inverse: 'by' }) reviews!: Links<Review>;
  @Computed(surql`age >= 18`, { type: 'bool' }) readonly adult!: boolean;
}

@Table({ name: 'knows', type: 'relation', in: () => Reader, out: () => Reader })
export class Knows {
  @Id() id!: RecordId<'knows', string>;
  @In() in!: Link<Reader>;
  @Out() out!: Link<Reader>;
  @Field('int') since!: number;
}

@Table({ name: 'read', type: 'relation', in: () => Reader, out: () => Book })
export class Read {
  @Id() id!: RecordId<'read', string>;
  @In() in!: Link<Reader>;
  @Out() out!: Link<Book>;
  @Field('int') stars!: number;
  @Field('option<string>') mood?: string;
}

@Table({ name: 'review' })
@Index({ fields: ['stars'] })
export class Review {
  @Id() id!: RecordId<'review', string>;
  @Field('string') text!: string;
  @Field('int') stars!: number;
  @Field('bool', { default: false }) hidden!: Opt<boolean>;
  @Relation(() => Book, { onDelete: 'ignore' }) book!: Link<Book>;
  @Relation(() => Reader, { onDelete: 'ignore' }) by!: Link<Reader>;
}

/** A link that may lead to two tables. */
@Table({ name: 'mark' })
export class Mark {
  @Id() id!: RecordId<'mark', string>;
  @Relation(() => [Book, Reader], { onDelete: 'ignore' }) on!: Link<Book | Reader>;
}

@Table({ name: 'by_text' })
export class ByText {
  @Id() id!: RecordId<'by_text', string>;
  @Field('int') n!: number;
}
@Table({ name: 'by_int' })
export class ByInt {
  @Id('int') id!: RecordId<'by_int', number | bigint>;
  @Field('int') n!: number;
}
@Table({ name: 'by_uuid' })
export class ByUuid {
  @Id('uuid') id!: RecordId<'by_uuid', Uuid>;
  @Field('int') n!: number;
}
@Table({ name: 'by_ulid' })
export class ByUlid {
  @Id('ulid') id!: RecordId<'by_ulid', string>;
  @Field('int') n!: number;
}
@Table({ name: 'by_list' })
export class ByList {
  @Id(['string', 'int']) id!: RecordId<'by_list', [string, number]>;
  @Field('int') n!: number;
}
@Table({ name: 'by_object' })
export class ByObject {
  @Id('object') id!: RecordId<'by_object', { a: number; b: string }>;
  @Field('int') n!: number;
}
@Table({ name: 'by_any' })
export class ByAny {
  @Id('any') id!: RecordId<'by_any'>;
  @Field('int') n!: number;
}

export const readingEntities = [
  City,
  Press,
  Genre,
  Book,
  Draft,
  Reader,
  Knows,
  Read,
  Review,
  Mark,
  ByText,
  ByInt,
  ByUuid,
  ByUlid,
  ByList,
  ByObject,
  ByAny,
];

/** What is stored, written by hand or by plain arithmetic: expectations come from here, never from the ORM. */
export interface WorkRow {
  readonly key: number;
  readonly title: string;
  readonly rank: number;
  readonly code?: string;
  readonly subtitle?: string;
  readonly note?: string | null;
  readonly price: Decimal;
  readonly rating?: number;
  readonly lent: boolean;
  readonly status: Status;
  readonly published?: Date;
  readonly scanned?: DateTime;
  readonly reading?: Duration;
  readonly serial?: Uuid;
  readonly cover?: Uint8Array;
  readonly words: readonly string[];
  readonly shelves: readonly number[];
  readonly pages: number;
  readonly format?: string;
  readonly printer?: string;
  readonly editions: readonly { readonly year: number; readonly isbn?: string }[];
  readonly extra?: { readonly theme: string; readonly deep: { readonly n: number } };
  readonly lon?: number;
  readonly press?: string;
  readonly genres: readonly string[];
}

const TITLES = ['Emma', 'emma', 'Ulysses', 'Dune', 'Σίσυφος', '100%_sure', 'A.b*c', 'Zoë', '', 'Dune II'];
const WORDS = ['love', 'war', 'sand', 'sea'];
export const DAY = Date.UTC(2001, 0, 1);
export const SECOND = 1_000_000_000;
export const serialOf = (key: number): string => `018a6680-bef9-701b-9025-${key.toString(16).padStart(12, '0')}`;

function workRow(key: number): WorkRow {
  const at = DateTime.fromParts(DAY / 1000 + (key % 2), (key % 3) * 1_000_000 + (key % 4) * 250_000);
  return {
    key,
    title: TITLES[key % TITLES.length] as string,
    rank: (key * 7) % 13,
    price: new Decimal(key).div(4),
    lent: key % 2 === 1,
    status: key % 3 === 2 ? Status.Closed : Status.Open,
    words: WORDS.filter((_, at) => (key >> at) % 2 === 1),
    shelves: [key % 3, (key % 3) + 1, key % 5].filter((n, at, all) => all.indexOf(n) === at),
    pages: (key % 5) * 100,
    editions: Array.from({ length: key % 4 }, (_, at) => ({
      year: 2000 + ((key + at) % 4),
      ...(at % 2 === 0 && { isbn: `i${at}` }),
    })),
    genres: [`g${key % 4}`, `g${(key + 1) % 6}`].slice(0, key % 3),
    ...(key % 3 !== 0 && { code: `c${key}` }),
    ...(key % 4 !== 0 && { subtitle: `sub ${key % 5}` }),
    ...(key % 5 !== 0 && { note: key % 5 === 1 ? null : `note ${key % 3}` }),
    ...(key % 2 === 0 && { rating: (key % 7) + 0.5 }),
    ...(key % 6 !== 0 && { published: new Date(DAY + (key % 4)), scanned: at }),
    ...(key % 4 === 1 && { reading: new Duration(BigInt(key) * 60_000_000_000n) }),
    ...(key % 3 === 1 && { serial: Uuid.parse(serialOf(key)), cover: new Uint8Array([key, 1]) }),
    ...(key % 4 !== 2 && { format: `f${key % 3}` }),
    ...(key % 5 === 0 && { printer: `p${key % 2}` }),
    ...(key % 3 === 1 && { extra: { theme: key % 2 === 0 ? 'dark' : 'light', deep: { n: key % 4 } } }),
    ...(key % 5 !== 4 && { lon: key / 10 }),
    // p3 does not exist.
    ...(key % 7 !== 0 && { press: `p${key % 4}` }),
  };
}

export const WORKS: readonly WorkRow[] = Array.from({ length: 48 }, (_, key) => workRow(key));
export const CITIES = [
  { key: 'rome', name: 'Rome', people: 3 },
  { key: 'oslo', name: 'Oslo', people: 1 },
];
export const PRESSES = [
  { key: 'p0', name: 'Alpha', city: 'rome' },
  { key: 'p1', name: 'Beta', city: 'oslo' },
  { key: 'p2', name: 'Gamma', city: undefined },
];
/** g4 and g5 do not exist. */
export const GENRES = ['g0', 'g1', 'g2', 'g3'].map((key, at) => ({ key, name: `Genre ${at}` }));
export const READERS = [
  { key: 'ann', name: 'Ann', age: 42, home: 'rome' },
  { key: 'bob', name: 'Bob', age: 17, home: 'oslo' },
  { key: 'cleo', name: 'Cleo', age: 30, home: 'rome' },
  { key: 'dan', name: 'Dan', age: 30, home: undefined },
  { key: 'eve', name: 'Eve', age: 12, home: 'gone' },
];
export const KNOWS = [
  { key: 'ab', in: 'ann', out: 'bob', since: 2001 },
  { key: 'ab2', in: 'ann', out: 'bob', since: 2009 },
  { key: 'ac', in: 'ann', out: 'cleo', since: 2005 },
  { key: 'bc', in: 'bob', out: 'cleo', since: 2010 },
  { key: 'cd', in: 'cleo', out: 'dan', since: 2020 },
  { key: 'da', in: 'dan', out: 'ann', since: 2003 },
  { key: 'ce', in: 'cleo', out: 'eve', since: 1999 },
];
export const READ = [
  { key: 'r1', in: 'ann', out: 1, stars: 5, mood: 'sad' },
  { key: 'r2', in: 'ann', out: 2, stars: 3, mood: undefined },
  { key: 'r3', in: 'bob', out: 2, stars: 4, mood: undefined },
  { key: 'r4', in: 'cleo', out: 3, stars: 1, mood: 'bored' },
  { key: 'r5', in: 'dan', out: 1, stars: 2, mood: undefined },
];
export const REVIEWS = Array.from({ length: 18 }, (_, at) => ({
  key: `v${String(at).padStart(2, '0')}`,
  text: `text ${at}`,
  stars: at % 5,
  hidden: at % 4 === 0,
  book: 1 + (at % 4),
  by: (READERS[at % 3] as { key: string }).key,
}));

const link = (table: string, key: string | number | undefined) =>
  key === undefined ? undefined : new RecordId(table, key);

function columnsOf(row: WorkRow): Record<string, unknown> {
  const { key, code, pages, format, printer, lon, press, genres, shelves, ...same } = row;
  return {
    ...same,
    id: key,
    isbn_code: code,
    shelves: new Set(shelves),
    size: { pages, fmt: format, printer: link('press', printer) },
    place: lon === undefined ? undefined : new Point([lon, 50]),
    press: link('press', press),
    genres: genres.map((genre) => link('genre', genre)),
  };
}

/** Fills the tables past the ORM's own writing. */
export async function seedReading({ orm, clear }: TestOrm): Promise<void> {
  const db = orm.driver;
  const insert = (table: string, rows: readonly object[], relation = '') =>
    db.query(`INSERT ${relation} INTO ${table} $rows RETURN NONE`, { rows: rows.map(withoutUndefined) });
  await insert(
    'city',
    CITIES.map(({ key, ...rest }) => ({ id: key, ...rest })),
  );
  await insert(
    'press',
    PRESSES.map(({ key, name, city }) => ({ id: key, name, city: link('city', city) })),
  );
  await insert(
    'genre',
    GENRES.map(({ key, name }) => ({ id: key, name })),
  );
  await insert('book', WORKS.map(columnsOf));
  await insert('draft', WORKS.map(columnsOf));
  await insert(
    'reader',
    READERS.map(({ key, home, ...rest }) => ({ id: key, ...rest, home: link('city', home) })),
  );
  await insert(
    'knows',
    KNOWS.map((edge) => ({
      id: edge.key,
      in: link('reader', edge.in),
      out: link('reader', edge.out),
      since: edge.since,
    })),
    'RELATION',
  );
  await insert(
    'read',
    READ.map(({ key, ...edge }) => ({ ...edge, id: key, in: link('reader', edge.in), out: link('book', edge.out) })),
    'RELATION',
  );
  await insert(
    'review',
    REVIEWS.map(({ key, book, by, ...rest }) => ({
      ...rest,
      id: key,
      book: link('book', book),
      by: link('reader', by),
    })),
  );
  await insert('mark', [
    { id: 'b', on: link('book', 1) },
    { id: 'r', on: link('reader', 'ann') },
  ]);
  clear();
}

function withoutUndefined(row: object): object {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        Array.isArray(value)
          ? value.map((item: unknown) => (isRow(item) ? withoutUndefined(item) : item))
          : isRow(value)
            ? withoutUndefined(value)
            : value,
      ]),
  );
}

function isRow(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A square around part of the places. */
export const AREA = new Polygon([
  [
    [0.95, 49],
    [2.05, 49],
    [2.05, 51],
    [0.95, 51],
    [0.95, 49],
  ],
]);
