import { Field, Id, Index, Relation, Table } from '../../lib/decorators/index.js';
import { MetadataError } from '../../lib/errors/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { backends } from '../support/backends.js';
import { harmful, kinds, SchemaBench } from '../support/schema-bench.js';

@Table({ name: 'team' })
class Team {
  @Id() id!: RecordId<'team'>;
  @Field('string') name!: string;
}

class Home {
  @Field('string') city!: string;
}

@Table({ name: 'person' })
@Index({ name: 'one_mail', fields: ['mail'], unique: true })
class Person {
  @Id('int') id!: RecordId<'person', number>;
  @Field('string', { assert: surql`$value != ''`, comment: 'as signed' }) nick!: string;
  @Field('string') mail!: string;
  @Field('option<int>') points?: number;
  @Field(() => Home) home!: Home;
  @Relation(() => Team, { onDelete: 'reject' }) team!: Link<Team>;
}

class Place {
  @Field('string', { renamedFrom: 'city' }) town!: string;
}

@Table({ name: 'person' })
@Index({ name: 'one_mail', fields: ['email'], unique: true })
class Renamed {
  @Id('int') id!: RecordId<'person', number>;
  @Field('string', { renamedFrom: 'nick' }) name!: string;
  @Field('string', { renamedFrom: 'mail' }) email!: string;
  @Field('int', { renamedFrom: 'points', default: 7 }) score!: number;
  @Field(() => Place) home!: Place;
  @Relation(() => Team, { onDelete: 'cascade', renamedFrom: 'team' }) club!: Link<Team>;
}

const ROWS = `CREATE team:a SET name = 'A';
  CREATE person:1 SET nick = 'ann', mail = 'a@x', points = 3, home = { city: 'Rome' }, team = team:a;
  CREATE person:2 SET nick = 'bob', mail = 'b@x', home = { city: 'Oslo' }, team = team:a`;

const OLD = `nick = 'cyd', mail = 'c@x', team = team:a`;
const NEW = `name = 'dan', email = 'd@x', club = team:a`;

