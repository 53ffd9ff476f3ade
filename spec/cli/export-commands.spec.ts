import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Project } from './support/project.js';

jest.setTimeout(180_000);

describe('reverie export and import', () => {
  let project: Project;
  const path = (name: string) => join(project.folder, name);
  beforeAll(async () => {
    project = await Project.open();
    await project.ask(
      'DEFINE TABLE item; FOR $i IN 0..3000 { CREATE type::record("item", $i) SET n = $i, text = "' +
        'x'.repeat(500) +
        '" }',
    );
    await project.ask('DEFINE TABLE tag; CREATE tag:a; DEFINE SEQUENCE numbers');
  });
  afterAll(() => project.close());

  it('a file and back, as each format', async () => {
    expect(JSON.parse((await project.run('export', '--dry-run', '--json')).out)).toEqual({ item: 3000, tag: 1 });
    for (const name of ['dump.surql', 'dump.jsonl']) {
      const written = await project.run('export', '-o', name);
      expect(written).toMatchObject({ code: 0, out: `✓ 3,001 records written to ${name}\n` });
      expect(written.err).toContain('! sequence numbers starts anew');
      expect(existsSync(path(`${name}.partial`))).toBe(false);
      const database = name.replace('.', '_');
      const dry = await project.run('import', name, '--dry-run', '--database', database);
      expect(dry.out).toContain('3,001 records and');
      const read = JSON.parse((await project.run('import', name, '--database', database, '--json')).out) as object;
      expect(read).toMatchObject({ tables: { item: 3000, tag: 1 }, records: 3001, resumed: 0 });
      const { out } = await project.run('query', 'RETURN count((SELECT VALUE id FROM item))', '--database', database);
      expect(out).toBe('3000\n');
    }
    expect((await project.run('export', '-o', 'dump.surql')).code).toBe(3);
    expect((await project.run('export', '-o', 'dump.surql', '--yes')).code).toBe(0);
  });

  it('stdout and stdin', async () => {
    const { out, code } = await project.run('export', '--tables', 'tag', '--format', 'jsonl');
    expect(code).toBe(0);
    expect(out).toContain('{"id":{"$record":["tag","a"]}}');
    expect((await project.run('export', '--json')).err).toContain('--json has no room for a dump');
    expect((await project.run('export', '--tables', 'nothing')).err).toContain(
      'There is no table nothing: there are item, tag',
    );
    expect((await project.run('export', '--format', 'csv')).code).toBe(1);
    expect((await project.run('import', 'nothing.surql')).err).toContain('There is no file');
  });

  it('is killed on the way, and goes on', async () => {
    const whole = await project.run('export', '-o', 'whole.jsonl');
    expect(whole.code).toBe(0);
    const cut = project.start('export', '-o', 'cut.jsonl');
    while (!existsSync(path('cut.jsonl.partial.json')) && cut.child.exitCode === null)
      await new Promise((done) => setTimeout(done, 2));
    cut.child.kill('SIGKILL');
    expect((await cut.ended).signal).toBe('SIGKILL');
    const { records } = JSON.parse(readFileSync(path('cut.jsonl.partial.json'), 'utf8')) as { records: number };
    // Whatever a page was half written is cut away.
    writeFileSync(path('cut.jsonl.partial'), '{"id":', { flag: 'a' });
    const resumed = await project.run('export', '-o', 'cut.jsonl', '--json');
    expect(JSON.parse(resumed.out)).toMatchObject({ records: 3001, resumed: records });
    const sections = (name: string) =>
      readFileSync(path(name), 'utf8')
        .split('\n')
        .filter((line) => !line.includes('$records'));
    expect(sections('cut.jsonl')).toEqual(sections('whole.jsonl'));

    // Asked over a connection that is open: a command takes longer to start than the import takes.
    const other = project.db.session({ database: 'half' });
    const there = async () =>
      ((await other.query('RETURN count((SELECT VALUE id FROM item))').catch(() => [0])) as readonly number[]).at(
        -1,
      ) as number;
    const half = project.start('import', 'whole.jsonl', '--database', 'half');
    while ((await there()) === 0 && half.child.exitCode === null);
    half.child.kill('SIGKILL');
    expect((await half.ended).signal).toBe('SIGKILL');
    const kept = await there();
    const report = JSON.parse((await project.run('import', 'whole.jsonl', '--database', 'half', '--json')).out) as {
      resumed: number;
    };
    expect(report).toMatchObject({ records: 3001 });
    expect(report.resumed).toBeGreaterThanOrEqual(Math.min(kept, 3000));
    expect(await there()).toBe(3000);
  });

  it('tells the line of what is wrong, and does not write over records unasked', async () => {
    writeFileSync(path('bad.surql'), 'DEFINE TABLE a;\nCREATE a:1;\n\nCREATE a:1 SET x = ;\n');
    const bad = await project.run('import', 'bad.surql', '--database', 'bad');
    expect(bad).toMatchObject({ code: 1, err: expect.stringMatching(/✗ Lines? .*4: .*Parse error/) });
    const again = await project.run('import', 'whole.jsonl');
    expect(again.err).toContain('The table item has records');
    expect((await project.run('import', 'whole.jsonl', '--replace')).code).toBe(3);
    expect((await project.run('import', 'whole.jsonl', '--replace', '--restart', '--yes')).code).toBe(0);
    expect(await project.ask('RETURN count((SELECT VALUE id FROM item))')).toBe(3000);
  });
});
