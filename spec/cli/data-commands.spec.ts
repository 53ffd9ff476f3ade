import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Project } from './support/project.js';
import { ITEM } from './support/migrations.js';

describe('reverie seed and query', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open({
      'src/item.entity.ts': ITEM,
      'seeds/a.ts': `import { Item } from '../src/item.entity';
export default async (em) => { em.create(Item, { id: 1, n: 1 }); };`,
      'seeds/b.ts': `import { Item } from '../src/item.entity';
export default class { async run(em) { em.create(Item, { id: 2, n: (await em.findOneOrFail(Item, 1)).n + 1 }); } }`,
    });
    await project.run('schema:sync');
  });
  afterAll(() => project.close());

  it('seeders run in order, and what they made is shown as a table', async () => {
    expect((await project.run('seed', '--dry-run', '--json')).out).toBe('[\n  "a.ts",\n  "b.ts"\n]\n');
    expect(await project.run('seed')).toMatchObject({ code: 0, err: '✓ a.ts\n✓ b.ts\n' });
    expect(await project.ask('SELECT VALUE n FROM item')).toEqual([1, 2]);
    expect((await project.run('seed', 'c')).err).toContain('there are a.ts, b.ts');
    const { out } = await project.run('query', 'SELECT * FROM item ORDER BY id; RETURN 1.5dec');
    expect(out).toMatch(/│ item:1\s+│ 1\s+│/);
    expect(out).toContain('"1.5"');
    expect(JSON.parse((await project.run('query', 'SELECT * FROM item:2', '--json')).out)).toEqual([
      [{ id: 'item:2', n: 2 }],
    ]);
    const failed = await project.run('query', 'SELECT * FORM item');
    expect(failed.code).toBe(1);
    expect(failed.err).toContain('Parse error');
    const partly = await project.run('query', 'RETURN 1.5dec; SELECT * FROM nope; RETURN 2');
    expect(partly).toMatchObject({ code: 1, out: '"1.5"\n2\n' });
    expect(partly.err).toContain("The table 'nope' does not exist");
  });

  it('statements come from a file or from stdin', async () => {
    await project.write('script.surql', "-- two\nRETURN 'a;b';\nRETURN [1, 2];\n");
    const fromFile = await project.run('query', '--file', 'script.surql', '--json');
    expect(JSON.parse(fromFile.out)).toEqual(['a;b', [1, 2]]);
    // Not waited for in one go: the server is in this process.
    const piped = spawn(process.execPath, [project.cli, 'query', '--json'], { cwd: project.folder });
    piped.stdin.end('RETURN 7; RETURN 8');
    expect(JSON.parse(await text(piped.stdout))).toEqual([7, 8]);
    const missing = await project.run('query', '--file', 'nowhere.surql');
    expect(missing.code).toBe(1);
    expect(missing.err).toMatch(/There is no file .*nowhere\.surql\nHow to fix: name a script of SurrealQL/);
    expect((await project.run('query')).err).toContain('There is no statement to run');
  });

  it('a seeder that fails is named', async () => {
    await project.write('seeds/c.ts', `export default async () => { throw new Error('no rows'); };`);
    expect(await project.run('seed', 'c')).toMatchObject({ code: 1, err: '✗ c.ts\n✗ no rows\n' });
  });
});
