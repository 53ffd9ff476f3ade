import {
  Analyzer,
  Computed,
  Event,
  Field,
  FullText,
  Id,
  In,
  Index,
  Out,
  Table,
  View,
} from '../../lib/decorators/index.js';
import type { QueryError } from '../../lib/errors/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { entityOf, fieldOf } from '../support/schema-literals.js';
import { kinds, SchemaBench } from '../support/schema-bench.js';

/** What the engine does behind one's back, and that a sync is not caught by it. */
describe('traps of the engine', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  @Table({ name: 'thing' })
  @Index({ name: 'ix', fields: ['a'] })
  class Thing {
    @Id() id!: RecordId;
    @Field('option<string>') a?: string;
    @Field('option<string>') b?: string;
  }

  it('a changed index that is rolled back still finds what it found', async () => {
    @Table({ name: 'thing' })
    @Index({ name: 'ix', fields: ['b'] })
    @Event({ name: 'broken', then: surql`CREATE` })
    class Next {
      @Id() id!: RecordId;
      @Field('option<string>') a?: string;
      @Field('option<string>') b?: string;
    }
    @Table({ name: 'thing' })
    @Index({ name: 'ix', fields: ['b'] })
    @Index({ name: 'unique_a', fields: ['a'], unique: true })
    class Doubled {
      @Id() id!: RecordId;
      @Field('option<string>') a?: string;
      @Field('option<string>') b?: string;
    }
    await bench.sync('safe', Thing);
    await bench.run(`CREATE thing:1 SET a = 'x', b = 'y'; CREATE thing:2 SET a = 'x', b = 'z'`);
    await expect(bench.manager(Next).sync()).rejects.toThrow();
    // The count of doubles is passed over, so that the transaction fails after the index was made.
    const execute = bench.db.execute.bind(bench.db);
    bench.db.execute = (request) =>
      request.text.includes('GROUP BY') && !request.text.includes('COMMIT')
        ? Promise.resolve([{ ok: true, value: [], time: '' }])
        : execute(request);
    await expect(bench.manager(Doubled).sync({ mode: 'force' })).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
    bench.db.execute = execute;
    expect(await bench.run(`RETURN (SELECT VALUE b FROM thing WHERE a = 'x')`)).toEqual(['y', 'z']);
    await bench.manager(Thing).verify();
  });

  it('a definition that the engine refuses is told in its own names, and changes nothing', async () => {
    @Table({ name: 'my thing' })
    class Wrong {
      @Id() id!: RecordId;
      @Field('int', { assert: surql`$value >` }) n!: number;
    }
    const refused = entityOf('my thing', [
      fieldOf('o', 'object | null', {
        embedded: { target: class {}, className: 'E', fields: [fieldOf('p', 'string')] },
      }),
    ]);
    const late = (await new SchemaManager(bench.db, [refused]).plan().catch((error: unknown) => error)) as QueryError;
    expect(late.what).toMatch(/^Cannot set field `o.p`/);
    expect(late.statement).toBe('DEFINE FIELD o.p ON TABLE `my thing` TYPE string');
    const wrong = (await bench
      .manager(Wrong)
      .sync()
      .catch((error: unknown) => error)) as QueryError;
    expect(wrong).toMatchObject({
      code: 'QUERY',
      statement: 'DEFINE FIELD n ON TABLE `my thing` TYPE int ASSERT $value >',
    });
    expect(wrong.message).not.toContain('scratch');
    expect(await bench.run('RETURN (INFO FOR DB).tables')).toEqual({});
  });

  it('an overwritten index, rolled back, would find nothing', async () => {
    await bench.sync('safe', Thing);
    await bench.run(`CREATE thing:1 SET a = 'x', b = 'y'`);
    await bench.run('BEGIN; DEFINE INDEX OVERWRITE ix ON thing FIELDS b; CANCEL').catch(() => undefined);
    expect(await bench.run(`SELECT * FROM thing WHERE a = 'x'`)).toEqual([]);
  });

  it('a changed index serves its new columns', async () => {
    @Table({ name: 'thing' })
    @Index({ name: 'ix', fields: ['b'], unique: true })
    class Next {
      @Id() id!: RecordId;
      @Field('option<string>') a?: string;
      @Field('option<string>') b?: string;
    }
    await bench.sync('safe', Thing);
    await bench.run(`CREATE thing:1 SET a = 'x', b = 'y'`);
    expect(kinds(await bench.sync('safe', Next))).toEqual(['alterIndex']);
    expect(await bench.run(`SELECT VALUE a FROM thing WHERE b = 'y'`)).toEqual(['x']);
    await expect(bench.run(`CREATE thing:2 SET b = 'y'`)).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
  });

  it('a view that is changed to another source is fed by that one alone', async () => {
    @Table({ name: 'first', schema: 'less' })
    class First {
      @Id() id!: RecordId;
    }
    @Table({ name: 'second', schema: 'less' })
    class Second {
      @Id() id!: RecordId;
    }
    @View({ name: 'seen', as: surql`SELECT count() AS n FROM ${First} GROUP ALL` })
    class Seen {
      @Id('any') id!: RecordId;
      @Field('int') n!: number;
    }
    @View({ name: 'seen', as: surql`SELECT count() AS n FROM ${Second} GROUP ALL` })
    class Changed {
      @Id('any') id!: RecordId;
      @Field('int') n!: number;
    }
    await bench.sync('safe', First, Second, Seen);
    await bench.run('CREATE first:1; CREATE first:2; CREATE second:1');
    expect(await bench.run('SELECT VALUE n FROM seen')).toEqual([2]);
    const applied = await bench.sync('safe', First, Second, Changed);
    expect(applied.steps.map((step) => [step.kind, step.risk])).toEqual([['alterTable', 'rewrite']]);
    await bench.run('CREATE first:3; CREATE second:2');
    expect(await bench.run('SELECT VALUE n FROM seen')).toEqual([2]);
  });

  it('views of views are made in order, wherever they are listed', async () => {
    @Table({ name: 'sale' })
    class Sale {
      @Id() id!: RecordId;
      @Field('int') n!: number;
    }
    @View({ name: 'a_total', as: surql`SELECT math::sum(much) AS total FROM z_big GROUP ALL` })
    class Total {
      @Id('any') id!: RecordId;
      @Field('int') total!: number;
    }
    @View({ name: 'z_big', as: surql`SELECT id, n AS much FROM ${Sale} WHERE n > ${10}` })
    class Big {
      @Id('any') id!: RecordId;
      @Field('int') much!: number;
    }
    await bench.sync('safe', Total, Big, Sale);
    await bench.run('CREATE sale:1 SET n = 5; CREATE sale:2 SET n = 15');
    @View({ name: 'z_big', as: surql`SELECT id, n * 2 AS much FROM ${Sale}` })
    class Bigger {
      @Id('any') id!: RecordId;
      @Field('int') much!: number;
    }
    await bench.sync('safe', Total, Bigger, Sale);
    expect(await bench.run('SELECT VALUE total FROM a_total')).toEqual([40]);
    await bench.manager(Total, Bigger, Sale).drop({ force: true });
  });

  it('a table that becomes a view gives its records up, and the view can become a table again', async () => {
    @Table({ name: 'sale' })
    class Sale {
      @Id() id!: RecordId;
      @Field('int') n!: number;
    }
    @View({ name: 'thing', as: surql`SELECT id, n FROM ${Sale}` })
    class Seen {
      @Id('any') id!: RecordId;
      @Field('int') n!: number;
    }
    await bench.sync('safe', Sale, Thing);
    await bench.run('CREATE sale:1 SET n = 1; CREATE thing:1; CREATE thing:2');
    expect((await bench.refused(Sale, Seen)).steps).toContainEqual(
      expect.objectContaining({ kind: 'alterTable', risk: 'destructive', affected: 2 }),
    );
    await bench.sync('force', Sale, Seen);
    expect(await bench.run('SELECT VALUE n FROM thing')).toEqual([1]);
    await bench.sync('force', Sale, Thing);
    await bench.run('CREATE sale:2 SET n = 2');
    expect(await bench.run('SELECT * FROM thing')).toEqual([]);
  });

  it('a new analyzer cuts the records that are there', async () => {
    @Table({ name: 'doc' })
    class Doc {
      @Id() id!: RecordId;
      @Field('string') text!: string;
    }
    @Table({ name: 'doc' })
    @Analyzer({ name: 'words', tokenizers: ['blank'], filters: ['lowercase'] })
    @FullText({ fields: ['text'], analyzer: 'words' })
    class Next extends Doc {}
    await bench.sync('safe', Doc);
    await bench.run(`CREATE doc:1 SET text = 'Hello World'`);
    await bench.sync('safe', Next);
    expect(await bench.run(`SELECT VALUE text FROM doc WHERE text @@ 'hello'`)).toEqual(['Hello World']);
  });

  it('a changed analyzer cuts what is indexed anew', async () => {
    @Table({ name: 'doc' })
    @Analyzer({ name: 'words', tokenizers: ['blank'] })
    @FullText({ fields: ['text'], analyzer: 'words' })
    class Doc {
      @Id() id!: RecordId;
      @Field('string') text!: string;
    }
    @Table({ name: 'doc' })
    @Analyzer({ name: 'words', tokenizers: ['blank'], filters: ['lowercase'] })
    @FullText({ fields: ['text'], analyzer: 'words' })
    class Next {
      @Id() id!: RecordId;
      @Field('string') text!: string;
    }
    await bench.sync('safe', Doc);
    await bench.run(`CREATE doc:1 SET text = 'Hello World'`);
    expect(await bench.run(`SELECT VALUE text FROM doc WHERE text @@ 'hello'`)).toEqual([]);
    expect(kinds(await bench.sync('safe', Next))).toEqual(['alterAnalyzer', 'alterIndex']);
    expect(await bench.run(`SELECT VALUE text FROM doc WHERE text @@ 'hello'`)).toEqual(['Hello World']);
  });

  it('elements of an array that is one no longer are removed with it', async () => {
    @Table({ name: 'thing' })
    class Before {
      @Id() id!: RecordId;
      @Field('array<array<string>>', { default: [] }) a!: string[][];
      @Field('array<object>', { flexible: true, default: [] }) b!: object[];
      @Field('array', { default: [] }) c!: unknown[];
    }
    @Table({ name: 'thing' })
    class After {
      @Id() id!: RecordId;
      @Field('option<string>') a?: string;
      @Field('option<array>') b?: unknown[];
      @Computed(surql`1`) c!: unknown;
    }
    await bench.sync('safe', Before);
    await bench.run('CREATE thing:1 SET b = [{ x: { y: 1 } }], c = [{ z: 1 }]; DELETE thing:1');
    await bench.sync('safe', After);
    await bench.run(`CREATE thing:1 SET a = 'x', b = [{ x: 1 }]`);
    await bench.sync('force', Before);
  });

  it('a relation that becomes a plain table forgets its ends', async () => {
    @Table({ name: 'node' })
    class Node {
      @Id() id!: RecordId;
    }
    @Table({ name: 'thing', type: 'relation', in: () => Node, out: () => Node })
    class Edge {
      @Id() id!: RecordId;
      @In() in!: Link<Node>;
      @Out() out!: Link<Node>;
    }
    await bench.sync('safe', Node, Thing);
    expect(kinds(await bench.sync('safe', Node, Edge))).toContain('alterTable');
    await bench.run('CREATE node:1; RELATE node:1->thing->node:1');
    expect((await bench.refused(Node, Thing)).steps).toContainEqual(
      expect.objectContaining({ kind: 'alterTable', risk: 'narrowing', affected: 1 }),
    );
    await bench.run('DELETE thing');
    await bench.sync('safe', Node, Thing);
    await bench.run('CREATE thing');
  });
});
