import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CapabilityError,
  Computed,
  count,
  Field,
  Id,
  Index,
  Relation,
  Reverie,
  SoftDelete,
  sum,
  surql,
  Table,
  ValidationError,
  type EntityManager,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';
import { startServer } from '../../lib/server/index.js';
import { removeFolder } from '../support/remove-folder.js';

@Table({ name: 'writer' })
class Writer {
  @Id() id!: RecordId<'writer', string>;
  @Field('string') name!: string;
  @Relation(() => Page, { inverse: 'by' }) pages!: Links<Page>;
}
@Table({ name: 'page' })
@Index({ fields: ['stars'] })
class Page {
  @Id() id!: RecordId<'page', string>;
  @Field('string') title!: string;
  @Field('int') stars!: number;
  @Field('array<string>') tags!: string[];
  @Relation(() => Writer) by!: Link<Writer>;
  @Computed(surql`stars * 2`, { type: 'int' }) readonly twice!: number;
  @SoftDelete() deletedAt?: Date;
}
const entities = [Writer, Page];
const PLACE = { namespace: 'app', database: 'app', sync: 'safe' } as const;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15));

/** Each store with versions, and how it is closed. */
const stores = {
  'mem://': async () => {
    const orm = await Reverie.init({ ...PLACE, url: 'mem://?versioned=true', entities });
    return { orm, close: () => orm.close() };
  },
  'surrealkv://': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reverie-versions-'));
    const orm = await Reverie.init({ ...PLACE, url: `surrealkv://${folder}/store?versioned=true`, entities });
    return { orm, close: () => orm.close().then(() => removeFolder(folder)) };
  },
  'ws://': async () => {
    const server = await startServer({ url: 'mem://?versioned=true', user: 'root', pass: 'root' });
    const auth = { username: 'root', password: 'root' };
    const orm = await Reverie.init({ ...PLACE, url: server.wsUrl, auth, entities });
    return { orm, close: () => orm.close().then(() => server.close()) };
  },
};

