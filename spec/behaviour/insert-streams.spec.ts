import { BulkError, Field, Id, Table, UniqueConstraintError, ValidationError, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'reading' })
class Reading {
  @Id('int') id!: RecordId<'reading', number>;
  @Field('float') value!: number;
}

describe.each(backends)('rows that come one by one, on $name', (backend) => {
  let test: RecordedOrm;
  /** How many rows have been asked for when each request was sent. */
  let asked = 0;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Reading] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().delete(Reading).all().execute();
    test.clear();
    asked = 0;
  });

  async function* rows(count: number, from = 0) {
    for (let id = from; id < from + count; id += 1) {
      await Promise.resolve();
      asked += 1;
      yield { id, value: id / 2 };
    }
  }

  it('are written a few chunks at a time; no more are asked for meanwhile', async () => {
    const em = test.orm.em.fork();
    const seen: (readonly [done: number, total: number, asked: number])[] = [];
    const result = await em.insert(Reading, rows(25), {
      chunk: 5,
      concurrency: 2,
      onProgress: ({ done, total }) => void seen.push([done, total, asked]),
    });
    expect(result).toEqual({ inserted: 25, failed: 0, errors: [] });
    expect(seen).toEqual([
      [5, 10, 10],
      [10, 10, 10],
      [15, 20, 20],
      [20, 20, 20],
      [25, 25, 25],
    ]);
    expect(test.sent()).toHaveLength(5);
    expect(await em.count(Reading)).toBe(25);
  });

  it('may come from any iterable, none at all too', async () => {
    const em = test.orm.em.fork();
    await em.getRepository(Reading).insert(new Set([{ id: 1, value: 1 }]));
    const [entity] = (await em.insert(Reading, rows(3, 10), { chunk: 1, returning: 'after' })).entities ?? [];
    expect(entity).toBe(await em.findOne(Reading, 10));
    expect(await em.insert(Reading, rows(0))).toEqual({ inserted: 0, failed: 0, errors: [] });
    expect(await em.count(Reading)).toBe(4);
  });

  it('that fail are named by their place in all of them', async () => {
    const em = test.orm.em.fork();
    await em.insert(Reading, { id: 7, value: 0 });
    const collected = await em.insert(Reading, rows(9), { chunk: 2, onError: 'collect' });
    expect(collected).toMatchObject({ inserted: 8, failed: 1, errors: [{ index: 7 }] });
    expect(collected.errors[0]?.error).toBeInstanceOf(UniqueConstraintError);
    const stopped: unknown = await em
      .insert(Reading, rows(20, 100 - 12), { chunk: 4 })
      .catch((error: unknown) => error);
    expect(stopped).toMatchObject({ inserted: 20 });
    const again: unknown = await em.insert(Reading, rows(20, 80), { chunk: 4 }).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(BulkError);
    expect(again).toMatchObject({ result: { inserted: 8 }, cause: expect.any(UniqueConstraintError) as Error });
    expect(asked).toBe(9 + 20 + 12);
  });

  it('are refused as one, and queue in a deferred transaction', async () => {
    const em = test.orm.em.fork();
    await expect(em.insert(Reading, rows(3), { atomic: true })).rejects.toBeInstanceOf(ValidationError);
    expect(test.sent()).toEqual([]);
    await em.transaction(async (tx) => {
      expect(await tx.insert(Reading, rows(3), { chunk: 1 })).toBeUndefined();
      expect(test.sent()).toEqual([]);
    });
    expect(await em.count(Reading)).toBe(3);
  });
});
