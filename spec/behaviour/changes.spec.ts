import fc from '../support/property';
import {
  Field,
  Id,
  Reverie,
  Table,
  ValidationError,
  type ChangeFeed,
  type EntityClass,
  type EntityManager,
  type FeedChange,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'purchase', changefeed: { expiry: '1d' } })
class Purchase {
  @Id() id!: RecordId<'purchase'>;
  @Field('int') total!: number;
}

@Table({ name: 'document', changefeed: { expiry: '1d', includeOriginal: true } })
class Doc {
  @Id() id!: RecordId<'document'>;
  @Field('string') text!: string;
  @Field('array<string>') tags!: string[];
  @Field('option<object>', { flexible: true }) more?: Record<string, unknown>;
}

@Table({ name: 'gauge', changefeed: { expiry: '1d', includeOriginal: true } })
class Gauge {
  @Id() id!: RecordId<'gauge'>;
  @Field('float', { name: 'km/h' }) speed!: number;
}

@Table({ name: 'quiet' })
class Quiet {
  @Id() id!: RecordId<'quiet'>;
  @Field('int') n!: number;
}

const ENTITIES = [Purchase, Doc, Gauge, Quiet];

async function take<T extends object>(feed: ChangeFeed<T>, count: number): Promise<FeedChange<T>[]> {
  const taken: FeedChange<T>[] = [];
  while (taken.length < count) taken.push((await feed.next()).value as FeedChange<T>);
  return taken;
}

describe.each(backends)('change feeds on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  let now: bigint;
  const feeds: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    test = await openOrm(backend, { entities: ENTITIES });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    em = test.orm.em.fork();
    const [entries] = await test.orm.driver.query<[{ versionstamp: bigint }[]]>('SHOW CHANGES FOR DATABASE SINCE 0');
    now = BigInt(entries.at(-1)?.versionstamp ?? 0);
  });
  afterEach(async () => {
    await Promise.all(feeds.splice(0).map((feed) => feed.close()));
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });
  const keep = <F extends { close(): Promise<void> }>(feed: F): F => {
    feeds.push(feed);
    return feed;
  };
  const open = (options = {}) => keep(em.changes(Purchase, { since: now, pollInterval: 10, ...options }));

  it('tells what was written, in order, and goes on', async () => {
    const purchase = em.create(Purchase, { total: 1 });
    await em.flush();
    purchase.total = 2;
    await em.flush();
    const feed = open();
    const written = await take(feed, 2);
    expect(written.map(({ action, entity }) => [action, entity?.total])).toEqual([
      ['update', 1],
      ['update', 2],
    ]);
    expect(written[0]?.entity).toBeInstanceOf(Purchase);
    expect(String(written[0]?.id)).toBe(String(purchase.id));
    expect(Math.abs((written[0] as FeedChange).at.getTime() - Date.now())).toBeLessThan(60_000);
    const next = feed.next();
    em.remove(purchase);
    await em.flush();
    expect((await next).value).toMatchObject({ action: 'delete', entity: undefined, original: undefined });
    await feed.close();
    expect(await feed.next()).toEqual({ done: true, value: undefined });
  });

  it('goes on behind its cursor, in another process too', async () => {
    for (let total = 1; total <= 5; total += 1) {
      em.create(Purchase, { total });
      await em.flush();
    }
    const first = open({ batch: 2 });
    expect((await take(first, 2)).map(({ entity }) => entity?.total)).toEqual([1, 2]);
    const saved = String(first.cursor);
    expect((await take(first, 1)).map(({ entity }) => entity?.total)).toEqual([3]);
    await first.close();
    for (const since of [saved, BigInt(saved)]) {
      const second = open({ since });
      expect((await take(second, 3)).map(({ entity }) => entity?.total)).toEqual([3, 4, 5]);
      await second.close();
    }
  });

  it('covers a transaction when all of it was handed out', async () => {
    for (const total of [1, 2, 3]) em.create(Purchase, { total });
    await em.flush();
    const feed = open();
    const seen: (readonly [number | undefined, boolean])[] = [];
    for await (const { entity } of feed) {
      seen.push([entity?.total, feed.cursor > now]);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(feed.closed).toBe(true);
  });

  it('begins at a date', async () => {
    em.create(Purchase, { total: 1 });
    await em.flush();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const since = new Date();
    em.create(Purchase, { total: 2 });
    await em.flush();
    expect((await take(open({ since }), 1))[0]?.entity?.total).toBe(2);
  });

  it('passes over other tables, however many of their changes lie between', async () => {
    for (let n = 0; n < 7; n += 1) {
      em.create(Doc, { text: String(n), tags: [] });
      await em.flush();
    }
    em.create(Purchase, { total: 9 });
    await em.flush();
    const feed = open({ batch: 2 });
    expect((await take(feed, 1))[0]?.entity?.total).toBe(9);
  });

  it('tells of several tables in one order', async () => {
    em.create(Purchase, { total: 1 });
    await em.flush();
    em.create(Quiet, { n: 1 });
    await em.flush();
    em.create(Doc, { text: 'a', tags: [] });
    await em.flush();
    for (const targets of ['*' as const, [Purchase, Doc] as EntityClass[]]) {
      const feed = keep(em.changes(targets, { since: now }));
      const changes = await take(feed, 2);
      expect(changes.map(({ target }) => target)).toEqual([Purchase, Doc]);
    }
  });

  it('tells what was before, where the table keeps it', async () => {
    const doc = em.create(Doc, {
      text: 'hello wörld 😀, where are you',
      tags: ['a', 'b', 'c'],
      more: { 'x/y': 1, deep: { z: [1, 2] } },
    });
    await em.flush();
    doc.text = 'hello world, how are you';
    doc.tags = ['c'];
    doc.more = { deep: { z: [2] }, k: true };
    await em.flush();
    em.remove(doc);
    await em.flush();
    const changes = await take(em.changes(Doc, { since: now, includeOriginal: true }), 3);
    expect(changes.map(({ action }) => action)).toEqual(['create', 'update', 'delete']);
    expect(changes[0]?.original).toBeUndefined();
    expect(changes[1]?.original).toMatchObject({
      text: 'hello wörld 😀, where are you',
      tags: ['a', 'b', 'c'],
      more: { 'x/y': 1, deep: { z: [1, 2] } },
    });
    expect([...(changes[1]?.changedFields ?? [])].sort()).toEqual(['more', 'tags', 'text']);
    const [, plain] = await take(em.changes(Doc, { since: now }), 2);
    expect(plain?.original).toBeUndefined();
  });

  it('tells of a changed column that has a slash in its name', async () => {
    const gauge = em.create(Gauge, { speed: 50 });
    await em.flush();
    gauge.speed = 70;
    await em.flush();
    const [, change] = await take(em.changes(Gauge, { since: now, includeOriginal: true }), 2);
    expect([change?.original?.speed, change?.changedFields]).toEqual([50, ['speed']]);
  });

  if (backend.stateful) {
    it('hears of interactive transactions, which live queries do not', async () => {
      await em.transaction(async (tx) => void tx.create(Purchase, { total: 5 }), { mode: 'interactive' });
      expect((await take(open(), 1))[0]?.entity?.total).toBe(5);
    });
  }

  it('ends with its signal, while it waits too', async () => {
    const abort = new AbortController();
    const feed = open({ pollInterval: 60_000, signal: abort.signal });
    const next = feed.next();
    setTimeout(() => abort.abort(), 50);
    expect(await next).toEqual({ done: true, value: undefined });
    expect(feed.closed).toBe(true);
    expect((await open({ signal: abort.signal }).next()).done).toBe(true);
  });

  it('refuses what cannot be right, at once', () => {
    expect(() => em.changes(Quiet)).toThrow('changefeed');
    expect(() => em.changes(Purchase, { includeOriginal: true })).toThrow('originals');
    for (const options of [
      { since: 'yesterday' },
      { since: -1n },
      { since: new Date(NaN) },
      { batch: 0 },
      { sinse: 1n },
    ])
      expect(() => em.changes(Purchase, options as never)).toThrow(ValidationError);
  });

  it('refuses a table that keeps no changes in the database', async () => {
    const store = await backend.open();
    const orm = await Reverie.init({
      url: store.url,
      namespace: 'other',
      database: 'other',
      entities: ENTITIES,
      sync: 'off',
      ...(store.auth && { auth: store.auth }),
    });
    await orm.driver.query('DEFINE TABLE purchase');
    await expect(orm.em.fork().changes(Purchase).next()).rejects.toThrow('no changefeed in the database');
    await orm.close();
    await store.close();
  });
});

