import type { RecordId } from '../../lib/index.js';
import { Field, Id, Relation, Table, type EntityManager, type Link, type Links } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'author' })
class Author {
  @Id() id!: RecordId<'author', string>;
  @Field('string') name!: string;
  @Relation(() => Shown, { inverse: 'by' }) shown!: Links<Shown>;
}

@Table({ name: 'remark' })
class Remark {
  @Id() id!: RecordId<'remark', string>;
  @Relation(() => Author, { optional: true }) by?: Link<Author>;
  @Relation(() => Author, { many: true }) table!: Links<Author>;
}

@Table({ name: 'shown' })
class Shown {
  @Id() id!: RecordId<'shown', string>;
  @Relation(() => Author) by!: Link<Author>;
}

/** The server (3.0.2) cannot delete what a reference leads to that it keeps under such a name. */
describe.each(backends)('links in columns named like words of SurrealQL on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Author, Remark, Shown] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.driver.query('DELETE shown; DELETE remark');
    em = test.orm.em.fork();
  });

  it('keep no reference that would hold their target', async () => {
    const ann = em.create(Author, { name: 'Ann' });
    const bob = em.create(Author, { name: 'Bob' });
    const remark = em.create(Remark, { by: ann, table: [ann, bob] });
    await em.flush();
    expect(test.orm.schema.toSurql()).toContain('DEFINE FIELD by ON TABLE remark TYPE none | record<author>;');

    test.clear();
    em.remove(ann);
    await em.flush();
    expect(test.sent()).toEqual([expect.stringContaining('DELETE')]);
    expect(await em.fork().count(Author)).toBe(1);
    expect(remark.by?.id).toEqual(ann.id);
    expect(remark.by?.isLoaded).toBe(false);
    expect(remark.table.ids).toEqual([ann.id, bob.id]);
    await expectInOrder(test, em);
  });

  it('keep one where an inverse is read by it', async () => {
    const ann = em.create(Author, { name: 'Ann' });
    const shown = em.create(Shown, { by: ann });
    await em.flush();
    const read = await em.fork().findOneOrFail(Author, ann.id, { fetch: { shown: true } });
    expect(read.shown.get().map(({ id }) => id)).toEqual([shown.id]);
    await expectInOrder(test, em);
  });
});