describe.each(backends)('columns that are renamed, on $name', (backend) => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.on(backend);
    await bench.sync('safe', Team, Person);
    await bench.run(ROWS);
  });
  afterEach(() => bench.close());

  it('are copied with what they hold, and the old ones stay', async () => {
    const plan = await bench.sync('safe', Team, Renamed);
    expect(harmful(plan)).toEqual([]);
    expect(
      await bench.run('SELECT id, name, email, score, home, club, nick, points FROM person ORDER BY id'),
    ).toMatchObject([
      { name: 'ann', email: 'a@x', score: 3, home: { city: 'Rome', town: 'Rome' }, nick: 'ann', points: 3 },
      { name: 'bob', email: 'b@x', score: 7, home: { city: 'Oslo', town: 'Oslo' }, nick: 'bob' },
    ]);
    // The new release writes no old name.
    await bench.run(`CREATE person:4 SET ${NEW}, score = 1, home = { town: 'Bern' }`);
    await bench.run('UPDATE person');
    await expect(bench.run(`CREATE person:5 SET ${NEW}, score = 1, home = { town: 'Bern' }`)).rejects.toMatchObject({
      code: 'UNIQUE_CONSTRAINT',
    });
    // References are those of the new link.
    await bench.run('DELETE team:a');
    expect(await bench.run('SELECT VALUE id FROM person')).toEqual([]);
  });

  it('are taken away by a contract, which loses nothing', async () => {
    await bench.sync('safe', Team, Renamed);
    const schema = bench.manager(Team, Renamed);
    const plan = await schema.plan({ contract: true });
    expect(kinds(plan).every((kind) => kind === 'removeField')).toBe(true);
    expect(harmful(plan)).toEqual([]);
    await schema.sync({ contract: true });
    expect((await schema.plan({ contract: true })).steps).toEqual([]);
    expect((await schema.plan()).steps).toEqual([]);
    expect(await bench.run('SELECT * OMIT club FROM person ORDER BY id')).toMatchObject([
      { name: 'ann', email: 'a@x', score: 3, home: { town: 'Rome' } },
      { name: 'bob', email: 'b@x', score: 7, home: { town: 'Oslo' } },
    ]);
    expect(await bench.run('SELECT VALUE object::keys($this) FROM ONLY person:1')).toEqual(
      expect.not.arrayContaining(['nick', 'mail', 'points', 'team']),
    );
    await expect(bench.run(`CREATE person:3 SET ${OLD}`)).rejects.toMatchObject({ code: 'QUERY' });
    await bench.run('UPDATE person');
  });

  it('go back by the way back', async () => {
    const before = await bench.describe();
    const { parts } = await bench.manager(Team, Renamed).script();
    await bench.sync('safe', Team, Renamed);
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(await bench.describe()).toEqual(before);
    await bench.run('UPDATE person');
  });

  it.each([
    ['while the old ones are there', false],
    ['contracted at once', true],
  ])('go back with what was written meanwhile, %s', async (_, contract) => {
    const { parts } = await bench.manager(Team, Renamed).script({ contract });
    await bench.manager(Team, Renamed).sync({ contract });
    await bench.run(`CREATE team:b SET name = 'B';
      CREATE person:4 SET name = 'dan', email = 'd@x', score = 9, home = { town: 'Bern' }, club = team:b;
      UPDATE person:1 SET name = 'anna', home.town = 'Roma', club = team:b`);
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(await bench.run('SELECT * FROM person ORDER BY id')).toMatchObject([
      { nick: 'anna', mail: 'a@x', points: 3, home: { city: 'Roma' } },
      { nick: 'bob', mail: 'b@x', home: { city: 'Oslo' } },
      { nick: 'dan', mail: 'd@x', points: 9, home: { city: 'Bern' } },
    ]);
    expect(await bench.run('SELECT VALUE object::keys($this) FROM ONLY person:4')).toEqual(
      ['home', 'id', 'mail', 'nick', 'points', 'team'].sort(),
    );
    await bench.run('UPDATE person');
    // References are those of the old link.
    await expect(bench.run('DELETE team:b')).rejects.toThrow();
    await bench.run('DELETE person WHERE id != person:2; DELETE team:b');
  });

  it('come back by the way back of a contract', async () => {
    await bench.sync('safe', Team, Renamed);
    const { parts } = await bench.manager(Team, Renamed).script({ contract: true });
    await bench.manager(Team, Renamed).sync({ contract: true });
    await bench.run(`UPDATE person:1 SET name = 'anna'`);
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(
      await bench.run(
        'RETURN (SELECT nick, name, mail, home, id FROM person ORDER BY id).map(|$p| [$p.nick, $p.name, $p.mail, $p.home])',
      ),
    ).toEqual([
      ['anna', 'anna', 'a@x', { city: 'Rome', town: 'Rome' }],
      ['bob', 'bob', 'b@x', { city: 'Oslo', town: 'Oslo' }],
    ]);
    await bench.run('UPDATE person');
  });

  it('rename and contract at once', async () => {
    const schema = bench.manager(Team, Renamed);
    const plan = await schema.sync({ contract: true });
    expect(harmful(plan)).toEqual([]);
    expect(await bench.run('SELECT id, name, email, score, home FROM person ORDER BY id')).toMatchObject([
      { name: 'ann', email: 'a@x', score: 3, home: { town: 'Rome' } },
      { name: 'bob', email: 'b@x', score: 7, home: { town: 'Oslo' } },
    ]);
    expect(await bench.run('SELECT VALUE <string>club FROM person')).toEqual(['team:a', 'team:a']);
    expect((await schema.plan()).steps).toEqual([]);
    await bench.run('UPDATE person; DELETE team:a');
    expect(await bench.run('SELECT VALUE id FROM person')).toEqual([]);
  });
});

describe('a column that is renamed', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
    await bench.sync('safe', Team, Person);
    await bench.run(ROWS);
  });
  afterEach(() => bench.close());

  it('is refused where its values do not fit, with their number', async () => {
    @Table({ name: 'person' })
    class Narrow extends Person {
      @Field('string', { renamedFrom: 'gone', assert: surql`string::len($value) > 5` }) extra!: string;
    }
    await bench.run(
      'DEFINE FIELD gone ON person TYPE option<string>; UPDATE person:1 SET gone = "short"; UPDATE person:2 SET gone = "long enough"',
    );
    const error = await bench.refused(Team, Narrow);
    expect(harmful(error)).toEqual(['createField narrowing 1']);
  });

  it('was there before, and is no other column', () => {
    @Table({ name: 'person' })
    class Same {
      @Id() id!: RecordId;
      @Field('string', { renamedFrom: 'a' }) a!: string;
      @Field('string', { renamedFrom: 'a' }) b!: string;
      @Field('string', { renamedFrom: 'x' }) c!: string;
      @Field('string', { renamedFrom: 'x' }) d!: string;
    }
    expect(() => bench.manager(Same)).toThrow(MetadataError);
    expect(() => bench.manager(Same)).toThrow(
      /the column of the property itself[^]*the column of a[^]*c is renamed from "x" too/,
    );
  });
});

