import { Reverie, surql, type EntityManager } from '../../lib/index.js';
import { Animal, Cat, Circle, Dog, Keeper, Puppy, Shape, Square, zoo } from '../support/animal-entities.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

describe.each(backends)('classes that share a table, on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: zoo });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    await setup.query(surql`DELETE animal; DELETE keeper; DELETE shape`);
    const kim = setup.create(Keeper, { id: 'kim', name: 'Kim' });
    const rex = setup.create(Dog, { id: 'rex', name: 'Rex', breed: 'boxer', tag: 'T1', chip: 7, keeper: kim });
    const pip = setup.create(Puppy, { id: 'pip', name: 'Pip', breed: 'pug', weeks: 6, barks: false, keeper: kim });
    const tom = setup.create(Cat, { id: 'tom', name: 'Tom', tag: 'T2', age: 4, keeper: kim });
    rex.friends.add([pip, tom]);
    kim.dogs.add([rex, pip]);
    kim.favourite = rex as never;
    await setup.flush();
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  async function stored(id: string): Promise<Record<string, unknown>> {
    const [rows] = await test.orm.em.fork().query<[Record<string, unknown>[]]>(surql`SELECT * FROM animal`);
    return rows.find((row) => String(row['id']) === `animal:${id}`) as Record<string, unknown>;
  }
  const byName = { orderBy: { name: 'asc' } } as const;

  it('are stored with what tells them apart, and no fields of the others', async () => {
    expect(await stored('rex')).toMatchObject({
      kind: 'dog',
      breed: 'boxer',
      barks: true,
      chip: 7,
      age: 1,
      version: 1,
    });
    expect(await stored('rex')).not.toHaveProperty('lives');
    expect(await stored('pip')).toMatchObject({ kind: 'puppy', breed: 'pug', barks: false, weeks: 6 });
    expect(await stored('tom')).toMatchObject({ kind: 'cat', lives: 9, barks: false, age: 4 });
    for (const name of ['breed', 'chip', 'loudBreed', 'weeks', 'friends'])
      expect((await stored('tom'))[name]).toBeUndefined();
  });

  it('take decorators of their bases: fields, lifecycle methods, relations, version', async () => {
    const rex = await em.findOneOrFail(Dog, 'rex', { fetch: { keeper: true } });
    expect(rex.log).toEqual(['dog Rex']);
    expect(rex.createdAt).toBeInstanceOf(Date);
    expect(rex.keeper?.get().name).toBe('Kim');
    rex.name = 'Rexy';
    await em.flush();
    expect(test.written()).toEqual(["UPDATE ONLY animal:rex SET name = 'Rexy', version += 1 RETURN AFTER"]);
    expect(await stored('rex')).toMatchObject({ name: 'Rexy', version: 2, kind: 'dog' });
    expect(rex.version).toBe(2);
  });

  it('a find of the base brings each as what it is', async () => {
    const all = await em.find(Animal, {}, byName);
    expect(all.map((one) => one.constructor)).toEqual([Puppy, Dog, Cat]);
    expect(test.sent()[0]).not.toContain('kind');
    expect(all[1]).toMatchObject({ name: 'Rex', breed: 'boxer', loudBreed: 'BOXER' });
    expect(Object.keys(all[2] as object)).toEqual(expect.arrayContaining(['lives']));
    expect(Object.keys(all[2] as object)).not.toContain('breed');
    expect(Object.keys(all[0] as object)).not.toContain('kind');
    expect(JSON.parse(JSON.stringify(all[2]))).toMatchObject({ id: 'animal:tom', lives: 9 });
    (all[1] as Dog).breed = 'bulldog';
    (all[2] as Cat).lives = 8;
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect(test.written()).toEqual([
      'UPDATE ONLY animal:tom SET lives = 8, version += 1 RETURN AFTER',
      "UPDATE ONLY animal:rex SET breed = 'bulldog', version += 1 RETURN AFTER",
    ]);
    expect(await stored('rex')).toMatchObject({ breed: 'bulldog' });
    expect(await stored('tom')).toMatchObject({ lives: 8 });
  });

  it('where and orderBy of the base', async () => {
    expect((await em.find(Animal, { age: { $gt: 1 } })).map(({ name }) => name)).toEqual(['Tom']);
    expect(await em.count(Animal)).toBe(3);
    expect((await em.find(Animal, {}, { orderBy: { age: 'desc', name: 'asc' } })).map(({ name }) => name)).toEqual([
      'Tom',
      'Pip',
      'Rex',
    ]);
    await expect(em.find(Animal, { breed: 'pug' } as never)).rejects.toThrow(/no field "breed"/);
    expect(await em.find(Animal, {}, { select: ['name'], ...byName })).toMatchObject([
      { name: 'Pip' },
      { name: 'Rex' },
      { name: 'Tom' },
    ]);
  });

  it('a find of a subclass finds its own and those below', async () => {
    expect((await em.find(Dog, {}, byName)).map(({ name }) => name)).toEqual(['Pip', 'Rex']);
    expect((await em.find(Puppy)).map(({ weeks }) => weeks)).toEqual([6]);
    expect((await em.find(Cat, { lives: 9 })).map(({ name }) => name)).toEqual(['Tom']);
    expect(await em.count(Dog)).toBe(2);
    expect(await em.count(Cat, {}, { filters: false })).toBe(1);
    expect(await em.exists(Puppy, { name: 'Rex' })).toBe(false);
    expect((await em.find(Dog, { loudBreed: 'BOXER' })).map(({ name }) => name)).toEqual(['Rex']);
    expect((await em.find(Dog, { chip: 7 })).map(({ name }) => name)).toEqual(['Rex']);
  });

  it('an id is one of the table: found as what it is, and as no other', async () => {
    const rex = await em.findOneOrFail(Animal, 'rex');
    expect(rex).toBeInstanceOf(Dog);
    test.clear();
    expect(await em.findOne(Dog, 'rex')).toBe(rex);
    expect(await em.findOne(Cat, 'rex')).toBeNull();
    expect(test.sent()).toEqual([]);
    expect(await em.findOne(Cat, 'pip')).toBeNull();
    expect(await em.findOne(Dog, 'animal:pip')).toBeInstanceOf(Puppy);
    expect((await em.findByIds(Cat, ['tom', 'pip'])).map((one) => one?.name)).toEqual(['Tom', undefined]);
    const rival = test.orm.em.fork();
    rival.create(Cat, { id: 'rex', name: 'Other' });
    test.clear();
    await expect(rival.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
    expect(test.written()).toEqual([
      "CREATE ONLY animal:rex CONTENT { kind: 'cat', log: ['cat Other'], name: 'Other', version: 1 } RETURN AFTER",
    ]);
    expect(await stored('rex')).toMatchObject({ name: 'Rex', kind: 'dog' });
  });

  it('links lead to any class below, and hydrate it', async () => {
    const kim = await em.findOneOrFail(Keeper, 'kim', { fetch: { animals: true, dogs: true, favourite: true } });
    expect(
      kim.animals
        .get()
        .map((one) => one.constructor.name)
        .sort(),
    ).toEqual(['Cat', 'Dog', 'Puppy']);
    expect(
      kim.dogs
        .get()
        .map((one) => one.constructor.name)
        .sort(),
    ).toEqual(['Dog', 'Puppy']);
    expect(kim.favourite?.get().breed).toBe('boxer');
    const other = test.orm.em.fork();
    const again = await other.findOneOrFail(Keeper, 'kim');
    expect(await again.favourite?.load()).toBeInstanceOf(Dog);
    expect(await again.animals.load()).toHaveLength(3);
    const rex = await other.findOneOrFail(Dog, 'rex', { fetch: { friends: true } });
    expect(
      rex.friends
        .get()
        .map((one) => one.constructor.name)
        .sort(),
    ).toEqual(['Cat', 'Puppy']);
    expect(await em.count(Keeper, { dogs: { breed: 'pug' } })).toBe(1);
    expect(await em.count(Keeper, { favourite: { breed: 'boxer' } })).toBe(1);
    expect(await em.count(Keeper, { animals: { name: 'Tom' } })).toBe(1);
  });

  it('a link to one class takes no entity of another', async () => {
    const kim = await em.findOneOrFail(Keeper, 'kim');
    const tom = await em.findOneOrFail(Cat, 'tom');
    expect(() => em.assign(kim, { favourite: tom as never })).toThrow(/a Cat/);
    const pip = await em.findOneOrFail(Puppy, 'pip');
    em.assign(kim, { favourite: pip });
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY keeper:kim SET favourite = animal:pip RETURN VALUE id']);
    expect((await em.fork().findOneOrFail(Keeper, 'kim')).favourite?.id.key).toBe('pip');
    expect(String(kim.favourite?.id)).toBe('animal:pip');
  });

  it('an inverse of the base follows the links of each class', async () => {
    const kim = await em.findOneOrFail(Keeper, 'kim', { fetch: { animals: true } });
    const lee = em.create(Keeper, { id: 'lee', name: 'Lee' });
    const [tom] = kim.animals.get().filter((one) => one instanceof Cat);
    em.assign(tom as Cat, { keeper: lee });
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      "CREATE ONLY keeper:lee CONTENT { dogs: [], name: 'Lee' } RETURN NONE",
      'UPDATE ONLY animal:tom SET keeper = keeper:lee, version += 1 RETURN AFTER',
    ]);
    expect(await kim.animals.load()).toHaveLength(2);
    kim.animals.add(tom as Cat);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY animal:tom SET keeper = keeper:kim, version += 1 RETURN AFTER']);
    expect(String((await stored('tom'))['keeper'])).toBe('keeper:kim');
  });

  it('a reference becomes one of its class when it is read', async () => {
    const known = em.getReference(Animal, 'rex');
    const rex = await em.findOneOrFail(Animal, 'rex');
    expect(rex).toBe(known);
    expect(rex).toBeInstanceOf(Dog);
    expect((rex as Dog).breed).toBe('boxer');
    (rex as Dog).breed = 'beagle';
    await em.flush();
    expect(test.written()).toEqual(["UPDATE ONLY animal:rex SET breed = 'beagle', version += 1 RETURN AFTER"]);
    expect(await stored('rex')).toMatchObject({ breed: 'beagle' });
  });

  it('unique values are shared by the table, and of a class within it', async () => {
    const rival = test.orm.em.fork();
    rival.create(Cat, { name: 'Rival', tag: 'T1' });
    const [cat] = rival.changeSets();
    await expect(rival.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', fields: ['tag'], value: 'T1' });
    expect(test.written()).toEqual([
      `CREATE ONLY ${cat?.id} CONTENT { kind: 'cat', log: ['cat Rival'], name: 'Rival', tag: 'T1', version: 1 } RETURN AFTER`,
    ]);
    rival.clear();
    rival.create(Puppy, { name: 'Rival', breed: 'x', weeks: 1, chip: 7 });
    await expect(rival.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', fields: ['chip'] });
  });

  it('direct writes and set-based ones keep to the class', async () => {
    const result = await em.insert(Cat, [{ name: 'A' }, { name: 'B', lives: 3 }]);
    expect(result.inserted).toBe(2);
    expect(await em.count(Cat)).toBe(3);
    test.clear();
    expect(await em.updateWhere(Dog, { age: 1 }, { barks: false })).toBe(2);
    expect(test.written()).toEqual([
      "UPDATE (SELECT VALUE id FROM animal WITH NOINDEX WHERE age = 1 AND kind IN ['dog', 'puppy']) SET barks = false, version += 1 RETURN VALUE id",
    ]);
    expect(await em.updateWhere(Cat, { age: { $gte: 0 } }, { lives: 1 })).toBe(3);
    await expect(em.patch(Cat, 'rex', { lives: 2 })).rejects.toMatchObject({ code: 'ENTITY_NOT_FOUND' });
    expect(await em.patch(Dog, 'pip', { breed: 'mix' })).toBeInstanceOf(Puppy);
    expect(await em.deleteWhere(Animal, { name: { $in: ['A', 'B'] } })).toBe(2);
    expect(await em.deleteWhere(Dog, { age: 1 })).toBe(2);
    expect(await em.count(Animal)).toBe(1);
    const upserted = await em.upsert(Dog, { name: 'U', breed: 'u', chip: 99 }, { on: 'chip' });
    expect(upserted).toBeInstanceOf(Dog);
    const [map] = await em.query<[object[]]>(surql`SELECT * FROM animal:tom`);
    expect(em.map(Animal, map[0])).toBeInstanceOf(Cat);
    // What a where has matched is not looked for in memory.
    em.clear();
  });

  it('removing goes by the record, whatever its class', async () => {
    for (const one of await em.find(Animal)) em.remove(one);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(['DELETE [animal:pip, animal:rex, animal:tom] RETURN NONE']);
    expect(await em.count(Animal)).toBe(0);
  });

  it('in a transaction, too', async () => {
    const rex = await em.findOneOrFail(Dog, 'rex');
    await em.transaction(async (tx) => {
      const one = await tx.findOneOrFail(Animal, 'rex');
      (one as Dog).breed = 'changed';
      tx.create(Cat, { name: 'In' });
    });
    expect(test.written()).toEqual([
      withMadeKeys(
        "CREATE ONLY animal:* CONTENT { kind: 'cat', log: ['cat In'], name: 'In', version: 1 } RETURN AFTER",
      ),
      "UPDATE ONLY animal:rex SET breed = 'changed', version += 1 RETURN AFTER",
    ]);
    expect(await stored('rex')).toMatchObject({ breed: 'changed', version: 2 });
    expect(rex.breed).toBe('changed');
    expect(await em.count(Cat)).toBe(2);
  });

  if (backend.stateful) {
    it('live queries tell the class, and a subclass hears of its own', async () => {
      const all = await em.live(Animal);
      const cats = await em.live(Cat, { age: { $gt: 3 } });
      const writer = test.orm.em.fork();
      writer.create(Dog, { name: 'D', breed: 'd', age: 5 });
      await writer.flush();
      writer.create(Cat, { name: 'C', age: 5 });
      await writer.flush();
      const first = (await all[Symbol.asyncIterator]().next()).value as { entity: object };
      expect(first.entity).toBeInstanceOf(Dog);
      const heard = (await cats[Symbol.asyncIterator]().next()).value as { entity: object };
      expect(heard.entity).toMatchObject({ name: 'C' });
      expect(heard.entity).toBeInstanceOf(Cat);
      await all.close();
      await cats.close();
    });
  }

  describe('a declared discriminator', () => {
    it('is there from create on, is queried like a field, and never changes', async () => {
      const circle = em.create(Circle, { id: 1, radius: 2 });
      expect(circle.form).toBe('circle');
      const square = Object.assign(new Square(), { id: 2, side: 3 });
      em.persist(square);
      em.create(Shape, { id: 3 });
      await em.flush();
      expect(test.written()).toEqual([
        "CREATE ONLY shape:1 CONTENT { form_of: 'circle', radius: 2 } RETURN AFTER",
        "CREATE ONLY shape:2 CONTENT { form_of: 'square', side: 3 } RETURN AFTER",
        "CREATE ONLY shape:3 CONTENT { form_of: 'plain' } RETURN AFTER",
      ]);
      expect(square).toMatchObject({ form: 'square', colour: 'red' });
      const [rows] = await em.query<[{ form_of: string }[]]>(surql`SELECT VALUE form_of FROM shape ORDER BY form_of`);
      expect(rows).toEqual(['circle', 'plain', 'square']);
      const found = await test.orm.em
        .fork()
        .find(Shape, { form: { $in: ['circle', 'plain'] } }, { orderBy: { id: 'asc' } });
      expect(found.map((one) => one.constructor)).toEqual([Circle, Shape]);
      expect(() => em.assign(circle, { form: 'square' } as never)).toThrow(/form/);
      expect(() => em.create(Circle, { id: 9, radius: 1, form: 'square' } as never)).toThrow(/form/);
      expect(em.create(Circle, { id: 9, radius: 1, form: 'circle' } as never, { persist: false }).form).toBe('circle');
    });
  });

  it('the schema is in step after one sync, and a record of no class is refused', async () => {
    expect((await test.orm.schema.plan()).steps).toEqual([]);
    await expect(em.query(surql`CREATE animal SET kind = 'fish', name = 'x', log = [], version = 1`)).rejects.toThrow(
      /kind/,
    );
  });
});

it('a class brings the one whose table it shares', async () => {
  const orm = await Reverie.init({ url: 'mem://', namespace: 'a', database: 'a', entities: [Circle, Square] });
  const em = orm.em.fork();
  em.create(Circle, { id: 1, radius: 1 });
  await em.flush();
  expect(await em.find(Shape)).toHaveLength(1);
  await orm.close();
});
