import fc from 'fast-check';
import type { Conditions } from './operators.js';
import { labels, makers, notes } from './wheres.js';

/** How rows are read, beside their where. */
export interface Request {
  readonly orderBy?: object;
  readonly limit?: number;
  readonly offset?: number;
  readonly fetch?: Readonly<Record<string, true | FetchRequest>>;
  readonly select?: readonly string[];
}

export interface FetchRequest extends Request {
  readonly where?: Conditions;
  readonly count?: boolean;
}

const way = fc.constantFrom('asc', 'desc');
const key: fc.Arbitrary<object> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'n',
        'o',
        'f',
        's',
        't',
        'u',
        'code',
        'serial',
        'b',
        'level',
        'price',
        'at',
        'day',
        'span',
        'key',
        'triple',
        'id',
      ),
      way,
    )
    .map(([name, direction]) => ({ [name]: direction })),
  fc.tuple(fc.constantFrom('twice', 'made', 'maker'), way).map(([name, direction]) => ({ [name]: direction })),
  fc.tuple(fc.constantFrom('no', 'city'), way).map(([name, direction]) => ({ town: { [name]: direction } })),
  fc.tuple(fc.constantFrom('name', 'rank'), way).map(([name, direction]) => ({ maker: { [name]: direction } })),
  way.map((direction) => ({ maker: { town: { city: direction } } })),
);
export const orders = fc.oneof(
  { weight: 4, arbitrary: key },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([a, b]) => ({ ...a, ...b })) },
  { weight: 1, arbitrary: fc.array(key, { minLength: 2, maxLength: 3 }) },
);

const cut = { limit: fc.integer({ min: 0, max: 12 }), offset: fc.integer({ min: 0, max: 5 }) };

/** Relations with what is asked of each of them; the deeper, the fewer. */
const relations: fc.Arbitrary<NonNullable<Request['fetch']>> = fc.record(
  {
    maker: fc.oneof(fc.constant(true as const), fc.record({ where: makers }, { requiredKeys: [] })),
    labels: relation(labels, fc.constantFrom({ weight: 'desc' }, { name: 'asc' })),
    notes: relation(notes, fc.constantFrom({ stars: 'desc' }, { text: 'asc', stars: 'asc' })),
    likes: relation(
      fc.integer({ min: 0, max: 9 }).map(($gt) => ({ n: { $gt } })),
      key,
      belowItems(),
    ),
    likedBy: relation(
      fc.boolean().map((b) => ({ b })),
      fc.constantFrom({ n: 'desc' }),
    ),
  },
  { requiredKeys: [] },
);

function relation(
  where: fc.Arbitrary<Conditions>,
  orderBy: fc.Arbitrary<object>,
  below?: fc.Arbitrary<Request['fetch']>,
): fc.Arbitrary<true | FetchRequest> {
  const asked = fc.record(
    {
      where,
      orderBy,
      limit: fc.integer({ min: 0, max: 3 }),
      offset: fc.integer({ min: 0, max: 2 }),
      count: fc.boolean(),
      ...(below !== undefined && { fetch: below }),
    },
    { requiredKeys: [] },
  );
  return fc.oneof(fc.constant(true as const), asked);
}

/** An item may be met at both levels, and is one object: of one relation only one thing can be asked. */
const fetches = relations.map(({ likes, ...others }) => {
  const below = typeof likes === 'object' && likes.fetch !== undefined ? Object.keys(likes.fetch) : [];
  const kept = Object.fromEntries(Object.entries(others).filter(([name]) => !below.includes(name)));
  return likes === undefined ? kept : { ...kept, likes };
});

function belowItems(): fc.Arbitrary<Request['fetch']> {
  const ofNotes = relation(notes, fc.constantFrom({ stars: 'asc' }));
  return fc.record({ notes: ofNotes, maker: fc.constant(true as const) }, { requiredKeys: [] });
}

/** Absent more often than not. */
const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

export const requests: fc.Arbitrary<Request> = fc
  .record({
    orderBy: fc.option(orders, { nil: undefined, freq: 3 }),
    limit: seldom(cut.limit),
    offset: seldom(cut.offset),
    fetch: seldom(fetches),
  })
  .map((request) => Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)));
