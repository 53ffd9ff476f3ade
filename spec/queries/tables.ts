import {
  Analyzer,
  Computed,
  CreatedAt,
  DateTime,
  Field,
  FullText,
  Id,
  In,
  Index,
  Out,
  Relation,
  surql,
  Table,
  UpdatedAt,
  VectorField,
  Version,
  View,
  type Decimal,
  type Duration,
  type Link,
  type Links,
  type Opt,
  type Point,
  type Polygon,
  type RecordId,
  type Uuid,
} from '../../lib/index.js';
import { Cat, Dog, Pet, Task, Town } from './more-tables.js';

export enum Grade {
  Low = 'low',
  High = 'high',
}

export class Address {
  @Field('int') no!: number;
  @Field('option<string>', { name: 'postal code' }) zip?: string;
  @Relation(() => Town, { optional: true, onDelete: 'ignore' }) town?: Link<Town>;
}

export class Part {
  @Field('string') sku!: string;
  @Field('int') amount!: number;
  @Field('option<decimal>') price?: Decimal;
}

/** A field of every type, and a relation of every kind. */
@Table({ name: 'product' })
@Index({ fields: ['code'], unique: true })
@Index({ fields: ['n'] })
@Index({ fields: ['grade', 'n'] })
@Index({ fields: ['words.*'] })
@Index({ fields: ['at'] })
@Index({ fields: ['shop', 'sold'] })
@Index({ fields: ['home.no'] })
@Index({ count: true })
@Analyzer({ name: 'plain', tokenizers: ['blank'], filters: ['lowercase'] })
@FullText({ fields: ['title', 'body'], analyzer: 'plain', bm25: true, highlights: true })
export class Product {
  @Id('int') id!: RecordId<'product', number>;
  @Field('string') title!: string;
  @Field('string', { name: 'text' }) body!: string;
  @Field('option<string>') code?: string;
  @Field('option<string | null>') note?: string | null;
  @Field('int') n!: number;
  @Field('option<int>', { name: 'group' }) rank?: number;
  @Field('option<float>') score?: number;
  @Field('number') amount!: number;
  @Field('decimal') price!: Decimal;
  @Field('bool') sold!: boolean;
  @Field({ enum: Grade }) grade!: Grade;
  @Field('1 | 2 | 3') level!: 1 | 2 | 3;
  @Field('option<datetime>', { codec: DateTime }) at?: DateTime;
  @Field('option<datetime>') day?: Date;
  @Field('option<duration>') span?: Duration;
  @Field('option<uuid>') serial?: Uuid;
  @Field('option<bytes>') image?: Uint8Array;
  @Field('array<string>') words!: string[];
  @Field('option<array<int>>') counts?: number[];
  @Field('set<int>') marks!: Set<number>;
  @Field('[int, string]') pair!: [number, string];
  @Field('{ width: int, unit: option<string> }') size!: { width: number; unit?: string };
  @Field('option<object>', { flexible: true }) extra?: Record<string, unknown>;
  @Field('option<string>', { lazy: true }) manual?: string;
  @Field('option<string>', { hidden: true }) secret?: string;
  @Field('option<geometry<point>>') place?: Point;
  @Field('option<geometry<polygon>>') area?: Polygon;
  @Field(() => Address) home!: Address;
  @Field(() => [Part]) parts!: Part[];
  @VectorField({ dimension: 3, distance: 'cosine', optional: true }) vector?: number[];
  @Relation(() => Shop, { optional: true, onDelete: 'ignore' }) shop?: Link<Shop>;
  @Relation(() => [Shop, Town], { optional: true, onDelete: 'ignore' }) kept?: Link<Shop | Town>;
  @Relation(() => Town, { many: true, onDelete: 'ignore' }) towns!: Links<Town>;
  @Relation(() => Pet, { many: true, list: true, onDelete: 'ignore' }) pets!: Links<Pet>;
  @Relation(() => Review, { inverse: 'product' }) reviews!: Links<Review>;
  @Relation(() => Task, { inverse: 'products' }) tasks!: Links<Task>;
  @Relation(() => Person, { edge: () => Bought, direction: 'in' }) buyers!: Links<Person, Bought>;
  @Computed(surql`n * 2`, { type: 'int' }) readonly twice!: number;
  @Computed(surql`string::uppercase(title)`, { type: 'string', stored: true }) readonly loud!: string;
  @CreatedAt() readonly createdAt!: Date;
  @UpdatedAt() readonly updatedAt!: Date;
  @Version() readonly version!: number;
}

