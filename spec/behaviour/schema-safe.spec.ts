import { Field, Id, In, Index, Out, Relation, Table, VectorField } from '../../lib/decorators/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { harmful, kinds, SchemaBench } from '../support/schema-bench.js';

/** What safe mode does to a database that holds records: it refuses what harms one, with the count, and applies the rest. */
describe('safe sync over stored records', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  @Table({ name: 'person' })
  class Person {
    @Id() id!: RecordId;
    @Field('string') name!: string;
    @Field('option<int>') age?: number;
  }

  const people = async (): Promise<void> => {
    await bench.sync('safe', Person);
    await bench.run(
      `CREATE person:1 SET name = 'Ann', age = 30; CREATE person:2 SET name = 'Bob'; CREATE person:3 SET name = 'Cy', age = 7`,
    );
  };

  describe('refuses', () => {
    beforeEach(people);

    it('a new field that is required and has no default', async () => {
      @Table({ name: 'person' })
      class Next extends Person {
        @Field('string') email!: string;
      }
      const error = await bench.refused(Next);
      expect(harmful(error)).toEqual(['createField narrowing 3']);
      expect(error.code).toBe('SCHEMA_DRIFT');
      expect(error.message).toMatch(/3 records of person could not be written any more/);
      expect(error.message).toMatch(/make the new field of person optional, or give it a default/);
      expect(error.message).toMatch(/mode: 'force'/);
    });

    it('a field that is gone, with the number of records that hold a value', async () => {
      @Table({ name: 'person' })
      class Next {
        @Id() id!: RecordId;
        @Field('string') name!: string;
      }
      expect(harmful(await bench.refused(Next))).toEqual(['removeField destructive 2']);
    });

    it('a type that two records do not fit', async () => {
      @Table({ name: 'person' })
      class Next {
        @Id() id!: RecordId;
        @Field('string') name!: string;
        @Field('string') age!: string;
      }
      expect(harmful(await bench.refused(Next))).toEqual(['alterField narrowing 3']);
    });

    it('an option that is taken away', async () => {
      @Table({ name: 'person' })
      class Next {
        @Id() id!: RecordId;
        @Field('string') name!: string;
        @Field('int') age!: number;
      }
      expect(harmful(await bench.refused(Next))).toEqual(['alterField narrowing 1']);
    });

    it('an assertion that a record breaks', async () => {
      @Table({ name: 'person' })
      class Next {
        @Id() id!: RecordId;
        @Field('string') name!: string;
        @Field('option<int>', { assert: surql`$value >= ${18}` }) age?: number;
      }
      expect(harmful(await bench.refused(Next))).toEqual(['alterField narrowing 1']);
    });

    it('values of an enum that it does not list', async () => {
      @Table({ name: 'person' })
      class Next {
        @Id() id!: RecordId;
        @Field({ enum: ['Ann', 'Bob'] }) name!: 'Ann' | 'Bob';
        @Field('option<int>') age?: number;
      }
      expect(harmful(await bench.refused(Next))).toEqual(['alterField narrowing 1']);
    });

    it('a unique index over values that stand twice', async () => {
      await bench.run(
        `CREATE person:4 SET name = 'Ann'; CREATE person:5 SET name = 'Ann'; CREATE person:6 SET name = 'Bob'`,
      );
      @Table({ name: 'person' })
      @Index({ fields: ['name'], unique: true })
      class Next extends Person {}
      const error = await bench.refused(Next);
      expect(harmful(error)).toEqual(['createIndex narrowing 5']);
      expect(error.message).toMatch(/correct the records of person that the index would refuse/);
    });

    it('a table that becomes an edge', async () => {
      @Table({ name: 'place' })
      class Place {
        @Id() id!: RecordId;
      }
      @Table({ name: 'person', type: 'relation', in: () => Place, out: () => Place })
      class Next {
        @Id() id!: RecordId;
        @In() in!: Link<object>;
        @Out() out!: Link<object>;
        @Field('option<string>') name?: string;
        @Field('option<int>') age?: number;
      }
      expect(harmful(await bench.refused(Next, Place))).toEqual(['alterTable narrowing 3']);
    });

    it('a table that drops what it is given', async () => {
      @Table({ name: 'person', drop: true })
      class Next extends Person {}
      expect(harmful(await bench.refused(Next))).toEqual(['alterTable destructive 3']);
    });

    it('and applies nothing of a plan with one harmful step', async () => {
      @Table({ name: 'other' })
      class Other {
        @Id() id!: RecordId;
      }
      @Table({ name: 'person' })
      @Index({ fields: ['age'] })
      class Next {
        @Id() id!: RecordId;
        @Field('string') name!: string;
        @Field('int') age!: number;
        @Field('option<string>') harmless?: string;
      }
      const error = await bench.refused(Next, Other);
      expect(error.steps.length).toBe(4);
    });
  });

  it('refuses a nested field that records hold, and one that they lack', async () => {
    class Before {
      @Field('string') city!: string;
      @Field('option<string>') zip?: string;
    }
    class After {
      @Field('string') city!: string;
      @Field('string') country!: string;
    }
    @Table({ name: 'house' })
    class House {
      @Id() id!: RecordId;
      @Field(() => Before) at!: Before;
      @Field(() => [Before]) all!: Before[];
    }
    await bench.sync('safe', House);
    await bench.run(
      `CREATE house:1 SET at = { city: 'a', zip: '1' }, all = []; CREATE house:2 SET at = { city: 'b' }, all = [{ city: 'c' }, { city: 'd', zip: '4' }]`,
    );
    @Table({ name: 'house' })
    class Next {
      @Id() id!: RecordId;
      @Field(() => After) at!: After;
      @Field(() => [After]) all!: After[];
    }
    const error = await bench.refused(Next);
    expect([...harmful(error)].sort()).toEqual([
      'createField narrowing 1',
      'createField narrowing 2',
      'removeField destructive 1',
      'removeField destructive 1',
    ]);
  });

  it('refuses SCHEMAFULL over keys that no field declares, at any depth', async () => {
    class Place {
      @Field('string') city!: string;
    }
    @Table({ name: 'loose', schema: 'less' })
    class Loose {
      @Id() id!: RecordId;
      @Field('option<string>') name?: string;
    }
    @Table({ name: 'loose' })
    class Tight {
      @Id() id!: RecordId;
      @Field('option<string>') name?: string;
      @Field(() => Place, { optional: true }) place?: Place;
      @Field(() => [Place], { optional: true }) places?: Place[];
    }
    await bench.sync('safe', Loose);
    await bench.run(`CREATE loose:1 SET name = 'a'; CREATE loose:2 SET extra = 1; CREATE loose:3 SET place = { city: 'x', more: 1 };
      CREATE loose:4 SET places = [{ city: 'x' }, { city: 'y', more: 1 }]; CREATE loose:5 SET place = { city: 'x' }, places = [{ city: 'x' }]`);
    const error = await bench.refused(Tight);
    expect(harmful(error)).toContain('alterTable narrowing 3');
    await bench.run('DELETE loose:2, loose:3, loose:4');
    await bench.sync('safe', Tight);
    await bench.run('UPDATE loose:1, loose:5');
  });

  it('refuses a vector of another length', async () => {
    @Table({ name: 'doc' })
    class Doc {
      @Id() id!: RecordId;
      @Field('array<float>') embedding!: number[];
    }
    await bench.sync('safe', Doc);
    await bench.run('CREATE doc:1 SET embedding = [1, 2]; CREATE doc:2 SET embedding = [1, 2, 3]');
    @Table({ name: 'doc' })
    class Next {
      @Id() id!: RecordId;
      @VectorField({ dimension: 3 }) embedding!: number[];
    }
    expect(harmful(await bench.refused(Next))).toEqual(['createIndex narrowing 1']);
  });

  it('takes what harms no record', async () => {
    await people();
    @Table({ name: 'team' })
    class Team {
      @Id() id!: RecordId;
    }
    @Table({ name: 'person', comment: 'now with one' })
    @Index({ fields: ['name'], unique: true })
    class Next {
      @Id() id!: RecordId;
      @Field('string | int', { assert: surql`$value != ''` }) name!: string | number;
      @Field('option<number>') age?: number;
      @Field('option<string>') email?: string;
      @Relation(() => Team, { optional: true, onDelete: 'unset' }) team?: Link<Team>;
    }
    const applied = await bench.sync('safe', Next, Team);
    expect(harmful(applied)).toEqual([]);
    expect(kinds(applied)).toEqual(expect.arrayContaining(['alterTable', 'alterField', 'createField', 'createIndex']));
    await bench.run('UPDATE person');
    expect(await bench.run('RETURN (SELECT id, name FROM person ORDER BY id).name')).toEqual(['Ann', 'Bob', 'Cy']);
  });

  it('takes away a field that no record holds, and tells so', async () => {
    await bench.sync('safe', Person);
    await bench.run(`CREATE person:1 SET name = 'Ann'`);
    @Table({ name: 'person' })
    class Next {
      @Id() id!: RecordId;
      @Field('string') name!: string;
    }
    const applied = await bench.sync('safe', Next);
    expect(applied.steps).toEqual([
      {
        kind: 'removeField',
        table: 'person',
        risk: 'destructive',
        affected: 0,
        statement: 'REMOVE FIELD IF EXISTS age ON TABLE person',
      },
    ]);
    await bench.run('UPDATE person');
  });

  it('leaves a SCHEMALESS table its values', async () => {
    @Table({ name: 'loose', schema: 'less' })
    class Loose {
      @Id() id!: RecordId;
      @Field('option<string>') name?: string;
    }
    await bench.sync('safe', Loose);
    await bench.run(`CREATE loose:1 SET name = 'a'`);
    @Table({ name: 'loose', schema: 'less' })
    class Next {
      @Id() id!: RecordId;
    }
    expect(harmful(await bench.sync('safe', Next))).toEqual([]);
    expect(await bench.run('SELECT VALUE name FROM loose')).toEqual(['a']);
  });

  it('does nothing when off, and tells of drift when it verifies', async () => {
    const schema = bench.manager(Person);
    expect(await schema.sync({ mode: 'off' })).toEqual({ steps: [], isEmpty: true });
    expect(await bench.run('RETURN (INFO FOR DB).tables')).toEqual({});
    await expect(schema.sync({ mode: 'verify' })).rejects.toMatchObject({
      code: 'SCHEMA_DRIFT',
      steps: expect.arrayContaining([expect.objectContaining({ kind: 'createTable' })]),
    });
    await expect(schema.verify()).rejects.toThrow(/differs from the entities in 3 steps/);
    const dry = await schema.sync({ dryRun: true });
    expect(dry.steps.map((step) => step.kind)).toEqual(['createTable', 'createField', 'createField']);
    expect(await bench.run('RETURN (INFO FOR DB).tables')).toEqual({});
    await schema.sync();
    await schema.verify();
  });
});
