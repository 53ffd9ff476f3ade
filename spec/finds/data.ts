import fc from 'fast-check';
import { DateTime, Decimal, Duration, Uuid } from '../../lib/index.js';

/** A row as its entity has it; a property that is not there is NONE. Links are the keys of what they lead to. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: number };

/** All rows of a world, by table and key. */
export interface Data {
  readonly item: ReadonlyMap<number, Row>;
  readonly maker: ReadonlyMap<number, Row>;
  readonly label: ReadonlyMap<number, Row>;
  readonly note: ReadonlyMap<number, Row>;
  readonly likes: ReadonlyMap<number, Row>;
}

export const MAKERS = 5;
export const LABELS = 6;
/** Links lead here too, and nothing is there. */
export const MISSING_MAKER = 99;

export const ints = fc.integer({ min: -2, max: 9 });
export const floats = fc.constantFrom(-1.5, 0, 0.5, 1, 2.25, 7.5);
export const texts = fc.constantFrom(
  '',
  'red',
  'red fox',
  'Red',
  'blue fox',
  'Σίσυφος',
  '100%',
  'a_b',
  'zoë',
  '🦊',
  '﹏',
  "O'Hara",
);
export const words = fc.constantFrom('red', 'blue', 'green', 'black');
export const prices = fc.constantFrom('0', '0.10', '0.1', '2.50', '10', '9').map((text) => new Decimal(text));
const DAY = Date.UTC(2026, 0, 1) / 1000;
/** Some lie apart by nanoseconds, and some of those within one millisecond. */
export const times = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom(0, 1, 999_999, 1_000_000, 1_000_001, 500_000_000, 999_999_999))
  .map(([seconds, nanoseconds]) => DateTime.fromParts(DAY + seconds, nanoseconds));
export const dates = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom(0, 1, 500, 999))
  .map(([seconds, ms]) => new Date((DAY + seconds) * 1000 + ms));
export const spans = fc.constantFrom('0ns', '1s', '90s', '1m', '1h', '2d').map((text) => Duration.parse(text));
export const keys = fc
  .integer({ min: 0, max: 4 })
  .map((n) => Uuid.parse(`018a6680-bef9-701b-9025-${n.toString(16).padStart(12, '0')}`));
export const skus = fc.constantFrom('s0', 's1', 's2');
export const cities = fc.constantFrom('Rome', 'Oslo', 'oslo');
export const marks = fc.integer({ min: 0, max: 4 });
export const labelKeys = fc.integer({ min: 0, max: LABELS - 1 });
export const names = fc.constantFrom('Ann', 'Bob', 'ann', 'Çelik');

const missable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const town = fc.record({ no: ints, city: missable(cities) });

/** Everything of an item but its id and what is unique. */
const item = fc.record({
  n: ints,
  o: missable(ints),
  f: missable(floats),
  s: texts,
  t: missable(texts),
  u: fc.oneof(missable(texts), fc.constant(null)),
  b: fc.boolean(),
  level: fc.constantFrom('low', 'high'),
  price: missable(prices),
  at: missable(times),
  day: missable(dates),
  span: missable(spans),
  key: missable(keys),
  words: fc.uniqueArray(words, { maxLength: 3 }),
  marks: fc.uniqueArray(marks, { maxLength: 3 }).map((list) => new Set(list)),
  town,
  parts: fc.array(fc.record({ sku: skus, amount: fc.integer({ min: 0, max: 3 }) }), { maxLength: 3 }),
  maker: missable(fc.constantFrom(0, 1, 2, 3, 4, MISSING_MAKER)),
  labels: fc.uniqueArray(labelKeys, { maxLength: 3 }),
});

const byId = (rows: readonly object[]): ReadonlyMap<number, Row> =>
  new Map(rows.map((row, id) => [id, derived({ id, ...withoutMissing(row) })]));

function withoutMissing(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** A new row of an item, with the same key and the same unique values. */
export const changedItem = item;

export function itemRow(id: number, values: object, isCoded: boolean): Row {
  return derived({
    id,
    serial: (id * 7) % 101,
    ...(isCoded && { code: `c${(id * 13) % 97}` }),
    ...withoutMissing(values),
  });
}

/** What the server computes and stores with the row. */
function derived(row: Row): Row {
  const n = row['n'];
  return typeof n === 'number' ? { ...row, twice: n * 2, triple: n * 3 } : row;
}

export const data: fc.Arbitrary<Data> = fc.integer({ min: 1, max: 60 }).chain((size) => {
  const one = fc.integer({ min: 0, max: size - 1 });
  return fc.record({
    item: fc
      .array(fc.tuple(item, fc.boolean()), { minLength: size, maxLength: size })
      .map((rows) => new Map(rows.map(([values, isCoded], id) => [id, itemRow(id, values, isCoded)]))),
    maker: fc
      .array(fc.record({ name: names, rank: missable(ints), town }), { minLength: MAKERS, maxLength: MAKERS })
      .map(byId),
    label: fc.array(fc.record({ name: names, weight: ints }), { minLength: LABELS, maxLength: LABELS }).map(byId),
    note: fc
      .array(fc.record({ item: one, stars: fc.integer({ min: 0, max: 4 }), text: missable(texts) }), { maxLength: 60 })
      .map(byId),
    likes: fc.array(fc.record({ in: one, out: one, weight: ints }), { maxLength: 60 }).map(byId),
  });
});

/** A world of rows that the same seed makes again. */
export function makeData(seed: number): Data {
  return fc.sample(data, { seed, numRuns: 1 })[0] as Data;
}
