import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Project } from './support/project.js';
import { ITEM, writeMigrations } from './support/migrations.js';

describe('reverie migration:*', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open({}, `migrations: { dir: 'db', lease: 2000 }`);
  });
  afterAll(() => project.close());
  beforeEach(async () => {
    await project.empty();
    await project.write('src/item.entity.ts', ITEM);
  });
  const states = async () =>
    (JSON.parse((await project.run('migration:status', '--json')).out) as { name: string; state: string }[]).map(
      ({ name, state }) => `${name} ${state}`,
    );

  it('diff, up, down and back: the schema of the entities and nothing of it', async () => {
    const dry = await project.run('migration:diff', 'first', '--dry-run');
    expect(dry.out).toContain('DEFINE TABLE item');
    expect(existsSync(join(project.folder, 'db'))).toBe(false);
    const { out, code } = await project.run('migration:diff', 'first', '--type', 'ts');
    expect(code).toBe(0);
    expect(out).toMatch(/^\+ db\/\d{14}_first\.ts\n$/);
    expect((await project.run('migration:check')).code).toBe(2);
    expect((await project.run('migration:up', '--dry-run')).out).toContain('1 migration would be applied');
    const up = await project.run('migration:up');
    expect(up).toMatchObject({ code: 0, out: expect.stringContaining('1 migration applied') });
    expect(up.err).toMatch(/✓ \d{14}_first \d+ ms\n/);
    expect((await project.run('schema:verify')).code).toBe(0);
    expect((await project.run('migration:check')).code).toBe(0);
    expect((await project.run('migration:diff', 'more')).out).toContain('what the entities say');
    expect((await project.run('migration:down')).code).toBe(3);
    expect((await project.run('migration:down', '--yes')).code).toBe(0);
    expect(await project.ask('RETURN (INFO FOR DB).tables.keys()')).toEqual(['reverie_lease', 'reverie_migration']);
  });

  it('data migrations in TypeScript use the entities of the configuration', async () => {
    await writeMigrations(project);
    expect((await project.run('migration:status')).out).toContain('pending');
    const { code, err } = await project.run('migration:up');
    expect({ code, err: err.replace(/\d+ ms/g, '') }).toEqual({
      code: 0,
      err: ['001_first', '002_count', '003_fill', '004_all', '005_count'].map((name) => `✓ ${name} \n`).join(''),
    });
    expect(await project.ask('SELECT n, twice FROM (SELECT * FROM [item:0, item:7, item:1000])')).toEqual([
      { n: 12, twice: 2 },
      { n: 19, twice: 16 },
      { n: 11 },
    ]);
    expect((await project.run('migration:down', '--to', '001', '--yes')).code).toBe(0);
    expect(await project.ask('SELECT n, twice FROM (SELECT * FROM [item:0, item:7, item:1000])')).toEqual([
      { n: 0 },
      { n: 7 },
    ]);
    expect(await states()).toEqual([
      '001_first applied',
      '002_count pending',
      '003_fill pending',
      '004_all pending',
      '005_count pending',
    ]);
  });

  it('tells what is wrong by exit codes, and mends the history', async () => {
    await project.write('db/001_a.surql', 'DEFINE TABLE a');
    expect((await project.run('migration:status', '--check')).code).toBe(2);
    expect((await project.run('migration:baseline', '--yes')).code).toBe(0);
    expect((await project.run('migration:status', '--check')).code).toBe(0);
    await project.write('db/001_a.surql', 'DEFINE TABLE b');
    const check = await project.run('migration:check');
    expect(check.code).toBe(2);
    expect(check.err).toContain('001_a: its file was changed');
    expect((await project.run('migration:up')).code).toBe(1);
    expect((await project.run('migration:repair', '--yes')).code).toBe(0);
    expect((await project.run('migration:check')).code).toBe(0);
    await project.write('db/002_bad.surql', `THROW 'no'`);
    const failed = await project.run('migration:up');
    expect(failed.code).toBe(1);
    expect(failed.err).toContain('✗ 002_bad\n');
    expect(failed.err).toContain('nothing of it was kept');
  });

  it('create and squash', async () => {
    expect((await project.run('migration:create', 'Fill: slugs')).out).toMatch(/_fill_slugs\.ts/);
    expect((await project.run('migration:create', 'b', '--type', 'surql')).out).toMatch(/_b\.surql/);
    expect((await project.run('migration:create', '!!')).code).toBe(1);
    for (const file of readdirSync(join(project.folder, 'db'))) await project.write(`db/${file}`, '');
    await project.clearFolder('db');
    await project.run('migration:diff', 'first');
    await project.run('migration:up');
    expect((await project.run('migration:squash', 'all', '--yes')).code).toBe(0);
    expect(readdirSync(join(project.folder, 'db'))).toEqual([expect.stringMatching(/_all\.surql$/)]);
    expect((await project.run('migration:check')).code).toBe(0);
  });

  it.each([2, 4])('%i processes that start at once apply them once', async (count) => {
    await writeMigrations(project);
    const runs = await Promise.all(Array.from({ length: count }, () => project.run('migration:up', '--json')));
    expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 0));
    expect(runs.map(({ out }) => (JSON.parse(out) as unknown[]).length).sort()).toEqual([
      ...Array.from({ length: count - 1 }, () => 0),
      5,
    ]);
    expect(await project.ask('SELECT VALUE n FROM ONLY item:0')).toBe(12);
  });
});
