import { Field, Id, Table, ValidationError, type EntityManager, type RecordId } from '../../lib/index.js';
import { backend } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'parcel' })
class Parcel {
  @Id() id!: RecordId<'parcel', string>;
  @Field('string') name!: string;
}

/** What compilers without a type check let through, and a type of `any`. */
const GIVEN: readonly (readonly [string, unknown, string])[] = [
  ['null', null, 'null'],
  ['undefined', undefined, 'undefined'],
  ['a number', 5, '5'],
  ['a text', 'Ann', 'a text'],
  ['a date', new Date(0), 'a Date'],
  ['a function', () => ({}), 'a function'],
  ['what was not awaited', Promise.resolve({ name: 'x' }), 'a Promise'],
];

describe('what is no data of a record is refused before anything is sent', () => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend('embedded'), { entities: [Parcel] });
    await test.orm.em.fork().insert(Parcel, { id: 'one', name: 'One' });
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });

  const verbs: readonly (readonly [string, (data: never) => unknown])[] = [
    ['create', (data) => em.create(Parcel, data)],
    ['insert', (data) => em.insert(Parcel, data)],
    ['insert', (data) => em.insert(Parcel, [{ name: 'first' }, data] as never)],
    ['insert', (data) => em.insert(Parcel).values(data).execute()],
    ['upsert', (data) => em.upsert(Parcel, data)],
    ['update', (data) => em.patch(Parcel, 'one', data)],
    ['update', (data) => em.updateWhere(Parcel, { name: 'One' }, data)],
    ['update', (data) => em.update(Parcel).set(data).where({ name: 'One' }).execute()],
  ];

  it.each(GIVEN)('%s', async (_title, data, shown) => {
    for (const [at, [verb, write]] of verbs.entries()) {
      const failed = await Promise.resolve()
        .then(() => write(data as never))
        .catch((error: unknown) => error);
      expect([at, failed]).toEqual([at, expect.any(ValidationError)]);
      expect((failed as ValidationError).message).toContain(`em.${verb}(Parcel, …) takes the data of a record`);
      expect((failed as ValidationError).message).toContain(`it was given ${shown}`);
    }
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('nor is what is assigned to an entity', async () => {
    const parcel = await em.findOneOrFail(Parcel, 'one');
    expect(() => em.assign(parcel, Promise.resolve({ name: 'x' }) as never)).toThrow(/await it/);
    expect(() => em.assign(parcel, null as never)).toThrow(ValidationError);
    expect(parcel.name).toBe('One');
  });

  it('a row that is none is reported with the others', async () => {
    const result = await em.insert(Parcel, [{ id: 'two', name: 'Two' }, null as never], { onError: 'collect' });
    expect(result).toMatchObject({
      inserted: 1,
      failed: 1,
      errors: [{ index: 1, error: expect.any(ValidationError) }],
    });
  });

  it('ids are a list', async () => {
    await expect(em.findByIds(Parcel, 'one' as never)).rejects.toThrow(/em.findByIds\(Parcel, …\) needs a list/);
    await expect(em.findByIds(Parcel, null as never)).rejects.toThrow(ValidationError);
  });
});
