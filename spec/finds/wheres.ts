import fc from 'fast-check';
import { RecordId, type DateTime } from '../../lib/index.js';
import * as values from './data.js';
import type { Conditions } from './operators.js';
import { SubqueryOf } from './oracle.js';

type Where = fc.Arbitrary<Conditions>;

const ORDER = ['$gt', '$gte', '$lt', '$lte'] as const;
const EVENLY = { weight: 1 } as const;

/** Operators of what has an order. */
function ordered<T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 3, arbitrary: value },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constantFrom('$eq', '$ne', ...ORDER), value).map(([name, v]) => ({ [name]: v })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('$gt', '$gte'), value, fc.constantFrom('$lt', '$lte'), value)
        .map(([a, v, b, w]) => ({ [a]: v, [b]: w })),
    },
    { ...EVENLY, arbitrary: fc.tuple(value, value).map((bounds) => ({ $between: bounds })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('$in', '$nin'), fc.array(value, { maxLength: 4 }))
        .map(([name, list]) => ({ [name]: list })),
    },
    {
      ...EVENLY,
      arbitrary: fc.tuple(fc.constantFrom('$gt', '$lte', '$eq'), value).map(([name, v]) => ({ $not: { [name]: v } })),
    },
  );
}

/** The same of what may be missing. */
function missable<T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  const missing = [
    null,
    { $ne: null },
    { $exists: true },
    { $exists: false },
    { $isNull: true },
    { $isNull: false },
    { $isNone: true },
    { $isNone: false },
  ];
  return fc.oneof(
    { weight: 5, arbitrary: ordered(value) },
    { ...EVENLY, arbitrary: fc.constantFrom(...missing) },
    {
      ...EVENLY,
      arbitrary: fc.tuple(fc.constantFrom('$in', '$nin'), value).map(([name, v]) => ({ [name]: [v, null] })),
    },
  );
}

const fragment = fc.constantFrom('', 'r', 'R', 'red', 'fox', 'ΣΊΣ', 'ς', '%', '_', '🦊', "O'");
const textual = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('$startsWith', '$endsWith', '$contains', '$notContains', '$icontains', '$istartsWith'),
      fragment,
    )
    .map(([name, v]) => ({ [name]: v })),
  fc.constantFrom(/^r/, /FOX$/i, /^.$/u, /^$/, /\d+%/, /a_./).map(($regex) => ({ $regex })),
);

const of = (name: string, condition: fc.Arbitrary<unknown>): Where => condition.map((given) => ({ [name]: given }));

const place: Where = fc.oneof(of('no', ordered(values.ints)), of('city', missable(values.cities)), of('city', textual));
const listOf = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.tuple(fc.constantFrom('$contains', '$notContains'), one).map(([name, v]) => ({ [name]: v })),
    fc
      .tuple(
        fc.constantFrom('$containsAll', '$containsAny', '$containsNone', '$inside'),
        fc.array(one, { maxLength: 3 }),
      )
      .map(([name, list]) => ({ [name]: list })),
    ordered(fc.integer({ min: 0, max: 3 })).map(($size) => ({ $size })),
  );

const part: Where = fc.oneof(
  of('sku', ordered(values.skus)),
  of('amount', ordered(fc.integer({ min: 0, max: 3 }))),
  fc.tuple(values.skus, fc.integer({ min: 0, max: 3 })).map(([sku, amount]) => ({ sku, amount: { $gte: amount } })),
);
const many = (where: Where): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: where },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('$some', '$every', '$none'), where)
        .map(([name, inner]) => ({ [name]: inner })),
    },
    { ...EVENLY, arbitrary: ordered(fc.integer({ min: 0, max: 3 })).map(($size) => ({ $size })) },
    { ...EVENLY, arbitrary: fc.boolean().map(($exists) => ({ $exists })) },
    {
      ...EVENLY,
      arbitrary: fc.tuple(where, fc.integer({ min: 0, max: 2 })).map(([inner, n]) => ({ ...inner, $size: { $gt: n } })),
    },
  );

