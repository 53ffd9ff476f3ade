import { ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Post, Role, Team, User } from '../support/entities.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

describe.each(backends.filter(({ stateful }) => stateful))('live with fetch on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openOrm(backend);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
  });

  it('brings relations along, nested and typed', async () => {
    const stream = await em.live(User, { name: 'Ann' }, { fetch: { team: true, posts: { fetch: { author: true } } } });
    const ann = em.create(User, { name: 'Ann', age: 42, role: Role.Writer, team: { name: 'Crew' } });
    await em.flush();
    const created = (await stream.next()).value;
    expect(created?.entity?.team?.get().name).toBe('Crew');
    expect([...(created?.entity?.posts ?? [])]).toEqual([]);

    em.create(Post, { title: 'One', author: ann });
    await em.flush();
    ann.age = 43;
    await em.flush();
    const updated = (await stream.next()).value;
    expect(updated?.entity?.age).toBe(43);
    expect([...(updated?.entity?.posts ?? [])].map(({ title }) => title)).toEqual(['One']);
    expect([...(updated?.entity?.posts ?? [])][0]?.author.get().name).toBe('Ann');

    em.remove(ann);
    await em.flush();
    const deleted = (await stream.next()).value;
    expect(deleted?.action).toBe('delete');
    expect(deleted?.entity?.name).toBe('Ann');
    expect(deleted?.entity?.team?.isLoaded).toBe(false);
    await stream.close();
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('keeps the values of the event, and leaves a link alone that leads elsewhere by now', async () => {
    const stream = await em.live(User, { name: 'Ben' }, { fetch: { team: true } });
    const [first, second] = [em.create(Team, { name: 'First' }), em.create(Team, { name: 'Second' })];
    const ben = em.create(User, { name: 'Ben', age: 1, role: Role.Reader, team: first });
    await em.flush();
    ben.team?.set(second);
    ben.age = 2;
    await em.flush();
    const [one, two] = [(await stream.next()).value, (await stream.next()).value];
    expect([one?.entity?.age, two?.entity?.age]).toEqual([1, 2]);
    expect(String(one?.entity?.team?.id)).toBe(String(first.id));
    expect(two?.entity?.team?.get().name).toBe('Second');
    await stream.close();
  });

  it('refuses what is no relation, and options that there are not, before anything is registered', async () => {
    await expect(em.live(User, {}, { fetch: { nme: true } as never })).rejects.toBeInstanceOf(ValidationError);
    await expect(em.live(User, {}, { fetc: { team: true } } as never)).rejects.toThrow('fetch');
  });
});
