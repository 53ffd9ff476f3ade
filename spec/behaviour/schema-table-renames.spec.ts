import { Field, Id, Index, Relation, Table } from '../../lib/decorators/index.js';
import type { Link, Links } from '../../lib/types/index.js';
import { RecordId, Uuid } from '../../lib/values/index.js';
import { backends } from '../support/backends.js';
import { harmful, SchemaBench } from '../support/schema-bench.js';

@Table({ name: 'team' })
class Team {
  @Id() id!: RecordId<'team'>;
}

@Table({ name: 'user' })
class User {
  @Id('any') id!: RecordId<'user'>;
  @Field('string') nick!: string;
  @Field('string') mail!: string;
  @Relation(() => Team, { onDelete: 'reject' }) team!: Link<Team>;
  @Relation(() => User, { optional: true }) boss?: Link<User>;
}

class Part {
  @Field('int') pages!: number;
  @Relation(() => User, { onDelete: 'ignore' }) by!: Link<User>;
}

@Table({ name: 'post' })
class Post {
  @Id('int') id!: RecordId<'post', number>;
  @Relation(() => User, { onDelete: 'cascade' }) author!: Link<User>;
  @Relation(() => User, { optional: true }) editor?: Link<User>;
  @Relation(() => User, { many: true }) readers!: Links<User>;
  @Field('record<user> | record<team>') from!: RecordId;
  @Field(() => [Part]) parts!: Part[];
}

@Table({ name: 'person', renamedFrom: 'user' })
@Index({ name: 'one_mail', fields: ['mail'], unique: true })
class Person {
  @Id('any') id!: RecordId<'person'>;
  @Field('string', { renamedFrom: 'nick' }) name!: string;
  @Field('string') mail!: string;
  @Field('int', { default: 7 }) score!: number;
  @Relation(() => Team, { onDelete: 'reject' }) team!: Link<Team>;
  @Relation(() => Person, { optional: true }) boss?: Link<Person>;
}

class NewPart {
  @Field('int') pages!: number;
  @Relation(() => Person, { onDelete: 'ignore' }) by!: Link<Person>;
}

@Table({ name: 'post' })
class NewPost {
  @Id('int') id!: RecordId<'post', number>;
  @Relation(() => Person, { onDelete: 'cascade' }) author!: Link<Person>;
  @Relation(() => Person, { optional: true }) editor?: Link<Person>;
  @Relation(() => Person, { many: true }) readers!: Links<Person>;
  @Field('record<person> | record<team>') from!: RecordId;
  @Field(() => [NewPart]) parts!: NewPart[];
}

const UUID = '018f3b6c-5a77-7c10-9d3a-0a1b2c3d4e5f';
const KEYS = ['ann', 2, Uuid.parse(UUID), ['x', 3]] as const;
const ROWS = `CREATE team:a;
  CREATE user:ann SET nick = 'ann', mail = 'a@x', team = team:a;
  CREATE user:2 SET nick = 'bob', mail = 'b@x', team = team:a, boss = user:ann;
  CREATE user:['x', 3] SET nick = 'cyd', mail = 'c@x', team = team:a, boss = user:2;
  CREATE user:u'${UUID}' SET nick = 'dan', mail = 'd@x', team = team:a;
  CREATE post:1 SET author = user:2, editor = user:['x', 3], readers = [user:ann, user:2], from = user:2,
    parts = [{ pages: 1, by: user:ann }, { pages: 2, by: user:2 }];
  CREATE post:2 SET author = user:ann, readers = [], from = team:a, parts = []`;

const OLD = [Team, User, Post] as const;
const NEW = [Team, Person, NewPost] as const;

const person = (key: unknown): RecordId => new RecordId('person', key as string);

