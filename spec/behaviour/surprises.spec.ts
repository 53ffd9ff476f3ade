import { ValidationError, surql, type EntityManager } from '../../lib/index.js';
import { Knows, Label, Person, entities } from '../model/entities.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

/** What docs/unit-of-work.md lists under "What surprises". */
describe.each(backends)('what surprises, on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE knows; DELETE person; DELETE label`);
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const label = (manager: EntityManager, id: string) => manager.create(Label, { id, text: id, rank: 1 });
  const labels = async () => (await test.orm.em.fork().find(Label)).map(({ id }) => id.key).sort();

  it('clear before a flush that was asked for has begun is refused: it would lose what that is to write', async () => {
    const one = label(em, 'a');
    const flush = em.flush();
    expect(() => em.clear()).toThrow(ValidationError);
    await flush;
    expect(await labels()).toEqual(['a']);
    expect(em.contains(one)).toBe(true);
    em.clear();
    expect(em.contains(one)).toBe(false);
  });

  it('nor does it forget what another service has asked to be flushed after it', async () => {
    label(em, 'a');
    const mine = em.flush().then(() => em.clear());
    label(em, 'b');
    const theirs = em.flush();
    await expect(mine).rejects.toThrow('before a flush that was asked for had begun');
    await theirs;
    expect(await labels()).toEqual(['a', 'b']);
    em.clear();
  });

  it('clear in a deferred transaction does not lose what tx.flush() has queued', async () => {
    await em.transaction(async (tx) => {
      label(tx, 'a');
      await tx.flush();
      expect(() => tx.clear()).toThrow(/sends its writes at the end/);
      label(tx, 'b');
    });
    expect(await labels()).toEqual(['a', 'b']);
  });

  it('clear of what nobody has asked to be flushed forgets it, and that of an interactive transaction what was sent', async () => {
    label(em, 'a');
    em.clear();
    await em.flush();
    expect(await labels()).toEqual([]);
    if (!backend.stateful) return;
    await em.transaction(
      async (tx) => {
        label(tx, 'b');
        await tx.flush();
        tx.clear();
        expect(await tx.count(Label)).toBe(1);
      },
      { mode: 'interactive' },
    );
    expect(await labels()).toEqual(['b']);
  });

  it('a fork of the EntityManager of a transaction writes outside of it, and is not rolled back', async () => {
    const failing = em.transaction(async (tx) => {
      label(tx, 'inside');
      const outside = tx.fork();
      label(outside, 'outside');
      await outside.flush();
      expect(await labels()).toEqual(['outside']);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await labels()).toEqual(['outside']);
  });

  it('add over an edge that nobody has read makes another edge; of what is read it makes none', async () => {
    const [ann] = ['ann', 'bob'].map((id) => em.create(Person, { id, name: id, age: 1 })) as [Person];
    ann.friends.add('bob', { weight: 1 });
    await em.flush();
    const edges = async () => (await test.orm.em.fork().find(Knows)).map(({ weight }) => weight ?? 0).sort();
    const other = test.orm.em.fork();
    const unread = await other.findOneOrFail(Person, 'ann');
    unread.friends.add('bob');
    unread.friends.add('bob');
    await other.flush();
    expect(await edges()).toEqual([0, 1]);
    const read = await test.orm.em.fork().findOneOrFail(Person, 'ann', { fetch: { friends: true } });
    read.friends.add('bob');
    ann.friends.add('bob');
    await em.flush();
    expect(await edges()).toEqual([0, 1]);
  });
});
