import { CreatedAt, Field, Id, Table, UpdatedAt, ValidationError, Version, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'page' })
class Page {
  @Id() id!: RecordId<'page', string>;
  @Field('string') text!: string;
  @CreatedAt() readonly createdAt!: Date;
  @UpdatedAt() readonly updatedAt!: Date;
  @Version() readonly version!: number;
}

type Loose = Record<string, unknown>;

/** `readonly` is TypeScript's; plain JavaScript assigns all the same. */
describe.each(backends)('values that are produced, on $name', (backend) => {
  let test: RecordedOrm;
  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Page] });
  });
  afterAll(() => test.close());

  it.each([
    ['createdAt', new Date(0)],
    ['updatedAt', new Date(0)],
    ['version', 99],
  ])('%s of a managed entity cannot be assigned', async (name, value) => {
    const em = test.orm.em.fork();
    const page = em.create(Page, { text: 'a' });
    await em.flush();
    const before = { ...page };
    (page as unknown as Loose)[name] = value;
    test.clear();
    const error = (await em.flush().catch((thrown: unknown) => thrown)) as ValidationError;
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.errors).toMatchObject([{ path: `Page.${name}`, rule: 'readonly', record: String(page.id) }]);
    expect(error.message).toMatch(/produced for you.*em\.refresh\(entity\)/);

    page.text = 'b';
    await expect(em.flush()).rejects.toMatchObject({ errors: [{ path: `Page.${name}` }] });
    expect(test.sent()).toEqual([]);
    expect(await test.orm.em.fork().findOneOrFail(Page, page.id)).toEqual(before);

    (page as unknown as Loose)[name] = before[name as keyof Page];
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${page.id} SET text = 'b', version += 1 RETURN AFTER`]);
    expect(page).toMatchObject({ text: 'b', version: 2, createdAt: before.createdAt });
    expect(await test.orm.em.fork().findOneOrFail(Page, page.id)).toEqual({ ...page });
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('what a new entity was given is replaced by what the server makes', async () => {
    const em = test.orm.em.fork();
    const page = em.create(Page, { text: 'new' });
    Object.assign(page, { createdAt: new Date(0), updatedAt: new Date(0), version: 99 });
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([`CREATE ONLY ${page.id} CONTENT { text: 'new', version: 1 } RETURN AFTER`]);
    expect(page.version).toBe(1);
    expect(page.createdAt.getTime()).toBeGreaterThan(0);
    expect(await test.orm.em.fork().findOneOrFail(Page, page.id)).toEqual({ ...page });
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });
});