class OldMark {
  @Field('string') label!: string;
}

class OldLine {
  @Field('int') amount!: number;
  @Field('string', { assert: surql`$value != ''` }) text!: string;
  @Field(() => [OldMark]) marks!: OldMark[];
}

@Table({ name: 'bill' })
class Bill {
  @Id('int') id!: RecordId<'bill', number>;
  @Field(() => [OldLine]) lines!: OldLine[];
}

class NewMark {
  @Field('string', { renamedFrom: 'label' }) name!: string;
}

class NewLine {
  @Field('number', { renamedFrom: 'amount' }) count!: number;
  @Field('string', { renamedFrom: 'text', assert: surql`$value != ''` }) title!: string;
  @Field(() => [NewMark]) marks!: NewMark[];
}

@Table({ name: 'bill' })
class NewBill {
  @Id('int') id!: RecordId<'bill', number>;
  @Field(() => [NewLine]) lines!: NewLine[];
  @Field('bool', { default: false }) paid!: boolean;
}

describe.each(backends)('members of objects in lists that are renamed, on $name', (backend) => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.on(backend);
    await bench.sync('safe', Bill);
    await bench.run(`CREATE bill:1 SET lines = [
        { amount: 1, text: 'a', marks: [{ label: 'x' }, { label: 'y' }] }, { amount: 2, text: 'b', marks: [] }];
      CREATE bill:2 SET lines = []`);
  });
  afterEach(() => bench.close());

  const NEW = [
    { count: 1, title: 'a', marks: [{ name: 'x' }, { name: 'y' }] },
    { count: 2, title: 'b', marks: [] },
  ];

  it('are copied in each object, and the old ones stay until a contract takes them away', async () => {
    const plan = await bench.sync('safe', NewBill);
    expect(harmful(plan)).toEqual([]);
    expect(await bench.run('SELECT VALUE lines FROM bill')).toEqual([
      [
        {
          amount: 1,
          count: 1,
          text: 'a',
          title: 'a',
          marks: [
            { label: 'x', name: 'x' },
            { label: 'y', name: 'y' },
          ],
        },
        { amount: 2, count: 2, text: 'b', title: 'b', marks: [] },
      ],
      [],
    ]);
    // The new release writes no old name.
    await bench.run(`CREATE bill:3 SET lines = [{ count: 3, title: 'c', marks: [{ name: 'z' }] }]; UPDATE bill`);
    const schema = bench.manager(NewBill);
    expect(harmful(await schema.sync({ contract: true }))).toEqual([]);
    expect((await schema.plan({ contract: true })).steps).toEqual([]);
    expect((await schema.plan()).steps).toEqual([]);
    expect(await bench.run('SELECT VALUE lines FROM ONLY bill:1')).toEqual(NEW);
    await bench.run('UPDATE bill');
  });

  it('are renamed and contracted at once', async () => {
    expect(harmful(await bench.manager(NewBill).sync({ contract: true }))).toEqual([]);
    expect(await bench.run('SELECT VALUE lines FROM ONLY bill:1')).toEqual(NEW);
    await bench.run('UPDATE bill');
  });

  it.each([false, true])('go back with what was written meanwhile (contracted: %s)', async (contract) => {
    const { parts } = await bench.manager(NewBill).script({ contract });
    await bench.manager(NewBill).sync({ contract });
    await bench.run(`CREATE bill:3 SET lines = [{ count: 3, title: 'c', marks: [{ name: 'z' }] }];
      UPDATE bill:1 SET lines[0].title = 'changed'`);
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(await bench.run('SELECT VALUE lines FROM bill')).toEqual([
      [
        { amount: 1, text: 'changed', marks: [{ label: 'x' }, { label: 'y' }] },
        { amount: 2, text: 'b', marks: [] },
      ],
      [],
      [{ amount: 3, text: 'c', marks: [{ label: 'z' }] }],
    ]);
    await bench.run('UPDATE bill');
  });

  it('go back by the way back', async () => {
    const before = await bench.describe();
    const { parts } = await bench.manager(NewBill).script();
    await bench.sync('safe', NewBill);
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(await bench.describe()).toEqual(before);
    await bench.run('UPDATE bill');
  });
});
