import type {
  Decimal,
  Duration,
  FileRef,
  Geometry,
  GeometryCollection,
  Line,
  MultiLine,
  MultiPoint,
  MultiPolygon,
  Point,
  Polygon,
  Range,
  RecordId,
  Table,
  Uuid,
} from '../values/index.js';
import type { ObjectLike } from './property-check.js';

/**
 * The TypeScript type of the values of a SurrealQL type.
 *
 * ```ts
 * type Ids = TypeOf<'option<array<record<user>>>'>;   // RecordId<'user'>[] | undefined
 * ```
 *
 * An `int` beyond 2^53 arrives as a bigint, which `number` does not say.
 */
export type TypeOf<S extends string> = string extends S
  ? unknown
  : ParseType<S> extends infer B extends AnyBox
    ? B['read']
    : never;

/**
 * What one member of a union is: `read`, a value that was read; `wide`, what a property for it must fit; `meets`, what it
 * must have something in common with. A parsed type is the union of its members' boxes, or `Wrong`.
 */
export interface Box<Read, Wide = Read, Meets = Wide> {
  readonly read: Read;
  readonly wide: Wide;
  readonly meets: Meets;
}
export type AnyBox = Box<unknown, unknown, unknown>;

/** Why a text is no type. */
export interface Wrong<Reason extends string> {
  readonly wrong: Reason;
}

/** Reads a type text: its boxes, or what is wrong. */
export type ParseType<S extends string> = S extends keyof Scalars
  ? Scalars[S]
  : Union<S> extends infer R
    ? R extends [infer B, infer Rest extends string]
      ? Trim<Rest> extends ''
        ? B
        : Wrong<`unexpected "${Trim<Rest>}" after the type`>
      : R
    : never;

interface Scalars {
  any: Box<unknown>;
  none: Box<undefined>;
  null: Box<null>;
  bool: Box<boolean>;
  bytes: Box<Uint8Array>;
  datetime: Box<Date>;
  decimal: Box<Decimal>;
  duration: Box<Duration>;
  float: Box<number>;
  int: Box<number, number | bigint>;
  number: Box<number, number | bigint | Decimal>;
  object: Box<Record<string, unknown>, ObjectLike>;
  string: Box<string>;
  uuid: Box<Uuid>;
  regex: Box<RegExp>;
  range: Box<Range>;
  function: Box<unknown>;
  record: Box<RecordId>;
  geometry: Box<Geometry>;
  point: Box<Point>;
  table: Box<Table, Table | string>;
  file: Box<FileRef>;
  array: Box<unknown[], readonly unknown[]>;
  set: Box<Set<unknown>, ReadonlySet<unknown> | readonly unknown[]>;
  true: Box<true>;
  false: Box<false>;
}

interface Shapes {
  point: Point;
  line: Line;
  polygon: Polygon;
  multipoint: MultiPoint;
  multiline: MultiLine;
  multipolygon: MultiPolygon;
  collection: GeometryCollection;
}

type Blank = ' ' | '\n' | '\t';
type Trim<S extends string> = S extends `${Blank}${infer R}` ? Trim<R> : S;
type TrimEnd<S extends string> = S extends `${infer R}${Blank}` ? TrimEnd<R> : S;

/** `a | b`: the boxes and the rest of the text. */
type Union<S extends string, Before = never> =
  Member<Trim<S>> extends infer R
    ? R extends [infer B, infer Rest extends string]
      ? Trim<Rest> extends `|${infer More}`
        ? Union<More, Before | B>
        : WithAny<Before, B> extends true
          ? Wrong<'any holds every value already; write any alone'>
          : [Before | B, Trim<Rest>]
      : R
    : never;

/** Whether `any` stands in a union with others. */
type WithAny<Before, B> = [Before] extends [never] ? false : unknown extends ReadOf<Before | B> ? true : false;

type Member<S extends string> = S extends `option<${infer R}`
  ? Closed<Union<R>, 'option'>
  : S extends `array<${infer R}`
    ? Closed<Union<R>, 'array'>
    : S extends `set<${infer R}`
      ? Closed<Union<R>, 'set'>
      : S extends `record<${infer Names}>${infer Rest}`
        ? BadName<Pieces<Names>> extends never
          ? [RecordBox<Names>, Rest]
          : Wrong<`"${BadName<Pieces<Names>> & string}" is not the name of a table`>
        : S extends `geometry<${infer Names}>${infer Rest}`
          ? Geometries<Names, Rest>
          : S extends `${'table' | 'file'}<${string}>${infer Rest}`
            ? [S extends `table${string}` ? Scalars['table'] : Scalars['file'], Rest]
            : Literal<S>;

type Literal<S extends string> = S extends `'${infer Text}'${infer Rest}` | `"${infer Text}"${infer Rest}`
  ? [Box<Text>, Rest]
  : S extends `[${infer R}`
    ? Tuple<Trim<R>, []>
    : S extends `{${infer R}`
      ? Shape<Trim<R>>
      : Word<Head<S>, S>;

