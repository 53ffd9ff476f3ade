import 'reflect-metadata';
import { Computed, CreatedAt, Field, Id, In, Index, Out, Relation, Table } from '../../lib/decorators/index.js';
import { connect, type Connection } from '../../lib/driver/connect.js';
import { firstError } from '../../lib/driver/error-classifier.js';
import { discover, type EntityMetadata } from '../../lib/metadata/index.js';
import type { QueryContext } from '../../lib/query/index.js';
import { print } from '../../lib/surrealql/printer.js';
import type { Statement } from '../../lib/surrealql/nodes/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link, Links } from '../../lib/types/index.js';
import { DateTime, Decimal, Duration, Point, RecordId, Uuid } from '../../lib/values/index.js';

export enum Level {
  Low = 'low',
  High = 'high',
}

@Table({ name: 'club' })
export class Club {
  @Id('int') id!: RecordId<'club'>;
  @Field('string') name!: string;
}

@Table({ name: 'tag' })
export class Label {
  @Id() id!: RecordId<'tag'>;
  @Field('string') name!: string;
}

export class Place {
  @Field('string') street!: string;
  @Field('option<string>', { name: 'town' }) city?: string;
  @Field('int') number!: number;
}

export class Part {
  @Field('string') sku!: string;
  @Field('int') amount!: number;
}

@Table({ name: 'person' })
@Index({ name: 'by_email', fields: ['email'], unique: true })
@Index({ name: 'by_age', fields: ['age'] })
@Index({ name: 'by_club_age', fields: ['club', 'age'] })
@Index({ name: 'by_age_name', fields: ['age', 'name'] })
@Index({ name: 'by_nick_age', fields: ['nick', 'age'], unique: true })
@Index({ name: 'by_words', fields: ['words.*'] })
@Index({ name: 'by_list', fields: ['words'] })
@Index({ name: 'by_born', fields: ['born'] })
@Index({ name: 'by_number', fields: ['home.number'] })
export class Person {
  @Id('int') id!: RecordId<'person'>;
  @Field('string') name!: string;
  @Field('int') age!: number;
  @Field('option<string>', { name: 'mail' }) email?: string;
  @Field('option<string>') nick?: string;
  @Field('option<string | null>') note?: string | null;
  @Field('bool') active!: boolean;
  @Field({ enum: Level }) level!: Level;
  @Field('decimal') balance!: Decimal;
  @Field('option<float>') score?: number;
  @Field('array<string>') words!: string[];
  @Field('option<datetime>') born?: Date;
  @Field('option<duration>') shift?: Duration;
  @Field('option<uuid>') key?: Uuid;
  @Field(() => Place) home!: Place;
  @Field(() => [Part]) parts!: Part[];
  @Field('option<object>', { flexible: true }) extra?: Record<string, unknown>;
  @Field('option<geometry<point>>') spot?: Point;
  @Relation(() => Club, { onDelete: 'unset' }) club?: Link<Club>;
  @Relation(() => Label, { many: true }) labels!: Links<Label>;
  @Relation(() => Person, { edge: () => Knows, direction: 'out' }) knows!: Links<Person>;
  @Relation(() => Person, { edge: () => Knows, direction: 'in' }) knownBy!: Links<Person>;
  @Relation(() => Person, { edge: () => Knows, direction: 'both' }) friends!: Links<Person>;
  @Relation(() => Article, { inverse: 'author' }) articles!: Links<Article>;
  @Computed(surql`age * 2`, { type: 'int' }) readonly twice!: number;
  @CreatedAt() readonly createdAt!: Date;
}

@Table({ name: 'knows', type: 'relation', in: () => Person, out: () => Person })
export class Knows {
  @Id() id!: RecordId<'knows'>;
  @In() in!: Link<Person>;
  @Out() out!: Link<Person>;
  @Field('int') since!: number;
}

@Table({ name: 'article' })
@Index({ name: 'by_stars', fields: ['stars'] })
export class Article {
  @Id('int') id!: RecordId<'article'>;
  @Field('string') title!: string;
  @Field('int') stars!: number;
  @Field('bool') hidden!: boolean;
  @Relation(() => Person) author!: Link<Person>;
}

export const registry = discover([Club, Label, Person, Knows, Article]);
export const context: QueryContext = { registry };
export const meta = (target: new () => object): EntityMetadata => registry.get(target) as EntityMetadata;

