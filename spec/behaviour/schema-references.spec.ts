import { Computed, Event, Field, Id, Relation, Table } from '../../lib/decorators/index.js';
import type { EntityClass } from '../../lib/metadata/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link, Links, Opt } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { backends } from '../support/backends.js';
import { SchemaBench } from '../support/schema-bench.js';

@Table({ name: 'team' })
class Team {
  @Id() id!: RecordId<'team'>;
  @Field('string') name!: string;
}

@Table({ name: 'person' })
class Linked {
  @Id() id!: RecordId<'person'>;
  @Field('string') name!: string;
  @Relation(() => Team, { onDelete: 'reject' }) team!: Link<Team>;
  @Relation(() => Team, { many: true, onDelete: 'reject' }) teams!: Links<Team>;
}

@Table({ name: 'person' })
class Alone {
  @Id() id!: RecordId<'person'>;
  @Field('string') name!: string;
}

@Table({ name: 'person' })
class Moved {
  @Id() id!: RecordId<'person'>;
  @Field('string') name!: string;
  @Relation(() => Team, { onDelete: 'reject', renamedFrom: 'team' }) club!: Link<Team>;
  @Relation(() => Team, { many: true, onDelete: 'reject', renamedFrom: 'teams' }) clubs!: Links<Team>;
}

class Line {
  @Field('int') n!: number;
}

@Table({ name: 'note' })
@Event({ name: 'never', then: surql`THROW 'an event'`, when: surql`$event = 'UPDATE'` })
class Noted {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
  @Field(() => [Line]) lines!: Line[];
  @Field('datetime', { value: surql`time::now()`, readonly: true }) at!: Opt<Date>;
  @Computed(surql`text`, { type: 'string' }) readonly shown!: string;
  @Relation(() => Team, { onDelete: 'reject' }) team!: Link<Team>;
  @Relation(() => Team, { many: true, onDelete: 'reject' }) teams!: Links<Team>;
}

const ROWS = `CREATE team:a SET name = 'A'; CREATE team:b SET name = 'B'; CREATE team:c SET name = 'C';
  CREATE person:1 SET name = 'ann', team = team:a, teams = [team:b, team:c]`;

describe.each(backends)('records that links refer to, on $name', (backend) => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.on(backend);
  });
  afterEach(() => bench.close());
  const wayBack = async (...classes: readonly EntityClass[]) => {
    const { parts } = await bench.manager(...classes).script();
    return async () => {
      for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    };
  };

  it('can be deleted when the link has gone', async () => {
    await bench.sync('safe', Team, Linked);
    await bench.run(ROWS);
    await bench.sync('force', Team, Alone);
    await bench.run('DELETE team');
    expect(await bench.run('SELECT * FROM person')).toMatchObject([{ name: 'ann' }]);
  });

  it('can be deleted when a migration that made the link was taken back', async () => {
    await bench.sync('safe', Team, Alone);
    const back = await wayBack(Team, Linked);
    await bench.sync('safe', Team, Linked);
    await bench.run(ROWS);
    await back();
    await bench.run('DELETE team');
    expect(await bench.run('SELECT VALUE name FROM person')).toEqual(['ann']);
  });

  it('can be deleted when a migration that made the table of the links was taken back', async () => {
    await bench.sync('safe', Team);
    const back = await wayBack(Team, Noted);
    await bench.sync('safe', Team, Noted);
    await bench.run(`CREATE team:a SET name = 'A'; CREATE team:b SET name = 'B';
      CREATE note:1 SET text = 'x', lines = [{ n: 1 }], team = team:a, teams = [team:b];
      DEFINE FIELD OVERWRITE text ON note TYPE string ASSERT $value = 'y'`);
    await back();
    await bench.run('DELETE team:a; DELETE team:b');
    expect(await bench.run('SELECT * FROM team')).toEqual([]);
  });

  it('are held by the new name alone when a link is renamed and its old column goes at once', async () => {
    await bench.sync('safe', Team, Linked);
    await bench.run(ROWS);
    await bench.manager(Team, Moved).sync({ contract: true });
    expect(await bench.run('SELECT VALUE <string>club FROM person')).toEqual(['team:a']);
    for (const id of ['a', 'b', 'c'])
      await expect(bench.run(`DELETE team:${id}`)).rejects.toMatchObject({
        message: expect.stringContaining('ON DELETE REJECT') as unknown,
      });
    await bench.run('UPDATE person; DELETE person; DELETE team');
    expect(await bench.run('SELECT * FROM team')).toEqual([]);
  });
});