/** The text up to the next sign. */
type Head<S extends string> = Cut<Cut<Cut<Cut<Cut<Cut<S, '|'>, '>'>, ','>, ' '>, ']'>, '}'>;
type Cut<S extends string, Sign extends string> = S extends `${infer H}${Sign}${string}` ? H : S;

type Word<W extends string, S extends string> = W extends keyof Scalars
  ? [Scalars[W], S extends `${W}${infer Rest}` ? Rest : '']
  : W extends `${infer N extends number}` | `${infer N extends number}f`
    ? [Box<N>, S extends `${W}${infer Rest}` ? Rest : '']
    : W extends ''
      ? Wrong<'the type ends too early'>
      : Wrong<`unknown type "${W}"`>;

/** After the inner type of `option<…>`, `array<…>` or `set<…>`: a length and the closing bracket. */
type Closed<R, Kind extends 'option' | 'array' | 'set'> = R extends [infer B, infer Rest extends string]
  ? Rest extends `>${infer After}`
    ? [Kind, unknown] extends ['option', ReadOf<B>]
      ? Wrong<'any may be NONE already; write any alone'>
      : [Around<B, Kind>, After]
    : Kind extends 'option'
      ? Wrong<'">" is missing'>
      : Rest extends `,${infer Max}>${infer After}`
        ? TrimEnd<Trim<Max>> extends `${bigint}`
          ? [Around<B, Kind>, After]
          : Wrong<'the length must be a whole number'>
        : Wrong<'">" is missing'>
  : R;

type Around<B, Kind> = Kind extends 'option'
  ? B | Scalars['none']
  : Kind extends 'array'
    ? Box<ReadOf<B>[], readonly MeetsOf<B>[]>
    : Box<Set<ReadOf<B>>, ReadonlySet<MeetsOf<B>> | readonly MeetsOf<B>[]>;

export type ReadOf<B> = B extends AnyBox ? B['read'] : never;
export type WideOf<B> = B extends AnyBox ? B['wide'] : never;
type MeetsOf<B> = B extends AnyBox ? B['meets'] : never;

type Pieces<S extends string> = S extends `${infer N}|${infer R}` ? TrimEnd<Trim<N>> | Pieces<R> : TrimEnd<Trim<S>>;
type Unquoted<S extends string> = S extends `\`${infer Q}\`` ? Q : S;
type Names<S extends string> = Unquoted<Pieces<S>>;
/** Names that would need backticks. */
type BadName<N> = N extends `\`${string}\``
  ? never
  : N extends '' | `${string}${',' | ' ' | '<' | '-' | '('}${string}`
    ? N
    : never;
type RecordBox<S extends string> =
  Names<S> extends infer N extends string ? RecordIdBox<N extends string ? RecordId<N> : never> : never;
/** A property may leave the table open. */
type RecordIdBox<Id> = Box<Id, RecordId, Id>;

type Geometries<S extends string, Rest> =
  Names<S> extends infer N
    ? [N] extends [keyof Shapes]
      ? [Box<Shapes[N]>, Rest]
      : Wrong<`unknown geometry "${Exclude<N, keyof Shapes> & string}"`>
    : never;

type Tuple<S extends string, Items extends AnyBox[]> = S extends `]${infer Rest}`
  ? [TupleBox<Items>, Rest]
  : Union<S> extends infer R
    ? R extends [infer B extends AnyBox, infer Rest extends string]
      ? Rest extends `,${infer More}`
        ? Tuple<Trim<More>, [...Items, Box<B['read'], B['meets']>]>
        : Rest extends `]${infer After}`
          ? [TupleBox<[...Items, Box<B['read'], B['meets']>]>, After]
          : Wrong<'"]" is missing'>
      : R
    : never;
type TupleBox<Items extends AnyBox[]> = Box<
  { [I in keyof Items]: Items[I]['read'] },
  Readonly<{ [I in keyof Items]: Items[I]['wide'] }>
>;

type Shape<S extends string, Read = unknown, Wide = unknown> = S extends `}${infer Rest}`
  ? [Box<Flat<Read>, Flat<Wide>>, Rest]
  : S extends `${infer Key}:${infer R}`
    ? Union<R> extends infer V
      ? V extends [infer B extends AnyBox, infer Rest extends string]
        ? Rest extends `,${infer More}`
          ? Shape<Trim<More>, Read & Entry<Key, B['read']>, Wide & Entry<Key, B['wide']>>
          : Rest extends `}${infer After}`
            ? [Box<Flat<Read & Entry<Key, B['read']>>, Flat<Wide & Entry<Key, B['wide']>>>, After]
            : Wrong<'"}" is missing'>
        : V
      : never
    : Wrong<'"}" is missing'>;
type Entry<Key extends string, V> = undefined extends V ? { [K in Names<Key>]?: V } : { [K in Names<Key>]: V };
type Flat<T> = { [K in keyof T]: T[K] };
