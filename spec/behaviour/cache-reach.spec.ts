import {
  Event,
  Field,
  Id,
  RecordId,
  Relation,
  surql,
  Table,
  type EntityManager,
  type Link,
  type Where,
} from '../../lib/index.js';
import { backend } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

/** The writes below come to it by links alone: no text has its name. */
@Table({ name: 'squads' })
class Squad {
  @Id() id!: RecordId<'squads', string>;
  @Field('int') members!: number;
}

@Table({ name: 'member' })
@Event({ name: 'came', when: surql`$event = 'CREATE'`, then: surql`UPDATE $after.home SET members += 1` })
class Member {
  @Id() id!: RecordId<'member', string>;
  @Field('string') name!: string;
  @Relation(() => Squad) home!: Link<Squad>;
}

@Table({ name: 'ticket' })
class Ticket {
  @Id() id!: RecordId<'ticket', string>;
  @Relation(() => Member, { onDelete: surql`UPDATE notice SET shown += 1` }) holder!: Link<Member>;
}

@Table({ name: 'notice' })
class Notice {
  @Id() id!: RecordId<'notice', string>;
  @Field('int') shown!: number;
}

/** No write of this page comes here. */
@Table({ name: 'apart' })
class Apart {
  @Id() id!: RecordId<'apart', string>;
}

describe('a kept answer ends by writes that do not name its table', () => {
  let test: TestOrm;

  beforeAll(async () => {
    test = await openOrm(backend('embedded'), { entities: [Squad, Member, Ticket, Notice, Apart] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const em = test.orm.em.fork();
    await em.query(surql`DELETE ticket; DELETE member; DELETE squads; DELETE notice`);
    await em.insert(Squad, { id: 'first', members: 0 });
    await em.insert(Member, { id: 'ann', name: 'Ann', home: 'first' });
    await em.insert(Ticket, { id: 'one', holder: 'ann' });
    await em.insert(Notice, { id: 'only', shown: 0 });
    await test.orm.cache.clear();
  });

  const members = async (em: EntityManager) =>
    (await em.find(Squad, {}, { cache: true })).map((squad) => squad.members);
  const shown = async (em: EntityManager) => (await em.find(Notice, {}, { cache: true })).map((notice) => notice.shown);
  const apart = (em: EntityManager) => em.find(Apart, {}, { cache: true });
  type Read = (em: EntityManager) => Promise<readonly unknown[]>;
  type Write = (em: EntityManager) => Promise<unknown>;

  const cases: readonly (readonly [string, Write, Read, readonly number[], keeps: boolean])[] = [
    [
      'raw, through the link of a record',
      (em) => em.query(surql`UPDATE member:ann.home SET members = 5`),
      members,
      [5],
      true,
    ],
    [
      'raw, through links that were read first',
      (em) => em.query(surql`LET $all = (SELECT VALUE home FROM member); UPDATE $all SET members = 6`),
      members,
      [6],
      true,
    ],
    [
      'raw, by a name that the server makes',
      (em) => em.query(surql`UPDATE type::table(string::concat('squ', 'ads')) SET members = 7`),
      members,
      [7],
      false,
    ],
    [
      'raw, by a name in a variable',
      (em) => em.query(surql`LET $t = 'squ' + 'ads'; UPDATE type::record($t, 'first') SET members = 8`),
      members,
      [8],
      false,
    ],
    [
      'raw, by a name that is bound',
      (em) => em.query(surql`UPDATE type::table(${'squads'}) SET members = 9`),
      members,
      [9],
      true,
    ],
    [
      'an event of what is inserted',
      (em) => em.insert(Member, { id: 'bob', name: 'Bob', home: 'first' }),
      members,
      [2],
      true,
    ],
    [
      'an event of what is flushed',
      async (em) => {
        em.create(Member, { id: 'cid', name: 'Cid', home: em.getReference(Squad, 'first') });
        await em.flush();
      },
      members,
      [2],
      true,
    ],
    ['what a link runs when its target is deleted', (em) => em.deleteWhere(Member, 'ann'), shown, [1], true],
  ];

  /** Reads of `apart`, all of it while there are squads of more than two members. */
  const made: readonly (readonly [string, Where<Notice>])[] = [
    [
      'a name that the server makes',
      surql`array::len((SELECT id FROM type::table('squ' + 'ads') WHERE members > 2)) > 0`,
    ],
    ['an id that the server makes', surql`type::record('squ' + 'ads', 'first').members > 2`],
    ['a name that an expression makes', surql`type::record(${surql`'squ' + 'ads'`}, 'first').members > 2`],
    ['a name that is bound', surql`array::len((SELECT id FROM type::table(${'squads'}) WHERE members > 2)) > 0`],
    ['an id that is bound', surql`${new RecordId('squads', 'first')}.members > 2`],
  ];

  it.each(made)('a read that comes to a table by %s', async (_title, where) => {
    const read = async () => (await test.orm.em.fork().find(Notice, where, { cache: true })).length;
    expect(await read()).toBe(0);
    test.clear();
    expect(await read()).toBe(0);
    expect(test.sent()).toHaveLength(0);
    await test.orm.em.fork().updateWhere(Squad, { id: 'first' }, { members: 5 });
    expect(await read()).toBe(1);
  });

  it('a read of a record whose table has no entity', async () => {
    const stranger = new RecordId('stranger', 1);
    await test.orm.em.fork().query(surql`DEFINE TABLE stranger; CREATE ${stranger} SET n = 1`);
    const read = async () => (await test.orm.em.fork().find(Notice, surql`${stranger}.n = 2`, { cache: true })).length;
    expect(await read()).toBe(0);
    await test.orm.em.fork().query(surql`UPDATE ${stranger} SET n = 2`);
    expect(await read()).toBe(1);
    await test.orm.em.fork().query(surql`UPDATE stranger SET n = 3`);
    expect(await read()).toBe(0);
    const named = async () =>
      (await test.orm.em.fork().find(Notice, surql`(SELECT * FROM stranger)[0].n = 4`, { cache: true })).length;
    expect(await named()).toBe(0);
    await test.orm.em.fork().query(surql`UPDATE stranger SET n = 4`);
    expect(await named()).toBe(1);
    await test.orm.em.fork().query(surql`REMOVE TABLE stranger`);
  });

  it.each(cases)('%s', async (_title, write, read, wanted, keeps) => {
    for (const each of [read, apart]) await each(test.orm.em.fork());
    await write(test.orm.em.fork());
    expect(await read(test.orm.em.fork())).toEqual(wanted);
    test.clear();
    await apart(test.orm.em.fork());
    expect(test.sent()).toHaveLength(keeps ? 0 : 1);
  });
});