const DEFINITIONS = `
DEFINE TABLE club SCHEMAFULL; DEFINE FIELD name ON club TYPE string;
DEFINE TABLE tag SCHEMAFULL; DEFINE FIELD name ON tag TYPE string;
DEFINE TABLE person SCHEMAFULL;
DEFINE FIELD name ON person TYPE string; DEFINE FIELD age ON person TYPE int; DEFINE FIELD mail ON person TYPE option<string>;
DEFINE FIELD nick ON person TYPE option<string>; DEFINE FIELD note ON person TYPE option<string | null>;
DEFINE FIELD active ON person TYPE bool; DEFINE FIELD level ON person TYPE 'low' | 'high'; DEFINE FIELD balance ON person TYPE decimal;
DEFINE FIELD score ON person TYPE option<float>; DEFINE FIELD words ON person TYPE array<string>; DEFINE FIELD born ON person TYPE option<datetime>;
DEFINE FIELD shift ON person TYPE option<duration>; DEFINE FIELD key ON person TYPE option<uuid>;
DEFINE FIELD home ON person TYPE object; DEFINE FIELD home.street ON person TYPE string; DEFINE FIELD home.town ON person TYPE option<string>;
DEFINE FIELD home.number ON person TYPE int;
DEFINE FIELD parts ON person TYPE array<object>; DEFINE FIELD parts.*.sku ON person TYPE string; DEFINE FIELD parts.*.amount ON person TYPE int;
DEFINE FIELD extra ON person TYPE option<object> FLEXIBLE; DEFINE FIELD spot ON person TYPE option<geometry<point>>;
DEFINE FIELD club ON person TYPE option<record<club>> REFERENCE ON DELETE IGNORE;
DEFINE FIELD labels ON person TYPE array<record<tag>> DEFAULT [] REFERENCE ON DELETE IGNORE;
DEFINE FIELD twice ON person COMPUTED age * 2; DEFINE FIELD createdAt ON person TYPE datetime DEFAULT time::floor(time::now(), 1ms) READONLY;
DEFINE TABLE knows TYPE RELATION IN person OUT person SCHEMAFULL; DEFINE FIELD since ON knows TYPE int;
DEFINE TABLE article SCHEMAFULL; DEFINE FIELD title ON article TYPE string; DEFINE FIELD stars ON article TYPE int;
DEFINE FIELD hidden ON article TYPE bool; DEFINE FIELD author ON article TYPE record<person> REFERENCE ON DELETE IGNORE;`;

/** The indexes of the classes above, written by hand. */
const INDEXES = `
DEFINE INDEX by_email ON person FIELDS mail UNIQUE; DEFINE INDEX by_age ON person FIELDS age; DEFINE INDEX by_club_age ON person FIELDS club, age;
DEFINE INDEX by_age_name ON person FIELDS age, name; DEFINE INDEX by_nick_age ON person FIELDS nick, age UNIQUE;
DEFINE INDEX by_words ON person FIELDS words.*; DEFINE INDEX by_list ON person FIELDS words; DEFINE INDEX by_born ON person FIELDS born;
DEFINE INDEX by_number ON person FIELDS home.number; DEFINE INDEX by_stars ON article FIELDS stars;`;

/** Indexes that no class declares. */
const UNDECLARED = `
DEFINE INDEX x1 ON person FIELDS active; DEFINE INDEX x2 ON person FIELDS level, age; DEFINE INDEX x3 ON person FIELDS name, nick UNIQUE;
DEFINE INDEX x4 ON person FIELDS score; DEFINE INDEX x5 ON person FIELDS note; DEFINE INDEX x6 ON article FIELDS hidden;`;

export type PersonRow = Record<string, unknown> & {
  readonly id: RecordId;
  readonly age: number;
  readonly name: string;
};

export const BORN = new Date('2000-01-01T00:00:00.000Z');
const NAMES = ['Ann', 'Bob', 'Cleo', 'Dan', 'Eve Σίσυφος', 'Flo_100%', 'ann', 'Zoë'];
const WORDS = ['red', 'blue', 'green', 'black'];

