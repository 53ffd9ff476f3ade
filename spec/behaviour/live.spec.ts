import { CapabilityError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Role, User } from '../support/entities.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends)('live on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openOrm(backend);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
  });

  if (backend.name === 'http') {
    it('is a CapabilityError', async () => {
      await expect(em.live(User)).rejects.toBeInstanceOf(CapabilityError);
    });
    return;
  }

  it('tells of a flush after its commit, in order, with plain entities', async () => {
    const stream = await em.live(User, { age: { $gte: 18 } });
    const ann = em.create(User, ANN);
    em.create(User, { ...ANN, name: 'Child', age: 3 });
    await em.flush();
    ann.age = 43;
    await em.flush();
    ann.age = 5;
    await em.flush();
    const seen: unknown[] = [];
    for await (const { action, entity } of stream) {
      seen.push([action, entity?.name, entity?.age]);
      if (action === 'leave') break;
    }
    expect(seen).toEqual([
      ['create', 'Ann', 42],
      ['update', 'Ann', 43],
      ['leave', 'Ann', 5],
    ]);
  });

  it('tells nothing of what was rolled back', async () => {
    const stream = await em.live(User, { name: 'Ghost' });
    await em
      .transaction(async (tx) => {
        tx.create(User, { ...ANN, name: 'Ghost' });
        throw new Error('no');
      })
      .catch(() => undefined);
    em.create(User, { ...ANN, name: 'Ghost', age: 1 });
    await em.flush();
    const { value } = await stream.next();
    expect(value?.entity?.age).toBe(1);
    await stream.close();
  });

  it('each stream hears only of what it asked for', async () => {
    const [a, b] = await Promise.all([em.live(User, { name: 'A' }), em.live(User, { name: 'B' })]);
    em.create(User, { ...ANN, name: 'B' });
    em.create(User, { ...ANN, name: 'A' });
    await em.flush();
    expect((await a?.next())?.value?.entity?.name).toBe('A');
    expect((await b?.next())?.value?.entity?.name).toBe('B');
    await Promise.all([a?.close(), b?.close()]);
  });
});
