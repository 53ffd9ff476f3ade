import 'reflect-metadata';
import {
  Field,
  Id,
  OptimisticLockError,
  Table,
  surql,
  type EntityManager,
  type RecordId,
  type SurqlFragment,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'sheet' })
class Sheet {
  @Id() id!: RecordId<'sheet'>;
  @Field('any') body!: unknown;
  @Field('int', { default: 0 }) rank!: number;
}

type Body = Record<string, Record<string, unknown>>;

/** The server writes a member into an object, or into one that it makes; of anything else it says nothing and writes nothing. */
describe.each(backends)('members of what is no object any more, on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  let sheet: Sheet;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Sheet] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    await setup.query(surql`DELETE sheet`);
    setup.create(Sheet, { id: 's', body: { a: { b: 1, c: 2 } }, rank: 0 });
    await setup.flush();
    em = test.orm.em.fork();
    sheet = await em.findOneOrFail(Sheet, 's');
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const stored = async () => (await test.orm.em.fork().findOneOrFail(Sheet, 's')).body;
  const rival = (body: SurqlFragment<unknown>) => test.orm.em.fork().query(surql`UPDATE sheet:s SET body = ${body}`);

  it.each([
    ['a list', surql`[1, 2]`, [1, 2]],
    ['an empty list', surql`[]`, []],
    ['a list of objects', surql`[{ a: { b: 7 } }]`, [{ a: { b: 7 } }]],
    ['text', surql`'text'`, 'text'],
    ['a list inside', surql`{ a: [5] }`, { a: [5] }],
    ['a number inside', surql`{ a: 5 }`, { a: 5 }],
  ])('what somebody made %s is not written into: the error says so, and nothing is kept', async (_, made, kept) => {
    await rival(made);
    (sheet.body as Body)['a']!['b'] = 9;
    sheet.rank = 1;
    const error = await em.flush().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptimisticLockError);
    expect(error).toMatchObject({ entity: 'Sheet', message: expect.stringContaining('Sheet.body of sheet:s') });
    expect(await stored()).toEqual(kept);
    // It is still pending, and still refused, until it is read again.
    await expect(em.flush()).rejects.toThrow(OptimisticLockError);
    expect(sheet).toMatchObject({ body: { a: { b: 9, c: 2 } }, rank: 1 });
    await em.refresh(sheet);
    expect(sheet).toMatchObject({ body: kept, rank: 0 });
  });

  it.each([
    ['took away', surql`NONE`, { a: { b: 9 } }],
    ['set to NULL', surql`NULL`, { a: { b: 9 } }],
    ['emptied', surql`{}`, { a: { b: 9 } }],
    ['emptied inside', surql`{ a: {}, x: 1 }`, { a: { b: 9 }, x: 1 }],
  ])('what somebody %s is made anew, in one request', async (_, made, after) => {
    await rival(made);
    (sheet.body as Body)['a']!['b'] = 9;
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect(await stored()).toEqual(after);
    expect(sheet.body).toEqual(after);
  });

  it('a transaction finds that it was changed, and runs again', async () => {
    let runs = 0;
    await em.transaction(async (tx) => {
      const mine = await tx.findOneOrFail(Sheet, 's');
      if (++runs === 1) await rival(surql`[1]`);
      if (Array.isArray(mine.body)) mine.body = [...(mine.body as number[]), 2];
      else (mine.body as Body)['a']!['b'] = 9;
    });
    expect(runs).toBe(2);
    expect(await stored()).toEqual([1, 2]);
  });
});
