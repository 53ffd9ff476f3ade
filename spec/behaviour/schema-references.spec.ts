import { Field, Id, Relation, Table } from '../../lib/decorators/index.js';
import type { EntityClass } from '../../lib/metadata/index.js';
import type { Link, Links } from '../../lib/types/index.js';
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