/** Row `index` of the world; every third lacks one thing, every fifth another. */
export function personRow(index: number): PersonRow {
  const optional: Record<string, unknown> = {};
  if (index % 3 !== 0) optional['mail'] = `p${index}@x.org`;
  if (index % 4 !== 0) optional['nick'] = `n${index % 11}-${index}`;
  if (index % 5 !== 0) optional['note'] = index % 5 === 1 ? null : `note ${index % 3}`;
  if (index % 2 === 0) optional['score'] = (index % 7) + 0.5;
  if (index % 6 !== 0) optional['born'] = bornOf(index);
  if (index % 4 === 1) optional['shift'] = new Duration(BigInt(index) * 60_000_000_000n);
  if (index % 7 === 1) optional['key'] = uuidOf(index);
  if (index % 3 === 1) optional['extra'] = { theme: index % 2 === 0 ? 'dark' : 'light', deep: { n: index % 4 } };
  if (index % 5 !== 4) optional['spot'] = new Point([index / 10, 50]);
  if (index % 9 !== 0) optional['club'] = new RecordId('club', index % 5);
  return {
    id: new RecordId('person', index),
    name: NAMES[index % NAMES.length] as string,
    age: (index * 7) % 23,
    active: index % 2 === 1,
    level: index % 3 === 2 ? 'high' : 'low',
    balance: new Decimal(index).div(4),
    words: WORDS.filter((_, at) => (index >> at) % 2 === 1),
    home: { street: `S${index % 4}`, number: index % 6, ...(index % 4 !== 2 && { town: `T${index % 3}` }) },
    parts: Array.from({ length: index % 4 }, (_, at) => ({ sku: `s${(index + at) % 5}`, amount: (index * at) % 4 })),
    labels: [`t${index % 4}`, `t${(index + 1) % 6}`].slice(0, index % 3).map((key) => new RecordId('tag', key)),
    ...optional,
  };
}

/** Some lie apart by nanoseconds, so that a Date cannot tell them. */
function bornOf(index: number): DateTime {
  return DateTime.fromParts(
    BORN.getTime() / 1000 + (index % 3),
    (index % 4) * 1_000_000 + (index % 5 === 0 ? 0 : index),
  );
}

export const uuidOf = (index: number): Uuid =>
  Uuid.parse(`018a6680-bef9-701b-9025-${index.toString(16).padStart(12, '0')}`);

export const PERSONS: readonly PersonRow[] = Array.from({ length: 120 }, (_, index) => personRow(index));
export const CLUBS = Array.from({ length: 4 }, (_, index) => ({ id: new RecordId('club', index), name: `C${index}` }));
export const LABELS = Array.from({ length: 5 }, (_, index) => ({
  id: new RecordId('tag', `t${index}`),
  name: `L${index}`,
}));
export const KNOWS = Array.from({ length: 200 }, (_, index) => ({
  id: new RecordId('knows', `k${index}`),
  in: new RecordId('person', (index * 3) % 40),
  out: new RecordId('person', (index * 5 + 1) % 60),
  since: index % 10,
}));
export const ARTICLES = Array.from({ length: 300 }, (_, index) => ({
  id: new RecordId('article', index),
  title: `A${index}`,
  stars: index % 6,
  hidden: index % 4 === 0,
  author: new RecordId('person', index % 37),
}));

/** The same rows in a database of its own. */
export class World {
  readonly db: Connection;
  private constructor(db: Connection) {
    this.db = db;
  }

  static async open(indexes: 'none' | 'declared' | 'undeclared'): Promise<World> {
    const db = await connect('mem://', { namespace: 'test', database: 'query' });
    const world = new World(db);
    await world.text(DEFINITIONS + (indexes === 'none' ? '' : INDEXES) + (indexes === 'undeclared' ? UNDECLARED : ''));
    const insert = (table: string, rows: readonly object[], relation = '') =>
      world.text(`INSERT ${relation} INTO ${table} $rows RETURN NONE`, { rows });
    await insert('club', CLUBS);
    await insert('tag', LABELS);
    await insert('person', PERSONS);
    await insert('knows', KNOWS, 'RELATION');
    await insert('article', ARTICLES);
    return world;
  }

  /** Answers of every statement; the first failure is thrown. */
  async text(text: string, bindings: Readonly<Record<string, unknown>> = {}): Promise<readonly unknown[]> {
    const request = { text, bindings, access: 'write', purpose: 'raw' } as const;
    const results = await this.db.execute(request);
    const failure = firstError(results, request);
    if (failure !== undefined) throw failure;
    return results.map((result) => (result.ok ? result.value : undefined));
  }

  /** The answer of a statement's last result. */
  async run<T = Record<string, unknown>[]>(statement: Statement): Promise<T> {
    const { text, bindings } = print(statement, { tableOf: (target) => registry.find(target)?.table });
    return (await this.text(text, bindings)).at(-1) as T;
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
