import fc from '../support/property';
import { connect, type Connection } from '../../lib/driver/connect.js';
import { compare, DateTime, Decimal, Duration, NONE, RecordId, Uuid } from '../../lib/values/index.js';

/** What `compare` knows is the server's own order. */
describe('compare', () => {
  let db: Connection;
  beforeAll(async () => {
    db = await connect('mem://', { namespace: 'a', database: 'a' });
  });
  afterAll(() => db.close());

  const text = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('ﬁ', '😀', 'z', 'ö', '', 'a', 'A', '10', '9'),
  );
  const value = fc.oneof(
    fc.constantFrom<unknown>(NONE, null, true, false),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
    fc.integer({ min: -1000, max: 1000 }).map((n) => new Decimal(n).div(8)),
    text,
    fc.integer({ min: 0, max: 10_000 }).map((n) => Duration.parse(`${n}ms`)),
    fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2200-01-01') }),
    fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 })).map(([ms, ns]) => new DateTime(ms, ns)),
    fc
      .tuple(
        fc.constantFrom('a', 'b'),
        fc.oneof(
          fc.integer(),
          text.filter((key) => key !== ''),
        ),
      )
      .map(([t, key]) => new RecordId(t, key)),
    fc.uuid().map((id) => new RecordId('a', new Uuid(id))),
    fc.constantFrom<unknown>([1], { a: 1 }),
  );

  it('is the order of the server, or none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 2, maxLength: 12 }), async (values) => {
        const pairs = values.slice(1).map((right, at) => [values[at], right]);
        const [answers] = await db.query<[{ less: boolean; more: boolean }[]]>(
          'RETURN $pairs.map(|$p: any| { RETURN { less: $p[0] < $p[1], more: $p[0] > $p[1] } })',
          { pairs },
        );
        for (const [index, [left, right]] of pairs.entries()) {
          const order = compare(left, right);
          if (order === undefined) continue;
          const answer = answers[index];
          expect([left, right, Math.sign(order)]).toEqual([left, right, answer?.less ? -1 : answer?.more ? 1 : 0]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('knows whatever entities are usually sorted by', () => {
    expect(compare(NONE, 1)).toBeLessThan(0);
    expect(compare(2, 10n)).toBeLessThan(0);
    expect(compare('b', 'a')).toBeGreaterThan(0);
    expect(compare(new Date(1), new DateTime(1, 1))).toBeLessThan(0);
    expect(compare(new RecordId('a', 1), new RecordId('a', 'a'))).toBeLessThan(0);
    expect(compare(['a'], ['b'])).toBeUndefined();
    expect(compare(new Decimal(1), 2)).toBeUndefined();
  });
});
