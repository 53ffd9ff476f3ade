import { ValidationError, surql, type EntityManager } from '../../lib/index.js';
import { Knows, Label, Person, Team, entities } from '../model/entities.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

/** Corners that the random steps of spec/model have found. */
describe.each(backends)('collections in corners on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE knows; DELETE person; DELETE team; DELETE label`);
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const person = (id: string) => em.create(Person, { id, name: id, age: 1 });
  const team = (id: string) => em.create(Team, { id, name: id });
  const keys = (ids: readonly { readonly key: unknown }[]) => ids.map(({ key }) => key);
  const stored = () => test.orm.em.fork().find(Knows);

  it('a record that is replaced keeps its edges, so its collections are not known', async () => {
    const [ann, bob] = [person('ann'), person('bob')];
    ann.friends.add(bob);
    await em.flush();
    em.remove(ann);
    const anew = person('ann');
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY person:ann REPLACE object::extend({ nicknames: [] }, { age: 1, labels: [], name: 'ann' }) RETURN AFTER",
    ]);
    expect(anew.friends.isLoaded).toBe(false);
    expect(await anew.friends.load()).toEqual([bob]);
    em.remove(anew);
    person('ann').friends.remove(bob);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY person:ann REPLACE object::extend({ nicknames: [] }, { age: 1, labels: [], name: 'ann' }) RETURN AFTER",
      'DELETE person:ann->knows WHERE out = person:bob OR person:bob = NONE RETURN NONE',
    ]);
    expect(await stored()).toEqual([]);
  });

  it('what was made anew under an id is what links to it show, before the flush and after', async () => {
    const [first, gone] = [team('red'), em.create(Label, { id: 'a', text: 'first', rank: 1 })];
    const ann = em.create(Person, { id: 'ann', name: 'ann', age: 1, team: first, labels: [gone] });
    em.remove(first);
    em.remove(gone);
    const [red, label] = [team('red'), em.create(Label, { id: 'a', text: 'second', rank: 2 })];
    const isShown = async () => {
      expect(await ann.team?.load()).toBe(red);
      const labels = await ann.labels.load();
      expect(labels).toHaveLength(1);
      expect(labels[0]).toBe(label);
    };
    await isShown();
    await em.flush();
    expect(test.written()).toEqual([
      "CREATE ONLY team:red CONTENT { name: 'red', version: 1 } RETURN AFTER",
      "CREATE ONLY label:a CONTENT { rank: 2, text: 'second' } RETURN NONE",
      "CREATE ONLY person:ann CONTENT { age: 1, labels: [label:a], name: 'ann', team: team:red } RETURN AFTER",
    ]);
    await isShown();
    const other = await test.orm.em.fork().findOneOrFail(Person, 'ann', { fetch: { labels: true, team: true } });
    expect([other.team?.id.key, other.labels.get().map(({ text }) => text)]).toEqual(['red', ['second']]);
  });

  it('an edge that is asked for is made, though a transaction removes the one beside it', async () => {
    const [ann, bob] = [person('ann'), person('bob')];
    ann.friends.add(bob);
    await em.flush();
    ann.friends.add(bob, { weight: 7 });
    await em.transaction(async (tx) => {
      for (const edge of await tx.find(Knows)) tx.remove(edge);
    });
    expect(await stored()).toEqual([]);
    expect(keys(ann.friends.ids)).toEqual(['bob']);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      withMadeKeys('RELATE ONLY person:ann->knows:*->person:bob CONTENT { weight: 7 } RETURN NONE'),
    ]);
    expect((await stored()).map(({ weight }) => weight)).toEqual([7]);
    expect(await ann.friends.load()).toEqual([bob]);
  });

  it('what was removed before it was stored cannot be linked to', async () => {
    const [ann, bob, red] = [person('ann'), person('bob'), team('red')];
    ann.team = red as never;
    ann.friends.add(bob);
    em.remove(red);
    const error = await em.flush().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).errors).toMatchObject([{ path: 'Person.team', rule: 'removed' }]);
    ann.team = undefined;
    em.remove(bob);
    await expect(em.flush()).rejects.toThrow(/Person\.friends.*person:bob, which was removed/);
    expect(test.sent()).toEqual([]);
    ann.friends.remove(bob);
    await em.flush();
    expect(test.written()).toEqual(["CREATE ONLY person:ann CONTENT { age: 1, labels: [], name: 'ann' } RETURN AFTER"]);
    expect(await test.orm.em.fork().find(Person)).toMatchObject([{ name: 'ann', team: undefined }]);
  });

  it('an inverse side has the members whose link leads there, whatever was added', async () => {
    const [ann, bob, red, blue] = [person('ann'), person('bob'), team('red'), team('blue')];
    red.members.add([ann, bob]);
    ann.team = blue as never;
    em.remove(bob);
    await em.flush();
    expect(test.written()).toEqual([
      "CREATE ONLY team:red CONTENT { name: 'red', version: 1 } RETURN AFTER",
      "CREATE ONLY team:blue CONTENT { name: 'blue', version: 1 } RETURN AFTER",
      "CREATE ONLY person:ann CONTENT { age: 1, labels: [], name: 'ann', team: team:blue } RETURN AFTER",
    ]);
    expect(keys(red.members.ids)).toEqual([]);
    expect(keys(blue.members.ids)).toEqual(['ann']);
    test.clear();
    blue.members.add(ann);
    red.members.remove(ann);
    await em.flush();
    expect(test.sent()).toEqual([]);
    expect((await test.orm.em.fork().findOneOrFail(Person, 'ann')).team?.id.key).toBe('blue');
    expect(keys(blue.members.ids)).toEqual(['ann']);
  });

  it('an edge that is made while those between its ends go stays', async () => {
    const [ann, bob] = [person('ann'), person('bob')];
    ann.friends.add(bob, { weight: 1 });
    await em.flush();
    const edge = em.create(Knows, { in: ann, out: bob, weight: 2 });
    ann.friends.remove(bob);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      'DELETE person:ann->knows WHERE out = person:bob OR person:bob = NONE RETURN NONE',
      `RELATE ONLY person:ann->${edge.id}->person:bob CONTENT { weight: 2 } RETURN NONE`,
    ]);
    expect(await stored()).toMatchObject([{ weight: 2 }]);
    expect(em.contains(edge)).toBe(true);
    expect(keys(ann.friends.ids)).toEqual(['bob']);
    edge.weight = 3;
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${edge.id} SET weight = 3 RETURN VALUE id`]);
    expect(await stored()).toMatchObject([{ weight: 3 }]);
  });

  it('added once more without data, a member keeps the data it was added with', async () => {
    const [ann, bob] = [person('ann'), person('bob')];
    ann.friends.add(bob, { weight: 5 });
    ann.friends.add(bob);
    await em.flush();
    expect(test.written()).toEqual([
      "CREATE ONLY person:ann CONTENT { age: 1, labels: [], name: 'ann' } RETURN AFTER",
      "CREATE ONLY person:bob CONTENT { age: 1, labels: [], name: 'bob' } RETURN AFTER",
      withMadeKeys('RELATE ONLY person:ann->knows:*->person:bob CONTENT { weight: 5 } RETURN NONE'),
    ]);
    expect(await ann.friends.load()).toEqual([bob]);
    expect(await stored()).toMatchObject([{ weight: 5 }]);
  });

  it('edges that one end clears go from the other end that was loaded', async () => {
    const [ann, bob] = [person('ann'), person('bob')];
    ann.friends.add(bob);
    await em.flush();
    await em.refresh(ann);
    ann.friends.clear();
    const loaded = await em.findOneOrFail(Person, 'bob', { fetch: { knownBy: true } });
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(['DELETE person:ann->knows WHERE out = NONE OR NONE = NONE RETURN NONE']);
    expect(loaded).toBe(bob);
    expect(loaded.knownBy.get()).toEqual([]);
    expect(loaded.knownBy.edges()).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it('a member may be taken out and removed in one flush', async () => {
    const ann = person('ann');
    const label = em.create(Label, { text: 'l', rank: 1 });
    ann.labels.add(label);
    await em.flush();
    ann.labels.remove(label);
    em.remove(label);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY person:ann SET labels -= [${label.id}] RETURN AFTER`,
      `DELETE [${label.id}] RETURN NONE`,
    ]);
    expect(em.contains(label)).toBe(false);
    expect(keys(ann.labels.ids)).toEqual([]);
    expect(await em.count(Label)).toBe(0);
  });

  it('a record or edge that is replaced leaves the places where it stood', async () => {
    const [ann, bob, red] = [person('ann'), person('bob'), team('red')];
    ann.team = red as never;
    const edge = em.create(Knows, { id: 'e', in: ann, out: bob });
    await em.flush();
    expect(keys(red.members.ids)).toEqual(['ann']);
    em.remove(edge).remove(ann);
    person('ann');
    em.create(Knows, { id: 'e', in: bob, out: bob });
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY person:ann REPLACE object::extend({ nicknames: [] }, { age: 1, labels: [], name: 'ann' }) RETURN AFTER",
      'DELETE knows:e RETURN NONE',
      'RELATE ONLY person:bob->knows:e->person:bob CONTENT object::extend({}, {  }) RETURN AFTER',
    ]);
    expect(await stored()).toMatchObject([{ in: { id: bob.id }, out: { id: bob.id } }]);
    expect(keys(red.members.ids)).toEqual([]);
    expect(keys(bob.knownBy.ids)).toEqual(['bob']);
  });

  it('who holds a record that is replaced holds its new instance', async () => {
    const [ann, red] = [person('ann'), team('red')];
    const label = em.create(Label, { id: 'l', text: 'old', rank: 1 });
    ann.team = red as never;
    ann.labels.add(label);
    await em.flush();
    const loaded = await em.findOneOrFail(Person, 'ann', { fetch: { team: true, labels: true } });
    em.remove(red).remove(label);
    const anew = [team('red'), em.create(Label, { id: 'l', text: 'new', rank: 1 })];
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY team:red REPLACE object::extend({ version: team:red.version + 1 }, { name: 'red' }) RETURN AFTER",
      "UPDATE ONLY label:l REPLACE object::extend({}, { rank: 1, text: 'new' }) RETURN AFTER",
    ]);
    const held = [loaded.team?.get(), ...loaded.labels];
    for (const [index, entity] of held.entries()) expect(entity).toBe(anew[index]);
    expect(held).toHaveLength(2);
  });

  it('a new entity takes nothing from a record that somebody else has made under its id', async () => {
    const theirs = test.orm.em.fork();
    theirs.create(Person, { id: 'ann', name: 'Theirs', age: 1, labels: [{ text: 'l', rank: 1 }] });
    await theirs.flush();
    const ann = person('ann');
    const [found] = await em.find(Person, { name: 'Theirs' }, { fetch: { labels: true } });
    expect(found).toBe(ann);
    expect(ann.labels.ids).toEqual([]);
    em.clear();
  });

  it('what a transaction removes is gone from the EntityManager that managed it, and is not written anew', async () => {
    const ann = person('ann');
    await em.flush();
    test.clear();
    await em.transaction(async (tx) => {
      tx.remove(await tx.findOneOrFail(Person, 'ann'));
    });
    expect(em.contains(ann)).toBe(false);
    await em.flush();
    expect(test.written()).toEqual(['DELETE [person:ann] RETURN NONE']);
    expect(await em.count(Person)).toBe(0);
  });

  it('a new entity stays when a transaction removes the record that had its id', async () => {
    const theirs = test.orm.em.fork();
    theirs.create(Person, { id: 'ann', name: 'Theirs', age: 1 });
    await theirs.flush();
    const ann = person('ann');
    test.clear();
    await em.transaction(async (tx) => {
      tx.remove(await tx.findOneOrFail(Person, 'ann'));
    });
    expect(em.contains(ann)).toBe(true);
    await em.flush();
    expect(test.written()).toEqual([
      'DELETE [person:ann] RETURN NONE',
      "CREATE ONLY person:ann CONTENT { age: 1, labels: [], name: 'ann' } RETURN AFTER",
    ]);
    expect(await em.find(Person)).toEqual([ann]);
  });
});