describe('the way back from what a record became', () => {
  let test: TestOrm;
  beforeAll(async () => {
    test = await openOrm(backends[0] as never, { entities: ENTITIES });
  });
  afterAll(() => test.close());

  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom('a', 'b', '%', '\n', '😀', 'é', '@', '-', '+', ' '), maxLength: 60 }),
  );
  const content = fc.record({
    text,
    tags: fc.array(text, { maxLength: 5 }),
    more: fc.option(
      fc.dictionary(
        fc.constantFrom('a', 'b', 'x~y', 'long key'),
        fc.oneof(
          fc.integer(),
          text,
          fc.boolean(),
          fc.array(fc.oneof(fc.integer(), text, fc.record({ q: text })), { maxLength: 4 }),
        ),
      ),
      { nil: undefined },
    ),
  });

  it('leads to what it was, whatever that is', async () => {
    const em = test.orm.em.fork();
    const feed = em.changes(Doc, { includeOriginal: true });
    await fc.assert(
      fc.asyncProperty(content, content, async (before, after) => {
        const id = (await em.insert(Doc, [{ ...before, more: before.more ?? null }] as never)).inserted;
        expect(id).toBe(1);
        const [doc] = (await em.fork().find(Doc)) as [Doc];
        const write = 'UPDATE $id SET text = $after.text, tags = $after.tags, more = $after.more';
        const changed = (await test.orm.driver.query<[unknown[]]>(write, { id: doc.id, after }))[0];
        await test.orm.driver.query('DELETE document');
        const changes = await take(feed, 2);
        let update = changes[1] as FeedChange<Doc>;
        expect(changed).toHaveLength(1);
        if (update.action === 'update') {
          const { text: was, tags, more } = update.original as Doc;
          expect({ text: was, tags, more }).toEqual({ text: doc.text, tags: doc.tags, more: doc.more });
          update = (await feed.next()).value as FeedChange<Doc>;
        }
        expect(update.action).toBe('delete');
      }),
      { numRuns: 150 },
    );
    await feed.close();
  }, 60_000);
});
