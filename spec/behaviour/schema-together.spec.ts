import { Field, Id, Index, Table } from '../../lib/decorators/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { backend } from '../support/backends.js';
import { SchemaBench } from '../support/schema-bench.js';
import { GUESTS, STAYS, VISITORS } from '../support/renamed-entities.js';
import { KITCHEN } from '../support/schema-entities.js';

/** Several processes that boot at once are several managers here. */
describe('parallel schema syncs', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  it.each([2, 4, 8])('%i managers at once apply it once, none fails', async (count) => {
    const managers = Array.from({ length: count }, () => bench.manager(...KITCHEN));
    const applied = await Promise.all(managers.map((manager) => manager.sync()));
    expect(applied.filter((plan) => !plan.isEmpty)).toHaveLength(1);
    await bench.manager(...KITCHEN).verify();
  });

  it('a change that writes records is made once', async () => {
    @Table({ name: 'thing' })
    class Thing {
      @Id() id!: RecordId;
      @Field('int') n!: number;
    }
    @Table({ name: 'thing' })
    @Index({ fields: ['code'], unique: true })
    class Next extends Thing {
      @Field('string', { default: 'x' }) kind!: string;
      @Field('option<string>') code?: string;
    }
    await bench.sync('safe', Thing);
    await bench.run('CREATE |thing:50| SET n = 1');
    const applied = await Promise.all(Array.from({ length: 4 }, () => bench.manager(Next).sync()));
    const backfills = applied.flatMap((plan) => plan.steps).filter((step) => step.kind === 'backfill');
    expect(backfills.map((step) => step.affected)).toEqual([50]);
    await bench.manager(Next).verify();
    await bench.run('UPDATE thing');
  });

  it('a table that is renamed is copied once', async () => {
    await bench.sync('safe', ...VISITORS);
    await bench.run(STAYS);
    const applied = await Promise.all(Array.from({ length: 4 }, () => bench.manager(...GUESTS).sync()));
    const copies = applied.flatMap((plan) => plan.steps).filter((step) => step.kind === 'copyTable');
    expect(copies.map((step) => step.affected)).toEqual([200]);
    await bench.manager(...GUESTS).verify();
    expect(await bench.run('SELECT count() AS n FROM guest GROUP ALL')).toEqual([{ n: 200 }]);
  });

  it('records written between plan and sync are not overlooked', async () => {
    @Table({ name: 'thing' })
    class Thing {
      @Id() id!: RecordId;
      @Field('option<int>') n?: number;
    }
    @Table({ name: 'thing' })
    class Next {
      @Id() id!: RecordId;
      @Field('int') n!: number;
    }
    await bench.sync('safe', Thing);
    const execute = bench.db.execute.bind(bench.db);
    let written = false;
    // The one request that commits is preceded by another writer's.
    bench.db.execute = async (request) => {
      if (!written && request.text.includes('COMMIT')) {
        written = true;
        await execute({ text: 'CREATE thing:1', bindings: {}, access: 'write', purpose: 'raw' });
      }
      return execute(request);
    };
    await expect(bench.manager(Next).sync()).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', steps: [{ affected: 1 }] });
    expect(written).toBe(true);
    await bench.run('UPDATE thing');
  });
});

describe.each(['ws', 'http'] as const)('schema syncs of several connections, over %s', (name) => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.on(backend(name));
  });
  afterEach(() => bench.close());

  it('four of them apply it once', async () => {
    const others = await Promise.all([1, 2, 3, 4].map(() => bench.another()));
    const applied = await Promise.all(others.map((other) => other.manager(...KITCHEN).sync()));
    expect(applied.filter((plan) => !plan.isEmpty)).toHaveLength(1);
    await Promise.all(others.map((other) => other.close()));
    await bench.manager(...KITCHEN).verify();
  });

  it('a user of the database alone may sync; one who only reads is told', async () => {
    await bench.run(
      `DEFINE USER ed ON DATABASE PASSWORD 'ed' ROLES EDITOR; DEFINE USER vi ON DATABASE PASSWORD 'vi' ROLES VIEWER`,
    );
    const editor = await bench.another({ username: 'ed', password: 'ed', namespace: 'schema', database: 'schema' });
    await editor.sync('safe', ...KITCHEN);
    await editor.close();
    const viewer = await bench.another({ username: 'vi', password: 'vi', namespace: 'schema', database: 'schema' });
    await expect(viewer.manager(...KITCHEN).sync()).rejects.toMatchObject({ code: 'PERMISSION' });
    await viewer.close();
  });
});
