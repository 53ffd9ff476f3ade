import { Field, Id, Table } from '../../lib/decorators/index.js';
import { MigrationError } from '../../lib/errors/index.js';
import type { Reverie } from '../../lib/orm.js';
import type { RecordId } from '../../lib/values/index.js';
import { backends } from '../support/backends.js';
import { MigrationBench } from '../support/migration-bench.js';

@Table({ name: 'post' })
class Post {
  @Id() id!: RecordId<'post'>;
  @Field('string') title!: string;
  @Field('option<string>') slug?: string;
}

const POST = `-- up
DEFINE TABLE post SCHEMAFULL;
DEFINE FIELD title ON post TYPE string;
DEFINE FIELD slug ON post TYPE option<string>;
-- down
REMOVE TABLE post; -- with all records`;

const FILL = `
export default {
  async up(m) {
    await m.query("UPDATE post SET slug = string::slug(title)");
  },
  async down(m) { await m.query("UPDATE post UNSET slug"); },
};`;

describe.each(backends)('migrations on $name', ({ stateful, ...backend }) => {
  let bench: MigrationBench;
  let orm: Reverie;
  beforeEach(async () => {
    bench = await MigrationBench.on({ stateful, ...backend });
    orm = await bench.orm(Post);
  });
  afterEach(() => bench.close());
  const ask = async <T = unknown>(text: string): Promise<T> => (await orm.driver.query(text)).at(-1) as T;
  const states = async () => (await orm.migrator.status()).map(({ name, state }) => `${name} ${state}`);
  const names = (runs: readonly { readonly name: string }[]) => runs.map(({ name }) => name);
  const refused = async (work: Promise<unknown>): Promise<MigrationError> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(MigrationError);
    return error as MigrationError;
  };

  it('without a folder there is nothing to do, and nothing is written', async () => {
    await bench.close();
    bench = await MigrationBench.on({ stateful, ...backend });
    orm = await bench.orm(Post);
    expect(await orm.migrator.up()).toEqual([]);
    expect(await orm.migrator.status()).toEqual([]);
    expect(Object.keys((await ask<{ tables: object }>('INFO FOR DB')).tables)).toEqual([]);
  });

  it('go up in order, once, and down again', async () => {
    await bench.write('002_more.surql', `-- up\nCREATE post:a SET title = 'A';\n-- down\nDELETE post:a`);
    await bench.write('001_post.surql', POST);
    expect(await states()).toEqual(['001_post pending', '002_more pending']);
    expect(names(await orm.migrator.up({ dryRun: true }))).toEqual(['001_post', '002_more']);
    expect(await states()).toEqual(['001_post pending', '002_more pending']);
    expect(names(await orm.migrator.up({ to: '001' }))).toEqual(['001_post']);
    expect(names(await orm.migrator.up())).toEqual(['002_more']);
    expect(await orm.migrator.up()).toEqual([]);
    expect(await ask('SELECT VALUE title FROM post')).toEqual(['A']);
    const [first] = await orm.migrator.status();
    expect(first).toMatchObject({ state: 'applied', appliedAt: expect.any(Date), duration: expect.any(Number) });
    await orm.migrator.check();
    expect(names(await orm.migrator.down({ dryRun: true }))).toEqual(['002_more']);
    expect(names(await orm.migrator.down())).toEqual(['002_more']);
    expect(await ask('SELECT * FROM post')).toEqual([]);
    expect(names(await orm.migrator.down({ all: true }))).toEqual(['001_post']);
    expect(await states()).toEqual(['001_post pending', '002_more pending']);
    expect(names(await orm.migrator.up())).toEqual(['001_post', '002_more']);
    expect(names(await orm.migrator.down({ to: '001_post' }))).toEqual(['002_more']);
  });

  it('the history is no drift', async () => {
    await bench.write('001_post.surql', POST);
    await orm.migrator.up();
    expect((await orm.schema.plan()).steps).toEqual([]);
  });

  it('one that fails leaves nothing behind, those before it stay', async () => {
    await bench.write('001_post.surql', POST);
    await bench.write('002_bad.surql', `CREATE post:a SET title = 'A'; DEFINE FIELD x ON post TYPE int; THROW 'no';`);
    const error = await refused(orm.migrator.up());
    expect(error).toMatchObject({ code: 'MIGRATION', migrations: ['002_bad'] });
    expect(error.message).toContain('no');
    expect(error.message).toContain('nothing of it was kept');
    expect(await ask('SELECT * FROM post')).toEqual([]);
    expect(Object.keys((await ask<{ fields: object }>('INFO FOR TABLE post')).fields)).toEqual(['slug', 'title']);
    expect(await states()).toEqual(['001_post applied', '002_bad pending']);
    await bench.write('002_bad.surql', `CREATE post:a SET title = 'A'; RETURN 'a script may end like this'`);
    expect(names(await orm.migrator.up())).toEqual(['002_bad']);
    expect(await states()).toEqual(['001_post applied', '002_bad applied']);
  });

  it('tell files that were changed or are missing, and refuse to go on', async () => {
    await bench.write('001_post.surql', POST);
    await bench.write('002_a.surql', 'RETURN 1');
    await orm.migrator.up();
    await bench.write('001_post.surql', POST.replaceAll('\n', '\r\n'));
    await orm.migrator.check();
    await bench.write('001_post.surql', `${POST}\n-- touched`);
    await bench.remove('002_a.surql');
    await bench.write('003_b.surql', 'RETURN 1');
    expect(await states()).toEqual(['001_post changed', '002_a missing', '003_b pending']);
    for (const work of [orm.migrator.check(), orm.migrator.up(), orm.migrator.down()]) {
      const error = await refused(work);
      expect(error.migrations).toEqual(['001_post', '002_a']);
    }
    expect(await orm.migrator.repair()).toEqual(['001_post', '002_a']);
    await orm.migrator.check();
    expect(await states()).toEqual(['001_post applied', '003_b pending']);
  });

  it('one that comes too late is refused unless its order does not matter', async () => {
    await bench.write('002_a.surql', 'RETURN 1');
    await orm.migrator.up();
    await bench.write('001_b.surql', 'RETURN 1');
    expect((await refused(orm.migrator.up())).message).toContain('001_b would run after 002_a');
    expect(names(await orm.migrator.up({ outOfOrder: true }))).toEqual(['001_b']);
  });

  it('what has no way back is told before anything is done', async () => {
    await bench.write('001_post.surql', 'DEFINE TABLE post');
    await bench.write('002_a.surql', '-- up\nRETURN 1\n-- down\nRETURN 1');
    await orm.migrator.up();
    expect((await refused(orm.migrator.down({ all: true }))).message).toContain('001_post cannot be taken back');
    expect(await states()).toEqual(['001_post applied', '002_a applied']);
  });

  it('what is to be taken back is said in one way', async () => {
    await bench.write('001_post.surql', POST);
    await bench.write('002_more.surql', '-- up\nCREATE post:a SET title = "A";\n-- down\nDELETE post:a');
    await orm.migrator.up();
    for (const wrong of [{ steps: -1 }, { steps: Number.NaN }, { steps: 0 }, { all: true, to: '001_post' }])
      await expect(orm.migrator.down(wrong)).rejects.toMatchObject({ code: 'VALIDATION' });
    expect(await states()).toEqual(['001_post applied', '002_more applied']);
  });

  it('a baseline notes what the database has already', async () => {
    await orm.schema.sync();
    await bench.write('001_post.surql', POST);
    await bench.write('002_a.surql', `CREATE post:a SET title = 'A'`);
    expect(await orm.migrator.baseline({ to: '001' })).toEqual(['001_post']);
    expect(names(await orm.migrator.up())).toEqual(['002_a']);
  });

  it('statements outside of a transaction are kept when a later one fails', async () => {
    await bench.write('001_a.surql', `-- transaction: false\nDEFINE TABLE IF NOT EXISTS post; THROW 'no';`);
    expect((await refused(orm.migrator.up())).message).toContain('runs again next time');
    expect(await states()).toEqual(['001_a pending']);
    expect(await ask('SELECT * FROM post')).toEqual([]);
    await bench.write('001_a.surql', '-- transaction: false\nDEFINE TABLE IF NOT EXISTS post;');
    expect(names(await orm.migrator.up())).toEqual(['001_a']);
  });

  it('in TypeScript or JavaScript, with an EntityManager', async () => {
    await bench.write('001_post.surql', POST);
    await bench.write('002_seed.surql', `FOR $i IN 0..25 { CREATE post SET title = 'Post ' + <string>$i }`);
    await bench.write('003_fill.js', FILL.replace('export default', 'module.exports ='));
    if (!stateful) {
      const error = await orm.migrator.up().then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error?.message).toContain('over http');
      return;
    }
    await orm.migrator.up();
    expect(await ask('RETURN count(SELECT * FROM post WHERE slug != NONE)')).toBe(25);
    await orm.migrator.down();
    expect(await ask('RETURN count(SELECT * FROM post WHERE slug != NONE)')).toBe(0);
  });

  it('squashed ones take the place of those that were applied', async () => {
    await bench.write('001_post.surql', POST.replace(/.*slug.*\n/, ''));
    await bench.write('002_slug.surql', 'DEFINE FIELD slug ON post TYPE option<string>');
    expect((await refused(orm.migrator.squash({ name: 'all' }))).message).toContain('pending');
    await orm.migrator.up();
    const { squashed } = await orm.migrator.squash({ name: 'all' });
    expect(squashed).toEqual(['001_post', '002_slug']);
    expect(await states()).toEqual([expect.stringMatching(/^\d{14}_all applied$/)]);
    await orm.migrator.check();
    expect(await orm.migrator.up()).toEqual([]);
    await orm.driver.query('REMOVE TABLE post; DELETE reverie_migration');
    expect(await orm.migrator.up()).toHaveLength(1);
    await orm.schema.verify();
  });

  it('squashed ones make what no entity asks for too', async () => {
    await bench.write('001_post.surql', POST);
    await bench.write(
      '002_hand.surql',
      `-- up
DEFINE FUNCTION fn::twice($n: int) { RETURN $n * 2 } COMMENT "it's -- down"; DEFINE PARAM $limit VALUE 3;
DEFINE ANALYZER words TOKENIZERS blank; DEFINE SEQUENCE numbers; DEFINE USER someone ON DATABASE PASSWORD 'x' ROLES VIEWER;
DEFINE TABLE \`a log\` TYPE RELATION IN post OUT post SCHEMAFULL; DEFINE FIELD tags ON \`a log\` TYPE array<string> DEFAULT [];
DEFINE FIELD more ON \`a log\` TYPE option<object>; DEFINE FIELD more.at ON \`a log\` TYPE option<datetime>;
DEFINE INDEX by_tag ON \`a log\` FIELDS tags; DEFINE EVENT noted ON \`a log\` WHEN $event = 'DELETE' THEN { CREATE post };
DEFINE TABLE counted AS SELECT count() AS n FROM post GROUP ALL`,
    );
    await orm.migrator.up();
    const made = async () => {
      const info = await ask<Record<string, object>>('INFO FOR DB');
      return [
        info['tables'],
        info['functions'],
        info['params'],
        info['analyzers'],
        info['sequences'],
        await ask('INFO FOR TABLE \`a log\`'),
      ];
    };
    const before = await made();
    const { file } = await orm.migrator.squash({ name: 'all' });
    const source = await bench.read(file.split(/[\\/]/).at(-1) as string);
    expect(source).toContain('-- not in here: users: "someone"\n');
    expect(source).not.toMatch(/PASSHASH/);
    await orm.driver.query('REMOVE DATABASE migrations; DEFINE DATABASE migrations');
    expect(await orm.migrator.up()).toHaveLength(1);
    expect(await made()).toEqual(before);
  });
});
