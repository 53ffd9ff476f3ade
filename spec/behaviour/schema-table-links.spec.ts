import { Field, Id, Index, Relation, Table, View } from '../../lib/decorators/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link, Links } from '../../lib/types/index.js';
import { RecordId } from '../../lib/values/index.js';
import { harmful, kinds, SchemaBench } from '../support/schema-bench.js';

@Table({ name: 'the user' })
class User {
  @Id('int') id!: RecordId<'the user', number>;
  @Field('string') name!: string;
  @Field('option<datetime>') gone?: Date;
  @Relation(() => Group, { many: true, onDelete: 'reject' }) groups!: Links<Group>;
}

@Table({ name: 'group' })
class Group {
  @Id('int') id!: RecordId<'group', number>;
  @Relation(() => User, { optional: true, onDelete: 'unset' }) head?: Link<User>;
}

class Line {
  @Relation(() => User, { onDelete: 'ignore' }) by!: Link<User>;
}

@Table({ name: 'log' })
class Log {
  @Id('int') id!: RecordId<'log', number>;
  @Field('set<record<`the user`>>') seen!: Set<RecordId<'the user'>>;
  @Field('{ by: record<`the user`>, n: int } | [record<`the user`>, int]') what!:
    { by: RecordId<'the user'>; n: number } | [RecordId<'the user'>, number];
  @Field('record') anything!: RecordId;
  @Relation(() => User, { onDelete: 'reject' }) owner!: Link<User>;
  @Field(() => [Line]) lines!: Line[];
  @Field('array<array<option<record<`the user`>>>>') grid!: (RecordId<'the user'> | undefined)[][];
}

@View({ name: 'sizes', as: surql`SELECT count() AS n, name FROM ${User} GROUP BY name` })
class Sizes {
  @Id('any') id!: RecordId<'sizes'>;
  @Field('int') n!: number;
}

@Table({ name: 'order', renamedFrom: 'the user' })
@Index({ name: 'one_name', fields: ['name'], unique: true, where: { gone: null } })
class Person {
  @Id('int') id!: RecordId<'order', number>;
  @Field('string') name!: string;
  @Field('option<datetime>') gone?: Date;
  @Relation(() => Circle, { many: true, onDelete: 'reject' }) groups!: Links<Circle>;
}

@Table({ name: 'circle', renamedFrom: 'group' })
class Circle {
  @Id('int') id!: RecordId<'circle', number>;
  @Relation(() => Person, { optional: true, onDelete: 'unset' }) head?: Link<Person>;
}

class NewLine {
  @Relation(() => Person, { onDelete: 'ignore', renamedFrom: 'by' }) writer!: Link<Person>;
}

@Table({ name: 'log' })
class NewLog {
  @Id('int') id!: RecordId<'log', number>;
  @Field('set<record<`order`>>') seen!: Set<RecordId<'order'>>;
  @Field('{ by: record<`order`>, n: int } | [record<`order`>, int]') what!:
    { by: RecordId<'order'>; n: number } | [RecordId<'order'>, number];
  @Field('record') anything!: RecordId;
  @Relation(() => Person, { onDelete: 'reject', renamedFrom: 'owner' }) keeper!: Link<Person>;
  @Field(() => [NewLine]) lines!: NewLine[];
  @Field('array<array<option<record<`order`>>>>') grid!: (RecordId<'order'> | undefined)[][];
}

@View({ name: 'sizes', as: surql`SELECT count() AS n, name FROM ${Person} GROUP BY name` })
class NewSizes {
  @Id('any') id!: RecordId<'sizes'>;
  @Field('int') n!: number;
}

const user = (key: number): RecordId => new RecordId('order', key);

