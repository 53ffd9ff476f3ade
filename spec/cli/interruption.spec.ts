import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ITEM } from './support/migrations.js';
import { Project } from './support/project.js';

jest.setTimeout(180_000);

const SLOWLY = 'const soon = () => new Promise((resolve) => setTimeout(resolve, 400));';
/** Says that it is under way, then takes its time. */
const STARTED = (name: string) => `writeFileSync('${name}', ''); await soon();`;

const seeder = (id: number, name: string) => `import { writeFileSync } from 'node:fs';
import { Item } from '../src/item.entity';
${SLOWLY}
export default async (em) => { em.create(Item, { id: ${id}, n: ${id} }); ${STARTED(name)} };`;

const batches = (options: string) => `import { writeFileSync } from 'node:fs';
import { Item } from '../src/item.entity';
${SLOWLY}
export default {
  ${options}
  async up(m) {
    await m.batch(Item, {}, 10, async (items) => {
      for (const item of items) item.twice = item.n * 2;
      ${STARTED('batch-started')}
    });
  },
};`;

describe('reverie that is told to stop', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open(
      {
        'src/item.entity.ts': ITEM,
        'seeds/a.ts': seeder(1, 'a-started'),
        'seeds/b.ts': seeder(2, 'b-started'),
        'seeds/c.ts': seeder(3, 'c-started'),
      },
      `migrations: { dir: 'db' }`,
    );
  });
  afterAll(() => project.close());

  const path = (name: string) => join(project.folder, name);
  /** Ctrl-C once something is there; how it ended, and what it said. */
  async function stopped(args: readonly string[], when: string, signals = 1) {
    rmSync(path(when), { force: true });
    const command = project.start(...args);
    while (!existsSync(path(when)) && command.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    for (let sent = 0; sent < signals; sent += 1) {
      command.child.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { code } = await command.ended;
    return { code, err: command.errors };
  }
  const count = (where: string) => project.ask<number>(`RETURN count((SELECT VALUE id FROM item WHERE ${where}))`);

  it('seed: the one that runs is finished, the others are named', async () => {
    await project.run('schema:sync');
    const { code, err } = await stopped(['seed'], 'b-started');
    expect(err).toContain('Stopping after what is under way; Ctrl-C once more ends it at once.');
    expect(err).toContain('✗ Interrupted after 2 of 3 seeders. Go on with: reverie seed c\n');
    expect(code).toBe(130);
    expect(await project.ask('SELECT VALUE n FROM item ORDER BY n')).toEqual([1, 2]);
    expect((await project.run('seed', 'c')).code).toBe(0);
    expect(await count('true')).toBe(3);
  });

  it('a second time: at once', async () => {
    await project.ask('DELETE item');
    const { code, err } = await stopped(['seed', 'a', 'b'], 'a-started', 2);
    expect(code).toBe(130);
    expect(err).not.toContain('✓ a.ts');
    expect(await count('true')).toBe(0);
  });

  describe('migration:up', () => {
    beforeEach(async () => {
      await project.empty({ files: false });
      await project.clearFolder('db');
      await project.run('schema:sync');
      await project.ask('FOR $i IN 0..30 { CREATE type::record("item", $i) SET n = $i }');
    });

    it('between two: what is applied, and how to go on', async () => {
      for (const name of ['001_one', '002_two'])
        await project.write(
          `db/${name}.ts`,
          `import { writeFileSync } from 'node:fs';\n${SLOWLY}\nexport default { async up(m) { ${STARTED(`${name}-started`)} await m.query('UPDATE item SET n += 100'); } };`,
        );
      const { code, err } = await stopped(['migration:up'], '001_one-started');
      expect(err).toContain('✗ Interrupted. 1 migration applied: 001_one. Go on with: reverie migration:up\n');
      expect(code).toBe(130);
      expect(await count('n >= 100 AND n < 200')).toBe(30);
      const again = await project.run('migration:up');
      expect(again).toMatchObject({ code: 0, out: '1 migration applied: 002_two\n' });
      expect(await count('n >= 200')).toBe(30);
    });

    it.each([
      ['in one transaction', '', 'nothing of 001_fill was kept', 0],
      ['without one', 'transaction: false,', 'what 001_fill did until then is kept, and it goes on there', 10],
    ])('between batches %s', async (_title, options, said, kept) => {
      await project.write('db/001_fill.ts', batches(options));
      const { code, err } = await stopped(['migration:up'], 'batch-started');
      expect(err).toContain(`✗ Interrupted. 0 migrations applied; ${said}. Go on with: reverie migration:up\n`);
      expect(code).toBe(130);
      expect(await count('twice != NONE')).toBe(kept);
      expect((await project.run('migration:up')).code).toBe(0);
      expect(await count('twice = n * 2')).toBe(30);
    });
  });

  describe('export and import', () => {
    beforeAll(async () => {
      await project.empty({ files: false });
      await project.ask(
        `DEFINE TABLE item; FOR $i IN 0..6000 { CREATE type::record("item", $i) SET text = '${'x'.repeat(200)}' }`,
      );
    });

    it('a file is gone on with', async () => {
      const { code, err } = await stopped(['export', '-o', 'cut.jsonl'], 'cut.jsonl.partial.json');
      const [, said = ''] =
        /✗ Interrupted after ([\d,]+) records\. Run it again and it goes on from here\./.exec(err) ?? [];
      expect(code).toBe(130);
      const records = Number(said.replace(',', ''));
      expect(records).toBeGreaterThan(0);
      const resumed = await project.run('export', '-o', 'cut.jsonl', '--json');
      expect(JSON.parse(resumed.out)).toMatchObject({ records: 6000, resumed: records });
      const lines = readFileSync(path('cut.jsonl'), 'utf8').match(/^\{"id":/gm);
      expect(lines).toHaveLength(6000);
    });

    it('what goes to stdout is not', async () => {
      const command = project.start('export', '--format', 'jsonl');
      while (!command.output.includes('\n{"id"')) await new Promise((resolve) => setTimeout(resolve, 2));
      command.child.kill('SIGINT');
      expect((await command.ended).code).toBe(130);
      expect(command.errors).toMatch(
        /✗ Interrupted after [\d,]+ records\. What was written is not the whole; into a file/,
      );
    });
  });
});