describe.each(backends)('a table that is renamed, on $name', (backend) => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.on(backend);
    await bench.sync('safe', ...OLD);
    await bench.run(ROWS);
  });
  afterEach(() => bench.close());

  const old = () => bench.run('RETURN [(SELECT * FROM user), (INFO FOR TABLE user)]');

  it('is copied under the same keys, and the old one stays as it is', async () => {
    const before = await old();
    const plan = await bench.sync('safe', ...NEW);
    expect(harmful(plan)).toEqual([]);
    expect(plan.steps.filter(({ kind }) => kind === 'copyTable')).toEqual([
      expect.objectContaining({ table: 'person', risk: 'rewrite', affected: 4 }),
    ]);
    expect(await old()).toEqual(before);
    const [ann, bob, uuid, list] = KEYS.map(person);
    expect(await bench.run('SELECT * FROM person ORDER BY name')).toEqual([
      { id: ann, name: 'ann', mail: 'a@x', score: 7, team: new RecordId('team', 'a') },
      { id: bob, name: 'bob', mail: 'b@x', score: 7, team: new RecordId('team', 'a'), boss: ann },
      { id: list, name: 'cyd', mail: 'c@x', score: 7, team: new RecordId('team', 'a'), boss: bob },
      { id: uuid, name: 'dan', mail: 'd@x', score: 7, team: new RecordId('team', 'a') },
    ]);
    expect(Object.keys((await bench.run<{ fields: object }>('INFO FOR TABLE person')).fields)).not.toContain('nick');
    // The index knows the copies.
    expect(await bench.run(`SELECT VALUE id FROM person WHERE mail = 'c@x'`)).toEqual([list]);
    await expect(
      bench.run(`CREATE person:9 SET name = 'x', mail = 'a@x', score = 1, team = team:a`),
    ).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
    await bench.manager(...NEW).verify();
    await bench.run('UPDATE person; UPDATE user; UPDATE post');
  });

  it('is linked to under its new name, while an older release links to the old one', async () => {
    await bench.sync('safe', ...NEW);
    const [ann, bob, , list] = KEYS.map(person);
    const post1 = new RecordId('post', 1);
    expect(await bench.run('SELECT * FROM post ORDER BY id')).toEqual([
      {
        id: post1,
        author: bob,
        editor: list,
        readers: [ann, bob],
        from: bob,
        parts: [
          { pages: 1, by: ann },
          { pages: 2, by: bob },
        ],
      },
      { id: new RecordId('post', 2), author: ann, readers: [], from: new RecordId('team', 'a'), parts: [] },
    ]);
    expect(await bench.run('RETURN person:2<~(post FIELD author)')).toEqual([post1]);
    expect(await bench.run('RETURN person:ann<~(person FIELD boss)')).toEqual([bob]);
    expect(await bench.run('RETURN user:2<~(post FIELD author)')).toEqual([]);
    await bench.run(`CREATE post:3 SET author = user:2, readers = [user:2, person:ann], from = user:ann, parts = [];
      DELETE person:2`);
    expect(await bench.run('SELECT VALUE id FROM post ORDER BY id')).toEqual([
      new RecordId('post', 2),
      new RecordId('post', 3),
    ]);
    // Those of the copies too.
    await expect(bench.run('DELETE user; DELETE team:a')).rejects.toMatchObject({ code: 'QUERY' });
  });

  it('goes with a contract when each record has a counterpart', async () => {
    await bench.sync('safe', ...NEW);
    await bench.run(`CREATE post:3 SET author = user:2, readers = [user:2, person:ann], from = user:ann,
      parts = [{ pages: 1, by: user:2 }]`);
    const schema = bench.manager(...NEW);
    const plan = await schema.plan({ contract: true });
    expect(harmful(plan)).toEqual([]);
    expect(plan.steps.filter(({ kind }) => kind === 'removeTable')).toEqual([
      expect.objectContaining({ table: 'user', risk: 'destructive', affected: 0 }),
    ]);
    await schema.sync({ contract: true });
    expect((await schema.plan({ contract: true })).steps).toEqual([]);
    expect((await schema.plan()).steps).toEqual([]);
    // What an older release has linked to meanwhile.
    expect(await bench.run('SELECT author, readers, from, parts FROM ONLY post:3')).toMatchObject({
      author: person(2),
      readers: [person(2), person('ann')],
      from: person('ann'),
      parts: [{ by: person(2) }],
    });
    await expect(bench.run('UPDATE post:1 SET author = user:2')).rejects.toMatchObject({ code: 'QUERY' });
    expect(await bench.run('RETURN object::keys((INFO FOR DB).tables)')).toEqual(['person', 'post', 'team']);
    // The old records refer to nothing any more.
    await bench.run('DELETE person; DELETE team:a');
    expect(await bench.run('SELECT * FROM team')).toEqual([]);
  });

  it('counts what was written to the old table meanwhile, before it goes', async () => {
    await bench.sync('safe', ...NEW);
    await bench.run(`CREATE user:9 SET nick = 'eve', mail = 'e@x', team = team:a; UPDATE user:2 SET mail = 'late'`);
    const schema = bench.manager(...NEW);
    expect((await schema.plan()).steps).toEqual([]);
    const before = await bench.describe();
    await expect(schema.sync({ contract: true })).rejects.toMatchObject({
      code: 'SCHEMA_DRIFT',
      why: expect.stringContaining('1 record of user would be lost'),
    });
    expect(await bench.describe()).toEqual(before);
    const plan = await schema.sync({ contract: true, mode: 'force' });
    expect(harmful(plan)).toEqual(['removeTable destructive 1']);
    expect((await schema.plan()).steps).toEqual([]);
  });

  it('is copied and goes at once', async () => {
    const schema = bench.manager(...NEW);
    const plan = await schema.sync({ contract: true });
    expect(harmful(plan)).toEqual([]);
    expect(await bench.run('SELECT VALUE name FROM person ORDER BY name')).toEqual(['ann', 'bob', 'cyd', 'dan']);
    expect(await bench.run('RETURN object::keys((INFO FOR DB).tables)')).toEqual(['person', 'post', 'team']);
    expect((await schema.plan()).steps).toEqual([]);
    await bench.run('UPDATE person; UPDATE post');
  });

  it('goes back by the way back', async () => {
    const before = await bench.describe();
    const { parts } = await bench.manager(...NEW).script();
    await bench.sync('safe', ...NEW);
    await bench.run(`UPDATE post:2 SET readers = [person:2], from = person:2`);
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    await bench.run(`UPDATE post:2 SET readers -= user:2, from = team:a`);
    expect(await bench.describe()).toEqual(before);
    await bench.run('UPDATE user; UPDATE post');
    // Neither do the records that have gone refer to anything.
    await bench.run('DELETE user; DELETE team:a');
    expect(await bench.run('SELECT * FROM team')).toEqual([]);
  });

  it('comes back, without records, by the way back of a contract', async () => {
    await bench.sync('safe', ...NEW);
    const definitions = await bench.run('RETURN [(INFO FOR TABLE user), (INFO FOR TABLE post)]');
    const { parts } = await bench.manager(...NEW).script({ contract: true });
    await bench.manager(...NEW).sync({ contract: true });
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(await bench.run('RETURN [(INFO FOR TABLE user), (INFO FOR TABLE post)]')).toEqual(definitions);
    expect(await bench.run('SELECT * FROM user')).toEqual([]);
    expect((await bench.manager(...NEW).plan()).steps).toEqual([]);
  });
});