describe('tables that are renamed together', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
    await bench.sync('safe', User, Group, Log, Sizes);
    await bench.run(`CREATE group:1; CREATE group:2;
      CREATE \`the user\`:1 SET name = 'a', groups = [group:1, group:2]; CREATE \`the user\`:2 SET name = 'b', groups = [];
      CREATE \`the user\`:3 SET name = 'b', groups = [], gone = time::now();
      UPDATE group:1 SET head = \`the user\`:2;
      CREATE log:1 SET seen = <set> [\`the user\`:1, \`the user\`:2], what = { by: \`the user\`:1, n: 1 },
        anything = \`the user\`:1, owner = \`the user\`:2, lines = [{ by: \`the user\`:3 }], grid = [[\`the user\`:1, NONE], []];
      CREATE log:2 SET seen = <set> [], what = [\`the user\`:2, 5], anything = log:1, owner = \`the user\`:2, lines = [], grid = []`);
  });
  afterEach(() => bench.close());

  it('lead to each other, and what leads to them follows in values of every form', async () => {
    const plan = await bench.sync('safe', Person, Circle, NewLog, NewSizes);
    expect(harmful(plan)).toEqual([]);
    expect(kinds(plan)).toContain('copyTable');
    expect(await bench.run('SELECT VALUE groups FROM `order`')).toEqual([
      [new RecordId('circle', 1), new RecordId('circle', 2)],
      [],
      [],
    ]);
    expect(await bench.run('SELECT VALUE head FROM circle')).toEqual([user(2), undefined]);
    expect(await bench.run('SELECT * FROM log')).toMatchObject([
      {
        id: new RecordId('log', 1),
        seen: new Set([user(1), user(2)]),
        what: { by: user(1), n: 1 },
        anything: new RecordId('the user', 1),
        grid: [[user(1), undefined], []],
        owner: new RecordId('the user', 2),
        keeper: user(2),
        lines: [{ by: new RecordId('the user', 3), writer: user(3) }],
      },
      {
        id: new RecordId('log', 2),
        seen: new Set(),
        what: [user(2), 5],
        anything: new RecordId('log', 1),
        keeper: user(2),
        lines: [],
        grid: [],
      },
    ]);
    expect(await bench.run('SELECT VALUE n FROM sizes')).toEqual([1, 2]);
    await expect(bench.run(`CREATE \`order\` SET name = 'b', groups = []`)).rejects.toMatchObject({
      code: 'UNIQUE_CONSTRAINT',
    });
    await expect(bench.run('DELETE `order`:2')).rejects.toMatchObject({ code: 'QUERY' });
    await expect(bench.run(`DELETE circle:1`)).rejects.toMatchObject({ code: 'QUERY' });
    await bench.run('UPDATE `order`; UPDATE circle; UPDATE log');
    const contract = await bench.manager(Person, Circle, NewLog, NewSizes).sync({ contract: true });
    expect(harmful(contract)).toEqual([]);
    expect((await bench.manager(Person, Circle, NewLog, NewSizes).plan()).steps).toEqual([]);
    await bench.run('UPDATE `order`; UPDATE circle; UPDATE log');
  });

  it('go back by the way back', async () => {
    const before = await bench.describe();
    const { parts } = await bench.manager(Person, Circle, NewLog, NewSizes).script();
    await bench.sync('safe', Person, Circle, NewLog, NewSizes);
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(await bench.describe()).toEqual(before);
    await bench.run('UPDATE `the user`; UPDATE group; UPDATE log');
  });
});

@Table({ name: 'member' })
class Member {
  @Id('int') id!: RecordId<'member', number>;
  @Relation(() => Group, { optional: true, onDelete: 'reject' }) home?: Link<Group>;
  @Relation(() => Member, { optional: true }) boss?: Link<Member>;
  @Relation(() => Member, { many: true }) pals!: Links<Member>;
}

@Table({ name: 'fellow', renamedFrom: 'member' })
class Fellow {
  @Id('int') id!: RecordId<'fellow', number>;
  @Relation(() => Group, { optional: true, onDelete: 'reject', renamedFrom: 'home' }) base?: Link<Group>;
  @Relation(() => Fellow, { optional: true, renamedFrom: 'boss' }) chief?: Link<Fellow>;
  @Relation(() => Fellow, { many: true, renamedFrom: 'pals' }) mates!: Links<Fellow>;
}

describe('links that are renamed with their table', () => {
  it.each([false, true])('are copied before what they are copied from goes, contract: %s', async (contract) => {
    const bench = await SchemaBench.open();
    await bench.sync('safe', User, Group, Member);
    await bench.run(`CREATE group:1; CREATE member:1 SET pals = [];
      CREATE member:2 SET home = group:1, boss = member:1, pals = [member:1, member:2]`);
    await bench.manager(User, Group, Fellow).sync({ contract });
    const fellow = (key: number) => new RecordId('fellow', key);
    expect(await bench.run('SELECT * FROM fellow')).toEqual([
      { id: fellow(1), mates: [] },
      { id: fellow(2), base: new RecordId('group', 1), chief: fellow(1), mates: [fellow(1), fellow(2)] },
    ]);
    await expect(bench.run('DELETE group:1')).rejects.toMatchObject({ code: 'QUERY' });
    await bench.close();
  });
});

@Table({ name: 'club', sync: false })
class Club {
  @Id('int') id!: RecordId<'club', number>;
}

@Table({ name: 'player' })
class Player {
  @Id('int') id!: RecordId<'player', number>;
  @Field('string', { assert: surql`$value != 'z'` }) name!: string;
  @Relation(() => Club, { onDelete: 'reject' }) club!: Link<Club>;
  @Relation(() => Club, { many: true, onDelete: 'reject' }) former!: Links<Club>;
  @Relation(() => Player, { optional: true, onDelete: 'reject' }) rival?: Link<Player>;
}

describe('a table that goes', () => {
  it('leaves nothing behind that would hold the records it has referred to', async () => {
    const bench = await SchemaBench.open();
    await bench.run('DEFINE TABLE club; CREATE club:1; CREATE club:2');
    const schema = bench.manager(Club, Player);
    const { parts } = await schema.script();
    const players = `CREATE player:1 SET name = 'a', club = club:1, former = [club:2];
      CREATE player:2 SET name = 'b', club = club:2, former = [], rival = player:1`;
    await schema.sync();
    await bench.run(players);
    await expect(bench.run('DELETE club')).rejects.toMatchObject({ code: 'QUERY' });
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    await bench.run('DELETE club:1');
    await schema.sync();
    await bench.run(`CREATE club:1; ${players}`);
    await schema.drop({ force: true });
    await bench.run('DELETE club');
    expect(await bench.run('RETURN [(SELECT * FROM club), object::keys((INFO FOR DB).tables)]')).toEqual([
      [],
      ['club'],
    ]);
    await schema.drop({ force: true });
    await bench.close();
  });
});