describe.each(Object.entries(stores))('records as they were, on %s', (_name, open) => {
  let orm: Reverie;
  let close: () => Promise<void>;
  let em: EntityManager;
  let then: Date;
  const keys = (found: readonly { readonly id: RecordId }[]) => found.map(({ id }) => id.key);

  beforeAll(async () => {
    ({ orm, close } = await open());
    const setup = orm.em.fork();
    await setup.insert(Writer, { id: 'ann', name: 'Ann' });
    await setup.insert(Page, [
      { id: 'a', title: 'One', stars: 1, tags: ['x', 'y'], by: 'ann' },
      { id: 'b', title: 'Two', stars: 2, tags: ['x'], by: 'ann' },
      { id: 'c', title: 'Three', stars: 3, tags: [], by: 'ann' },
    ]);
    await pause();
    then = new Date();
    await pause();
    await setup.updateWhere(Writer, { id: 'ann' }, { name: 'Anna' });
    await setup.updateWhere(Page, { id: 'a' }, { title: 'First', stars: 10, tags: ['z'] });
    await setup.deleteWhere(Page, { id: 'b' });
    await setup.query(surql`DELETE page:c`);
    await setup.insert(Page, { id: 'd', title: 'Four', stars: 4, tags: [], by: 'ann' });
  });
  afterAll(() => close());
  beforeEach(() => {
    em = orm.em.fork();
  });

  it('are found by fields, indexed and computed ones too, sorted and cut', async () => {
    const read = { version: then, orderBy: { stars: 'desc' } } as const;
    expect(keys(await em.find(Page, {}, read))).toEqual(['c', 'b', 'a']);
    expect(keys(await em.find(Page, {}, { ...read, limit: 1, offset: 1 }))).toEqual(['b']);
    expect(await em.find(Page, { stars: 1 }, { version: then })).toMatchObject([{ title: 'One', twice: 2 }]);
    expect(keys(await em.find(Page, { stars: { $in: [2, 3, 10] } }, read))).toEqual(['c', 'b']);
    expect(keys(await em.find(Page, { twice: { $gte: 4 } }, read))).toEqual(['c', 'b']);
    expect(keys(await em.find(Page, { by: 'ann', tags: { $contains: 'x' } }, read))).toEqual(['b', 'a']);
    const [part] = await em.find(Page, { id: 'a' }, { version: then, select: ['title'] });
    expect(part).toEqual({ id: part?.id, title: 'One' });
  });

  it('are found by their ids', async () => {
    expect(await em.findOne(Page, 'b', { version: then })).toMatchObject({ title: 'Two' });
    expect(await em.findOne(Page, 'd', { version: then })).toBeNull();
    const ids = { id: { $in: ['a', 'c', 'd'] } };
    expect(await em.find(Page, ids, { version: then, orderBy: { id: 'asc' } })).toMatchObject([
      { title: 'One' },
      { title: 'Three' },
    ]);
  });

  it('are counted, paged, grouped, split, and taken values of', async () => {
    const version = then;
    expect((await em.findAndCount(Page, { stars: { $lt: 9 } }, { version }))[1]).toBe(3);
    const page = await em.findPage(Page, {}, { version, first: 2, total: true });
    expect([keys(page.items), page.total]).toEqual([['a', 'b'], 3]);
    const next = await em.findPage(Page, {}, { version, first: 2, after: page.endCursor });
    expect([keys(next.items), next.hasNextPage]).toEqual([['c'], false]);
    const select = { n: count(), stars: sum('twice') } as const;
    expect(await em.aggregate(Page, { version, select })).toEqual({ n: 3, stars: 12 });
    const past = em.select(Page).version(version);
    expect(await past.groupBy(['by'], { n: count() }).list()).toMatchObject([{ n: 3 }]);
    expect(await past.value('title')).toEqual(expect.arrayContaining(['One', 'Two', 'Three']));
    expect(await past.orderBy({ stars: 'desc' }).limit(2).value('twice')).toEqual([6, 4]);
    expect(await past.where({ id: 'a' }).split('tags').list()).toMatchObject([{ tags: 'x' }, { tags: 'y' }]);
    expect(await past.where({ id: 'a' }).fields({ title: 'title' }).list()).toEqual([{ title: 'One' }]);
    const before = new Date(Date.now() - 60_000);
    expect(await em.find(Page, {}, { version: before })).toEqual([]);
  });

  it('are plain instances beside what is managed', async () => {
    const now = await em.findOneOrFail(Page, 'a');
    const [was] = await em.find(Page, { id: 'a' }, { version: then });
    expect(was).not.toBe(now);
    expect([was?.title, now.title]).toEqual(['One', 'First']);
    expect(was).toBeInstanceOf(Page);
    (was as Page).title = 'Changed';
    expect(em.changeSets()).toEqual([]);
  });

  it('are refused where the answer would be of the present', async () => {
    const version = then;
    const wrong: readonly (() => Promise<unknown>)[] = [
      () => em.find(Page, { by: { name: 'Ann' } }, { version }),
      () => em.find(Page, {}, { version, orderBy: { by: { name: 'asc' } } }),
      () => em.find(Writer, { pages: { $some: { stars: 1 } } }, { version }),
      () => em.find(Page, {}, { version, fetch: { by: true } }),
      () => em.find(Page, {}, { version, fetch: { by: true }, strategy: 'separate' }),
      () => em.find(Page, {}, { version, managed: true }),
      () => em.find(Page, {}, { version, refresh: true }),
      () => em.find(Page, {}, { version: new Date(Number.NaN) }),
      () => em.findAndCount(Page, { by: { name: 'Ann' } }, { version }),
      () => em.aggregate(Page, { version, groupBy: ['by.name'], select: { n: count() } }),
      async () => em.select(Page).version(version).value('by.name'),
      async () => em.select(Page).version(version).limit(1).value('by.name'),
      () => em.select(Page).version(version).fields({ by: 'by.name' }).list(),
      async () => (await em.findOneOrFail(Writer, 'ann')).pages.find({}, { version }),
    ];
    for (const ask of wrong) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect([ask.toString(), error]).toEqual([ask.toString(), expect.any(ValidationError)]);
      expect((error as Error).message).toMatch(/as they are now|tracked by no|give a Date/);
    }
  });
});

test('a store that keeps no versions is a CapabilityError', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reverie-versions-'));
  const orm = await Reverie.init({ ...PLACE, url: `surrealkv://${folder}/store`, entities });
  const asked = orm.em.fork().find(Page, {}, { version: new Date() });
  await expect(asked).rejects.toBeInstanceOf(CapabilityError);
  await orm.close();
  await removeFolder(folder);
});
