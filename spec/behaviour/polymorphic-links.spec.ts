import 'reflect-metadata';
import {
  addToSet,
  Field,
  Id,
  Relation,
  SoftDelete,
  surql,
  Table,
  type EntityManager,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'photo' })
class Photo {
  @Id() id!: RecordId<'photo'>;
  @Field('string') title!: string;
  @Field('int') width!: number;
  @SoftDelete() deletedAt?: Date;
  @Relation(() => Remark, { inverse: 'subject' }) remarks!: Links<Remark>;
}
@Table({ name: 'essay' })
class Essay {
  @Id() id!: RecordId<'essay'>;
  @Field('string', { name: 'headline' }) title!: string;
  @Relation(() => Remark, { inverse: 'subject' }) remarks!: Links<Remark>;
}
@Table({ name: 'remark' })
class Remark {
  @Id() id!: RecordId<'remark'>;
  @Field('string') text!: string;
  @Relation(() => [Photo, Essay], { onDelete: 'unset' }) subject?: Link<Photo | Essay>;
  @Relation(() => [Photo, Essay], { many: true }) seeAlso!: Links<Photo | Essay>;
}

describe.each(backends)('links to several tables on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Photo, Essay, Remark] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    await setup.query(surql`DELETE remark; DELETE photo; DELETE essay`);
    const photo = setup.create(Photo, { id: 'p', title: 'Sea', width: 10 });
    const essay = setup.create(Essay, { id: 'e', title: 'On seas' });
    setup.create(Remark, { id: '1', text: 'nice', subject: photo, seeAlso: [essay, photo] });
    setup.create(Remark, { id: '2', text: 'long', subject: 'essay:e' });
    await setup.flush();
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));
  const texts = async (where: object) =>
    (await em.find(Remark, where, { orderBy: { text: 'asc' } })).map(({ text }) => text);

  it('bring each record as what it is, in one request', async () => {
    const [one, two] = await em.find(Remark, {}, { fetch: { subject: true, seeAlso: true }, orderBy: { id: 'asc' } });
    expect(test.sent()).toHaveLength(1);
    expect(one?.subject?.get()).toBeInstanceOf(Photo);
    expect(two?.subject?.get()).toBeInstanceOf(Essay);
    expect(two?.subject?.get()).toMatchObject({ title: 'On seas' });
    expect(one?.seeAlso.get().map((each) => each.constructor)).toEqual([Essay, Photo]);
    const fresh = await test.orm.em.fork().findOneOrFail(Remark, '2');
    expect(await fresh.subject?.load()).toBeInstanceOf(Essay);
    const photo = await em.findOneOrFail(Photo, 'p', { fetch: { remarks: true } });
    expect(photo.remarks.get().map(({ text }) => text)).toEqual(['nice']);
  });

  it('are asked by id, and for what the records have in common', async () => {
    expect(await texts({ subject: 'essay:e' })).toEqual(['long']);
    expect(await texts({ subject: { $in: ['photo:p', 'essay:e'] } })).toEqual(['long', 'nice']);
    expect(await texts({ subject: { title: 'Sea' } })).toEqual(['nice']);
    expect(await texts({ subject: { title: { $icontains: 'sea' } } })).toEqual(['long', 'nice']);
    await expect(texts({ subject: { width: 10 } })).rejects.toThrow(/no field "width"/);
    await expect(texts({ subject: 'e' })).rejects.toThrow(/photo or essay/);
    const [one] = await em.find(Remark, { text: 'nice' }, { fetch: { seeAlso: { where: { title: 'On seas' } } } });
    expect(one?.seeAlso.get().map(({ title }) => title)).toEqual(['On seas']);
    await expect(em.find(Remark, {}, { fetch: { seeAlso: { orderBy: { title: 'asc' } } } })).rejects.toThrow(
      /do not have it in common/,
    );
  });

  it('are written in any form that names the table', async () => {
    const one = await em.findOneOrFail(Remark, '1');
    const essay = await em.findOneOrFail(Essay, 'e');
    em.assign(one, { subject: essay });
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY remark:`1` SET subject = essay:e RETURN VALUE id']);
    expect(await texts({ subject: essay })).toEqual(['long', 'nice']);
    one.subject?.set('photo:p');
    one.seeAlso.remove('essay:e');
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY remark:`1` SET subject = photo:p, seeAlso -= [essay:e] RETURN AFTER']);
    expect(await texts({ subject: 'photo:p' })).toEqual(['nice']);
    expect(one.seeAlso.ids.map(String)).toEqual(['photo:p']);
    await em.patch(Remark, '1', { seeAlso: addToSet('essay:e') } as never);
    expect(await em.count(Remark, { seeAlso: { $contains: 'essay:e' } })).toBe(1);
    expect(() => em.assign(one, { subject: 'p' as never })).toThrow(/bare key/);
    expect(() => em.create(Remark, { text: 'x', subject: { title: 'T' } as never })).toThrow(/data does not tell/);
    expect(() => one.subject?.set('remark:1' as never)).toThrow();
  });

  it('follow onDelete and soft delete of each', async () => {
    em.remove(await em.findOneOrFail(Essay, 'e'));
    em.remove(await em.findOneOrFail(Photo, 'p'));
    await em.flush();
    expect(test.written()).toEqual([
      'UPDATE ONLY photo:p SET deletedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
      'DELETE [essay:e] RETURN NONE',
    ]);
    const fresh = test.orm.em.fork();
    const [one, two] = await fresh.find(Remark, {}, { fetch: { subject: true }, orderBy: { id: 'asc' } });
    expect(two?.subject).toBeUndefined();
    expect(one?.subject?.isLoaded).toBe(false);
    expect(String(one?.subject?.id)).toBe('photo:p');
    expect(await fresh.count(Remark, { subject: { title: 'Sea' } })).toBe(0);
    expect(await fresh.count(Remark, { subject: { title: 'Sea' } }, { filters: { softDelete: false } })).toBe(1);
  });
});
