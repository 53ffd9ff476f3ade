import { ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Likes, Person, Song, graphEntities } from '../support/graph-entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

describe.each(backends)('inserts and edges as they would be sent on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeEach(async () => {
    test = await openOrm(backend, { entities: graphEntities });
    em = test.orm.em.fork();
    await em.insert(Person, [
      { id: 'ann', name: 'Ann' },
      { id: 'bob', name: 'Bob' },
    ]);
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(async () => {
    await expectInOrder(test, em);
    await test.close();
  });

  const songs = [
    { id: 1, title: 'One' },
    { id: 2, title: 'Two' },
  ];
  it.each([
    ['plain', () => em.insert(Song).values(songs)],
    ['atomic', () => em.insert(Song).values(songs).atomic()],
    ['ignoring what is there', () => em.insert(Song).values(songs).onConflict('ignore')],
    ['overwriting it', () => em.insert(Song).values(songs).onConflict('update').returning('after')],
  ])('an insert, %s', async (_name, built) => {
    const { text, bindings } = built().toSurql();
    expect(test.sent()).toEqual([]);
    expect(await em.fork().count(Song)).toBe(0);
    test.clear();
    await built().execute();
    expect(test.sent()[0]).toBe(text);
    expect(JSON.stringify(bindings)).toContain('One');
    expect((await em.fork().find(Song, {}, { orderBy: { id: 'asc' } })).map(({ title }) => title)).toEqual([
      'One',
      'Two',
    ]);
  });

  it('of an insert in chunks the first; atomic ones are one request', () => {
    const built = em.insert(Song).values(songs).options({ chunk: 1 });
    expect(JSON.stringify(built.toSurql().bindings)).not.toContain('Two');
    expect(JSON.stringify(built.atomic().toSurql().bindings)).toContain('Two');
  });

  it.each(['error', 'ignore', 'update'] as const)('an edge, on conflict %s', async (onConflict) => {
    const built = em.relate(Likes).from('ann').to('bob').set({ id: 'ab', weight: 3 }).onConflict(onConflict);
    const { text, bindings } = built.toSurql();
    expect(test.sent()).toEqual([]);
    await built.execute();
    expect(test.sent()).toEqual([text]);
    expect(JSON.stringify(bindings)).toContain('person:ann');
    expect(await em.fork().find(Likes)).toMatchObject([{ weight: 3 }]);
  });

  it('what cannot be stored is refused as by the write itself', () => {
    expect(() =>
      em
        .insert(Song)
        .values({ id: 1 } as never)
        .toSurql(),
    ).toThrow(/Song\.title: a value is required/);
    expect(() => em.relate(Likes).from('ann').toSurql()).toThrow(/not told \.to/);
    expect(() =>
      em
        .relate(Likes)
        .from('ann')
        .to('bob')
        .set({ wieght: 1 } as never)
        .toSurql(),
    ).toThrow(/weight/);
    expect(() => em.insert(Song).values(songs).options({ chunk: 0 }).toSurql()).toThrow(ValidationError);
  });
});
