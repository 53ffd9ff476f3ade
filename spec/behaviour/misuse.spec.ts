import { Reverie, ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Post, Role, Team, User } from '../support/entities.js';
import { openOrm } from '../support/open-orm.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends)('what is easily done wrong, on $name', (backend) => {
  it('the EntityManager of a transaction says when the block has ended', async () => {
    const { orm, close } = await openOrm(backend);
    let leaked: EntityManager | undefined;
    await orm.em.fork().transaction(async (tx) => {
      leaked = tx;
      tx.create(Team, { name: 'Red' });
    });
    expect(() => leaked?.create(Team, { name: 'Lost' })).toThrow(/after its block had ended/);
    await expect(leaked?.flush()).rejects.toBeInstanceOf(ValidationError);
    expect(await orm.em.fork().count(Team)).toBe(1);
    await close();
  });

  it('a bulk insert links the entities of this EntityManager', async () => {
    const { orm, close } = await openOrm(backend);
    const em = orm.em.fork();
    const ann = em.create(User, ANN);
    await em.flush();
    expect(
      await em.insert(Post, [
        { title: 'a', author: ann },
        { title: 'b', author: ann.id },
      ]),
    ).toMatchObject({ inserted: 2 });
    expect(await em.count(Post, { author: ann })).toBe(2);
    await em.flush();
    await close();
  });

  it('closing waits for a flush that was started before it', async () => {
    const store = await backend.open();
    const options = {
      url: store.url,
      namespace: 'test',
      database: 'closing',
      entities: [Team],
      sync: 'safe',
      ...(store.auth && { auth: store.auth }),
    } as const;
    const orm = await Reverie.init(options);
    const em = orm.em.fork();
    em.create(Team, { name: 'Red' });
    const flushing = em.flush();
    const closing = orm.close();
    await expect(flushing).resolves.toBeUndefined();
    await closing;
    await expect(orm.em.fork().count(Team)).rejects.toMatchObject({ code: 'CONNECTION' });
    await store.close();
  });

  it('a raw query wants the tag', async () => {
    const { orm, close } = await openOrm(backend);
    await expect(orm.em.fork().query('SELECT 1' as never)).rejects.toThrow(/surql/);
    await close();
  });
});
