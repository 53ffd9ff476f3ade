import {
  Computed,
  CreatedAt,
  Event,
  Field,
  Id,
  Index,
  Relation,
  Table,
  UpdatedAt,
} from '../../lib/decorators/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link, Links } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { harmful, kinds, SchemaBench } from '../support/schema-bench.js';

/** Steps that write records: nothing but what they are for may happen to a record, and it stays writable. */
describe('schema steps that write records', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  @Table({ name: 'log', schema: 'less' })
  class Log {
    @Id() id!: RecordId;
  }

  @Table({ name: 'item' })
  @Event({ name: 'audit', then: surql`CREATE log SET event = $event` })
  class Item {
    @Id() id!: RecordId;
    @Field('string') name!: string;
    @UpdatedAt() readonly updatedAt!: Date;
    @CreatedAt() readonly createdAt!: Date;
  }

  const items = async (): Promise<void> => {
    await bench.sync('safe', Item, Log);
    await bench.run(`CREATE item:1 SET name = 'a'; CREATE item:2 SET name = 'b'; DELETE log`);
  };
  const stamps = (): Promise<unknown> => bench.run('SELECT id, updatedAt, createdAt FROM item ORDER BY id');

  it('gives records the default of a new required field, without events and without touching updatedAt', async () => {
    await items();
    const before = await stamps();
    @Table({ name: 'item' })
    class Next extends Item {
      @Field('bool', { default: true }) active!: boolean;
      @Field('datetime', { default: surql`time::floor(time::now(), 1ms)`, readonly: true }) since!: Date;
    }
    const applied = await bench.sync('safe', Next, Log);
    expect(applied.steps.map((step) => [step.kind, step.risk, step.affected])).toEqual([
      ['backfill', 'rewrite', 2],
      ['backfill', 'rewrite', 2],
      ['createField', 'additive', 0],
      ['createField', 'additive', 0],
    ]);
    expect(await stamps()).toEqual(before);
    expect(await bench.run('SELECT * FROM log')).toEqual([]);
    expect(await bench.run('SELECT VALUE active FROM item')).toEqual([true, true]);
    await bench.run(`UPDATE item SET name = 'c'`);
    expect(await bench.run('SELECT VALUE event FROM log')).toEqual(['UPDATE', 'UPDATE']);
    expect(await stamps()).not.toEqual(before);
    await expect(bench.run('UPDATE item SET since = time::now()')).rejects.toThrow(/readonly/);
  });

  it('gives a default that takes any key, while the table becomes SCHEMAFULL', async () => {
    @Table({ name: 'thing', schema: 'less' })
    class Thing {
      @Id() id!: RecordId;
    }
    @Table({ name: 'thing' })
    class Next {
      @Id() id!: RecordId;
      @Field('array<object>', { flexible: true, default: surql`[{ a: 1 }]` }) more!: object[];
    }
    await bench.sync('safe', Thing);
    await bench.run('CREATE thing:1');
    await bench.sync('safe', Next);
    expect(await bench.run('SELECT VALUE more FROM thing')).toEqual([[{ a: 1 }]]);
    await bench.run('UPDATE thing SET more += { b: 2 }');
  });

  it('gives the default where an option is taken away', async () => {
    @Table({ name: 'thing' })
    class Thing {
      @Id() id!: RecordId;
      @Field('option<int>') n?: number;
    }
    @Table({ name: 'thing' })
    class Next {
      @Id() id!: RecordId;
      @Field('int', { default: 5 }) n!: number;
    }
    await bench.sync('safe', Thing);
    await bench.run('CREATE thing:1; CREATE thing:2 SET n = 3');
    await bench.sync('safe', Next);
    expect(await bench.run('RETURN (SELECT * FROM thing ORDER BY id).n')).toEqual([5, 3]);
    await bench.run('UPDATE thing');
  });

  it('gives a nested default to records whose object is there', async () => {
    class Before {
      @Field('string') city!: string;
    }
    class After {
      @Field('string') city!: string;
      @Field('string', { default: 'FR' }) country!: string;
    }
    @Table({ name: 'house' })
    class House {
      @Id() id!: RecordId;
      @Field(() => Before, { optional: true }) at?: Before;
    }
    @Table({ name: 'house' })
    class Next {
      @Id() id!: RecordId;
      @Field(() => After, { optional: true }) at?: After;
    }
    await bench.sync('safe', House);
    await bench.run(`CREATE house:1; CREATE house:2 SET at = { city: 'x' }`);
    await bench.sync('safe', Next);
    expect(await bench.run('SELECT * FROM house ORDER BY id')).toMatchObject([
      {},
      { at: { city: 'x', country: 'FR' } },
    ]);
    await bench.run('UPDATE house');
  });

  it('fills timestamps in, and computes stored fields for records that are there, anew when their expression changes', async () => {
    @Table({ name: 'thing' })
    class Thing {
      @Id() id!: RecordId;
      @Field('int') n!: number;
    }
    @Table({ name: 'thing' })
    class Timed extends Thing {
      @CreatedAt() readonly createdAt!: Date;
      @UpdatedAt() readonly updatedAt!: Date;
      @Computed(surql`n * 2`, { type: 'int', stored: true }) readonly much!: number;
    }
    @Table({ name: 'thing' })
    class More extends Thing {
      @CreatedAt() readonly createdAt!: Date;
      @UpdatedAt() readonly updatedAt!: Date;
      @Computed(surql`n * 3`, { type: 'int', stored: true }) readonly much!: number;
    }
    await bench.sync('safe', Thing);
    await bench.run('CREATE thing:1 SET n = 1; CREATE thing:2 SET n = 2');
    await bench.sync('safe', Timed);
    const rows = await bench.run<{ much: number; createdAt: Date; updatedAt: Date }[]>(
      'SELECT * FROM thing ORDER BY id',
    );
    expect(rows.map((row) => row.much)).toEqual([2, 4]);
    expect(rows.every((row) => row.createdAt instanceof Date && row.updatedAt instanceof Date)).toBe(true);
    const applied = await bench.sync('safe', More);
    expect(kinds(applied)).toEqual(['backfill', 'alterField']);
    expect(await bench.run('SELECT * FROM thing ORDER BY id')).toEqual(
      rows.map((row) => ({ ...row, much: (row.much * 3) / 2 })),
    );
  });

  it('notes the references of links that are there already', async () => {
    @Table({ name: 'team' })
    class Team {
      @Id() id!: RecordId;
    }
    @Table({ name: 'member' })
    @Index({ fields: ['team'] })
    class Before {
      @Id() id!: RecordId;
      @Field('record<team>', { readonly: true }) team!: RecordId<'team'>;
      @Field('array<record<team>>') teams!: RecordId<'team'>[];
    }
    @Table({ name: 'member' })
    @Index({ fields: ['team'] })
    class After {
      @Id() id!: RecordId;
      @Relation(() => Team, { onDelete: 'cascade' }) team!: Link<Team>;
      @Relation(() => Team, { many: true, onDelete: 'unset' }) teams!: Links<Team>;
    }
    await bench.sync('safe', Team, Before);
    await bench.run(
      `CREATE team:1; CREATE team:2; CREATE member:1 SET team = team:1, teams = [team:2]; CREATE member:2 SET team = team:2, teams = [team:1, team:2]`,
    );
    const applied = await bench.sync('safe', Team, After);
    expect(applied.steps.filter((step) => step.kind === 'relink').map((step) => step.affected)).toEqual([2, 2]);
    expect(await bench.run('RETURN array::sort(team:1<~(member FIELD team)).map(|$r: any| <string> $r)')).toEqual([
      'member:1',
    ]);
    await bench.run('DELETE team:2');
    expect(String(JSON.stringify(await bench.run('SELECT * FROM member')))).toBe(
      '[{"id":"member:1","team":"team:1","teams":[]}]',
    );
  });

  it('refuses a unique index over a default that several records would get', async () => {
    await items();
    @Table({ name: 'item' })
    @Index({ fields: ['code'], unique: true })
    class Next extends Item {
      @Field('string', { default: 'same' }) code!: string;
    }
    expect(harmful(await bench.refused(Next, Log))).toEqual(['createIndex narrowing 2']);
    await expect(bench.manager(Next, Log).sync({ mode: 'force' })).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  });

  it('builds an index over values that the same plan writes', async () => {
    await items();
    @Table({ name: 'item' })
    @Index({ fields: ['code'], unique: true })
    @Index({ fields: ['kind'] })
    class Next extends Item {
      @Field('string', { default: surql`<string> id` }) code!: string;
      @Field('string', { default: 'plain' }) kind!: string;
    }
    const applied = await bench.sync('safe', Next, Log);
    expect(kinds(applied).filter((kind) => kind === 'createIndex')).toHaveLength(2);
    expect(await bench.run(`SELECT VALUE name FROM item WHERE code = 'item:2'`)).toEqual(['b']);
    expect(await bench.run(`SELECT VALUE name FROM item WHERE kind = 'plain'`)).toEqual(['a', 'b']);
    await expect(bench.run(`CREATE item:3 SET name = 'c', code = 'item:1'`)).rejects.toMatchObject({
      code: 'UNIQUE_CONSTRAINT',
    });
  });

  it('leaves everything as it was when a step fails', async () => {
    await items();
    @Table({ name: 'item' })
    @Index({ fields: ['name'] })
    class Next extends Item {
      @Field('int', { default: surql`'no number'` }) count!: number;
    }
    const before = await bench.describe();
    await expect(bench.manager(Next, Log).sync()).rejects.toThrow(/count/);
    expect(await bench.describe()).toEqual(before);
  });

  describe('force', () => {
    it('empties a field before it goes, so that records stay writable', async () => {
      await items();
      @Table({ name: 'item' })
      class Next {
        @Id() id!: RecordId;
        @UpdatedAt() readonly updatedAt!: Date;
      }
      const before = await bench.run('SELECT id, updatedAt FROM item ORDER BY id');
      const plan = await bench.manager(Next, Log).plan();
      expect(
        plan.steps.filter((step) => step.affected > 0).map((step) => [step.kind, step.risk, step.affected]),
      ).toEqual([
        ['removeField', 'destructive', 2],
        ['removeField', 'destructive', 2],
      ]);
      await bench.sync('force', Next, Log);
      expect(await bench.run('SELECT * FROM item ORDER BY id')).toEqual(before);
      expect(await bench.run('SELECT * FROM log')).toEqual([]);
      await bench.run('UPDATE item');
    });

    it('empties nested fields and those of array elements', async () => {
      class Before {
        @Field('string') city!: string;
        @Field('string') zip!: string;
      }
      class After {
        @Field('string') city!: string;
      }
      @Table({ name: 'house' })
      class House {
        @Id() id!: RecordId;
        @Field(() => Before) at!: Before;
        @Field(() => [Before]) all!: Before[];
        @Field(() => [Before]) gone!: Before[];
      }
      @Table({ name: 'house' })
      class Next {
        @Id() id!: RecordId;
        @Field(() => After) at!: After;
        @Field(() => [After]) all!: After[];
      }
      await bench.sync('safe', House);
      await bench.run(
        `CREATE house:1 SET at = { city: 'a', zip: '1' }, all = [{ city: 'b', zip: '2' }, { city: 'c', zip: '3' }], gone = [{ city: 'd', zip: '4' }]`,
      );
      await bench.sync('force', Next);
      expect(JSON.stringify(await bench.run('SELECT * FROM house'))).toBe(
        '[{"all":[{"city":"b"},{"city":"c"}],"at":{"city":"a"},"id":"house:1"}]',
      );
      await bench.run('UPDATE house');
    });

    it('narrows a type although records no longer fit', async () => {
      await items();
      @Table({ name: 'item' })
      class Next extends Item {
        @Field('string') must!: string;
      }
      await bench.sync('force', Next, Log);
      await expect(bench.run('UPDATE item')).rejects.toThrow(/must/);
    });

    it('turns a stored field into a computed one and back', async () => {
      @Table({ name: 'thing' })
      class Stored {
        @Id() id!: RecordId;
        @Field('int') n!: number;
      }
      @Table({ name: 'thing' })
      class Derived {
        @Id() id!: RecordId;
        @Computed(surql`41 + 1`, { type: 'int' }) n!: number;
      }
      @Table({ name: 'thing' })
      class Back {
        @Id() id!: RecordId;
        @Field('int', { default: 7 }) n!: number;
      }
      await bench.sync('safe', Stored);
      await bench.run('CREATE thing:1 SET n = 1');
      expect((await bench.refused(Derived)).steps).toMatchObject([
        { kind: 'alterField', risk: 'destructive', affected: 1 },
      ]);
      await bench.sync('force', Derived);
      expect(await bench.run('SELECT VALUE n FROM thing')).toEqual([42]);
      expect((await bench.refused(Stored)).steps).toMatchObject([
        { kind: 'alterField', risk: 'narrowing', affected: 1 },
      ]);
      await bench.sync('safe', Back);
      expect(await bench.run('SELECT VALUE n FROM thing')).toEqual([7]);
      await bench.run('UPDATE thing');
    });
  });
});