const maker: Where = fc.oneof(
  of('name', ordered(values.names)),
  of('name', textual),
  of('rank', missable(values.ints)),
  of('town', place),
);
const label: Where = fc.oneof(of('name', ordered(values.names)), of('weight', ordered(values.ints)));
const note: Where = fc.oneof(of('stars', ordered(fc.integer({ min: 0, max: 4 }))), of('text', missable(values.texts)));
const makerKey = fc.constantFrom(0, 1, 2, 3, 4, values.MISSING_MAKER);
const makerRef = fc.oneof(
  makerKey,
  makerKey.map((key) => new RecordId('maker', key)),
);
const when = fc.oneof<fc.Arbitrary<DateTime | Date>[]>(values.times, values.dates);
const id = fc.integer({ min: 0, max: 70 });
const wordLists = fc.uniqueArray(values.words, { maxLength: 2 });

/** What may be asked of each property. */
const ASKED: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  n: ordered(values.ints),
  o: missable(values.ints),
  f: missable(values.floats),
  s: fc.oneof(ordered(values.texts), textual),
  t: fc.oneof(missable(values.texts), textual),
  u: missable(values.texts),
  code: missable(fc.integer({ min: 0, max: 96 }).map((n) => `c${n}`)),
  serial: ordered(fc.integer({ min: 0, max: 100 })),
  b: fc.oneof(fc.boolean(), fc.record({ $ne: fc.boolean() })),
  level: fc.oneof(fc.constantFrom('low', 'high'), fc.record({ $in: fc.array(fc.constantFrom('low', 'high')) })),
  price: missable(values.prices),
  at: missable(when),
  day: missable(values.dates),
  span: missable(values.spans),
  key: missable(values.keys),
  words: fc.oneof(listOf(values.words), wordLists, fc.record({ $in: fc.array(wordLists, { maxLength: 3 }) })),
  marks: fc.oneof(
    listOf(values.marks),
    fc.uniqueArray(values.marks, { maxLength: 2 }).map((list) => new Set(list)),
  ),
  town: place,
  parts: many(part),
  maker: fc.oneof(
    missable(makerRef),
    maker,
    maker.map((where) => ({ $in: new SubqueryOf('maker', where, 'id') })),
  ),
  labels: fc.oneof(many(label), fc.record({ $contains: values.labelKeys })),
  notes: many(note),
  likes: many(of('n', ordered(values.ints))),
  likedBy: many(of('t', missable(values.texts))),
  twice: ordered(values.ints.map((n) => n * 2)),
  triple: ordered(values.ints.map((n) => n * 3)),
  made: missable(values.names),
  id: fc.oneof(
    ordered(id),
    fc.record({ $in: fc.array(id, { maxLength: 8 }) }),
    note.map((where) => ({ $in: new SubqueryOf('note', where, 'item') })),
  ),
};

const anyOf = (names: readonly string[]): Where =>
  fc.oneof(...names.map((name) => of(name, ASKED[name] as fc.Arbitrary<unknown>)));

/** Conditions on items, more often than not on indexed columns; a search by words among those that all must hold. */
export function wheres(indexed: readonly string[], text: boolean): Where {
  const others = anyOf(Object.keys(ASKED));
  const leaf = indexed.length === 0 ? others : fc.oneof(others, anyOf(indexed));
  const all = fc.letrec<{ node: Conditions }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 5, arbitrary: leaf },
      { weight: 4, arbitrary: fc.tuple(leaf, leaf).map(([a, b]) => ({ ...a, ...b })) },
      { weight: 2, arbitrary: fc.tuple(leaf, leaf, leaf).map(([a, b, c]) => ({ ...a, ...b, ...c })) },
      { weight: 2, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map(($or) => ({ $or })) },
      { weight: 1, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map(($and) => ({ $and })) },
      {
        weight: 1,
        arbitrary: tie('node')
          .filter((node) => Object.keys(node).length > 0)
          .map(($not) => ({ $not })),
      },
      { weight: 2, arbitrary: fc.tuple(leaf, fc.array(leaf, { maxLength: 3 })).map(([a, $or]) => ({ ...a, $or })) },
    ),
  })).node;
  if (!text) return all;
  const search = fc.constantFrom('red', 'fox', 'red fox', 'blue').map(($matches) => ({ s: { $matches } }));
  return fc.oneof(
    { weight: 6, arbitrary: all },
    { weight: 1, arbitrary: fc.tuple(search, leaf).map(([a, b]) => ({ $and: [a, b] })) },
  );
}
export { maker as makers, label as labels, note as notes };
