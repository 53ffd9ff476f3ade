import { filter, firstValueFrom, from, lastValueFrom, map, merge, take, toArray } from 'rxjs';
import { LiveError, type EntityManager } from '../../lib/index.js';
import { eventually } from '../server/support/eventually.js';
import { backends } from '../support/backends.js';
import { Role, User } from '../support/entities.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends.filter(({ stateful }) => stateful))('a live stream in RxJS on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openOrm(backend);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
  });

  const lives = async (): Promise<number> => {
    const [info] = await test.orm.driver.query<[{ lives: object }]>('INFO FOR TABLE user');
    return Object.keys(info.lives).length;
  };
  const write = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      em.create(User, { ...ANN, name });
      await em.flush();
    }
  };

  it('is an Observable to from(), and operators go on from there', async () => {
    const stream = await em.live(User, { age: { $gte: 18 } });
    const names = from(stream).pipe(
      filter((change) => change.action !== 'resync'),
      map(({ action, entity }) => `${action} ${entity.name}`),
    );
    const three = lastValueFrom(names.pipe(take(3), toArray()));
    await write('Ann', 'Ben', 'Cid', 'Dan');
    expect(await three).toEqual(['create Ann', 'create Ben', 'create Cid']);
  });

  it('ends at the server when the last observer unsubscribes, and not before', async () => {
    const stream = await em.live(User);
    const seen: string[] = [];
    const first = from(stream).subscribe(({ entity }) => seen.push(`first ${entity?.name}`));
    const second = from(stream).subscribe(({ entity }) => seen.push(`second ${entity?.name}`));
    expect(await lives()).toBe(1);
    await write('Eve');
    await eventually(() => expect(seen).toEqual(['first Eve', 'second Eve']));
    first.unsubscribe();
    await write('Fay');
    await eventually(() => expect(seen).toEqual(['first Eve', 'second Eve', 'second Fay']));
    expect(await lives()).toBe(1);
    second.unsubscribe();
    expect(stream.closed).toBe(true);
    await eventually(async () => expect(await lives()).toBe(0));
  });

  it('ends at the server when an operator has enough, and when one throws', async () => {
    const enough = firstValueFrom(from(await em.live(User)));
    const failing = from(await em.live(User)).pipe(
      map(() => {
        throw new Error('no');
      }),
    );
    const failed = expect(lastValueFrom(failing)).rejects.toThrow('no');
    expect(await lives()).toBe(2);
    await write('Gil');
    expect((await enough).entity?.name).toBe('Gil');
    await failed;
    await eventually(async () => expect(await lives()).toBe(0));
  });

  it('hears what came before it subscribed, and completes when the stream is closed', async () => {
    const [one, other] = await Promise.all([em.live(User, { name: 'Hal' }), em.live(User, { name: 'Ida' })]);
    await write('Hal', 'Ida');
    const seen: unknown[] = [];
    const done = new Promise<void>((complete) => {
      merge(from(one), from(other)).subscribe({ next: ({ entity }) => seen.push(entity?.name), complete });
    });
    await eventually(() => expect(new Set(seen)).toEqual(new Set(['Hal', 'Ida'])));
    await Promise.all([one.close(), other.close()]);
    await done;
  });

  it('hands on the error that the stream ends with', async () => {
    const stream = await em.live(User);
    const failed = lastValueFrom(from(stream)).catch((error: unknown) => error);
    await test.orm.driver.query('REMOVE TABLE user');
    const error = await failed;
    expect(error).toBeInstanceOf(LiveError);
    expect(error).toMatchObject({ reason: 'killed' });
  });
});