/** Names that need escapes wherever they stand. */
@Table({ name: 'the `shop`' })
@Index({ fields: ['name', 'from'] })
export class Shop {
  @Id() id!: RecordId<'the `shop`', string>;
  @Field('string') name!: string;
  @Field('option<string>', { name: 'select from' }) from?: string;
  @Field('option<int>', { name: 'order`by' }) by?: number;
  @Field('option<geometry<point>>') place?: Point;
  @Field(() => Address) home!: Address;
  @Relation(() => Product, { inverse: 'shop' }) products!: Links<Product>;
  @Computed(surql`string::len(name)`, { type: 'int' }) readonly length!: number;
}

@Table({ name: 'person' })
@Index({ fields: ['age'] })
export class Person {
  @Id('ulid') id!: RecordId<'person', string>;
  @Field('string') name!: string;
  @Field('int') age!: number;
  @Field('datetime') born!: Date;
  @Relation(() => Town, { optional: true, onDelete: 'ignore' }) home?: Link<Town>;
  @Relation(() => Person, { edge: () => Knows, direction: 'out' }) knows!: Links<Person, Knows>;
  @Relation(() => Person, { edge: () => Knows, direction: 'in' }) knownBy!: Links<Person, Knows>;
  @Relation(() => Person, { edge: () => Knows, direction: 'both' }) friends!: Links<Person, Knows>;
  @Relation(() => Product, { edge: () => Bought, direction: 'out' }) bought!: Links<Product, Bought>;
  @Relation(() => Review, { inverse: 'author' }) reviews!: Links<Review>;
}

@Table({ name: 'knows', type: 'relation', in: () => Person, out: () => Person })
export class Knows {
  @Id() id!: RecordId<'knows', string>;
  @In() in!: Link<Person>;
  @Out() out!: Link<Person>;
  @Field('int') since!: number;
}

@Table({ name: 'bought', type: 'relation', in: () => Person, out: () => Product, enforced: true })
@Index({ fields: ['in', 'out'], unique: true })
export class Bought {
  @Id() id!: RecordId<'bought', string>;
  @In() in!: Link<Person>;
  @Out() out!: Link<Product>;
  @Field('decimal') paid!: Decimal;
  @Field('option<string>') mood?: string;
}

@Table({ name: 'review' })
@Index({ fields: ['product', 'stars'] })
export class Review {
  @Id(['string', 'int']) id!: RecordId<'review', [string, number]>;
  @Field('int') stars!: number;
  @Field('option<string>') text?: string;
  @Field('bool', { default: false }) hidden!: Opt<boolean>;
  @Relation(() => Product, { onDelete: 'ignore' }) product!: Link<Product>;
  @Relation(() => Person, { onDelete: 'ignore' }) author!: Link<Person>;
}

/** Its source is not written to: the server (3.0.2) fails to delete what a view has grouped. */
@View({ name: 'names', as: surql`SELECT count() AS n, math::sum(people ?? 0) AS total, name FROM town GROUP BY name` })
export class Names {
  @Id('any') id!: RecordId<'names'>;
  @Field('int') n!: number;
  @Field('number') total!: number;
  @Field('string') name!: string;
}

export const queryEntities = [Town, Pet, Dog, Cat, Task, Product, Shop, Person, Knows, Bought, Review, Names];
