import { Id, Table, type RecordId } from '../../lib/index.js';
import { eventually } from '../server/support/eventually.js';
import { backend } from '../support/backends.js';
import { entities, Role, User } from '../support/entities.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

/** Longer than a timer is, which would fire at once. */
const DAYS_90 = 90 * 24 * 3_600_000;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

@Table({ name: 'kept', changefeed: { expiry: '1d' } })
class Kept {
  @Id() id!: RecordId<'kept'>;
}

describe('a deadline longer than a timer is', () => {
  let test: TestOrm;
  let texts: string[];
  beforeEach(async () => {
    texts = [];
    test = await openOrm(backend('embedded'), {
      connect: { timeout: DAYS_90 },
      timeout: DAYS_90,
      entities: [...entities, Kept],
      logger: ({ text }) => void texts.push(text),
    });
  });
  afterEach(() => test.close());
  const reads = () => texts.filter((text) => text.includes('SHOW CHANGES')).length;

  it.each([DAYS_90, Number.POSITIVE_INFINITY])('leaves a transaction its time: %p', async (timeout) => {
    const em = test.orm.em.fork();
    const work = em.transaction(
      async (tx) => {
        await pause(30);
        tx.create(User, { name: 'Ann', age: 42, role: Role.Writer });
        return 'done';
      },
      { timeout },
    );
    expect(await work).toBe('done');
    expect(await em.count(User)).toBe(1);
  });

  it('lets close() wait for what is under way', async () => {
    let written = false;
    const em = test.orm.em.fork();
    const work = em.transaction(async (tx) => {
      await pause(30);
      tx.create(User, { name: 'Ann', age: 42, role: Role.Writer });
      await tx.flush();
      written = true;
    });
    await test.orm.close({ timeout: DAYS_90 });
    expect(written).toBe(true);
    await work;
  });

  it('lets a change feed pause between two reads', async () => {
    const feed = test.orm.em.fork().changes(Kept, { pollInterval: DAYS_90 });
    const next = feed.next();
    try {
      await eventually(() => expect(reads()).toBeGreaterThan(0));
      const before = reads();
      await pause(100);
      expect(reads()).toBe(before);
    } finally {
      await feed.close();
    }
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
