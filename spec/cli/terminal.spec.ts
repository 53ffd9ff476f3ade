import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Project } from './support/project.js';
import { hasTerminal, Terminal } from './support/terminal.js';

jest.setTimeout(180_000);

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const UP = '\u001b[A';
const COLOUR = /\u001b\[3\dm/; // eslint-disable-line no-control-regex
const HIDDEN = '\u001b[?25l';
const SHOWN = '\u001b[?25h';

const inTerminal = hasTerminal ? describe : describe.skip;

inTerminal('reverie in a terminal (needs `script` of util-linux)', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open();
    await project.ask(
      `DEFINE TABLE item; FOR $i IN 0..30 { CREATE type::record("item", $i) SET n = $i, text = '${'a long text '.repeat(20)}' }`,
    );
  });
  afterAll(() => project.close());

  const terminals: Terminal[] = [];
  const open = (
    ...args: ConstructorParameters<typeof Terminal> extends [unknown, ...infer R] ? R : never
  ): Terminal => {
    const terminal = new Terminal(project, ...args);
    terminals.push(terminal);
    return terminal;
  };
  afterEach(() => {
    for (const terminal of terminals.splice(0)) terminal.kill();
  });

  const restored = (stty: string) => {
    expect(stty).toMatch(/[^-]icanon/);
    expect(stty).toMatch(/[^-]echo /);
  };

  it('query: several lines, tables that fit, Ctrl-C, history', async () => {
    const first = open(['query'], { columns: 60 });
    await first.shows('cli/cli>');
    first.type('SELECT *\r');
    await first.shows('…>');
    first.type('FROM item LIMIT 2;\r');
    await first.shows('2 rows ·');
    expect(first.text).toMatch(/│ item:0 │/);
    expect(first.widest).toBeLessThanOrEqual(60);
    first.type('SELECT half');
    await first.shows('SELECT half');
    first.type(CTRL_C);
    await first.shows('^C');
    first.type("RETURN 'after it';\r");
    await first.shows('"after it"');
    first.type('SELECT * FORM item;\r');
    await first.shows('[1:10]');
    first.type('.explain SELECT * FROM item WHERE n = 1\r');
    await first.shows('└─ TableScan');
    await first.shows('It reads a whole table.');
    first.type("DEFINE USER u ON DATABASE PASSWORD 'never kept' ROLES VIEWER;\r");
    await first.shows('NONE');
    first.type(CTRL_D);
    const { code, stty } = await first.ended();
    expect(code).toBe(0);
    restored(stty);

    const file = join(project.folder, 'state', 'reverie', 'query_history');
    expect(readFileSync(file, 'utf8')).not.toContain('never kept');
    expect(statSync(file).mode & 0o077).toBe(0);
    const second = open(['query']);
    await second.shows('cli/cli>');
    second.type(`${UP}${UP}${UP}`);
    await second.shows("RETURN 'after it';");
    second.type(`\r`);
    await second.shows('"after it"');
    second.type(`.quit\r`);
    expect((await second.ended()).code).toBe(0);
  });

  it('query: Ctrl-C while a statement runs says so, and a second one leaves', async () => {
    const shell = open(['query'], { env: { XDG_STATE_HOME: join(project.folder, 'other-state') } });
    await shell.shows('cli/cli>');
    shell.type('.schema nothing\r');
    await shell.shows('There is no table nothing; .tables lists them');
    shell.type('SLEEP 1500ms;\r');
    await new Promise((resolve) => setTimeout(resolve, 300));
    shell.type(CTRL_C);
    await shell.shows('The statement still runs: wait for its answer');
    shell.type('RETURN 7;\r');
    // Each answer once, and no prompt between those that were waited for.
    expect(await shell.shows(/NONE[^>]*7\s+[^>]*cli\/cli> $/)).not.toContain('^C');
    shell.type('SLEEP 30s;\r');
    await new Promise((resolve) => setTimeout(resolve, 300));
    shell.type(CTRL_C);
    await shell.shows('still runs');
    shell.type(CTRL_C);
    const { code, stty } = await shell.ended();
    expect(code).toBe(130);
    restored(stty);
    expect(readFileSync(join(project.folder, 'other-state', 'reverie', 'query_history'), 'utf8')).toContain('RETURN 7');
  });

  it('asks before it destroys, and takes no for an answer', async () => {
    writeFileSync(join(project.folder, 'old.surql'), 'old');
    const no = open(['export', '-o', 'old.surql']);
    await no.shows('Overwrite old.surql? (y/N)');
    no.type('n\r');
    expect((await no.ended()).code).toBe(3);
    expect(readFileSync(join(project.folder, 'old.surql'), 'utf8')).toBe('old');
    const yes = open(['export', '-o', 'old.surql']);
    await yes.shows('(y/N)');
    yes.type('y\r');
    const { code, stty } = await yes.ended();
    expect(code).toBe(0);
    restored(stty);
    expect(readFileSync(join(project.folder, 'old.surql'), 'utf8')).toContain('INSERT INTO item');
  });

  it('a bar shows progress; Ctrl-C keeps what was done and gives the terminal back', async () => {
    const lines = Array.from({ length: 30_000 }, (_, n) => JSON.stringify({ id: n, n, text: 'x'.repeat(200) }));
    writeFileSync(join(project.folder, 'big.jsonl'), `${lines.join('\n')}\n`);
    const first = open(['import', 'big.jsonl', '--table', 'big'], { columns: 60 });
    await first.shows(/[█░]+ [1-9]\d*% · [\d,]+ records/);
    first.type(CTRL_C);
    const { code, stty } = await first.ended();
    const [, said] =
      /Interrupted after ([\d,]+) records, which are there\. Run it again with the same dump/.exec(first.text) ?? [];
    expect(code).toBe(130);
    expect(first.raw.lastIndexOf(SHOWN)).toBeGreaterThan(first.raw.lastIndexOf(HIDDEN));
    restored(stty);
    const done = await project.ask<number>('RETURN count((SELECT VALUE id FROM big))');
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(30_000);
    expect(said).toBe(done.toLocaleString('en'));
    const second = open(['import', 'big.jsonl', '--table', 'big']);
    await second.shows(`${done.toLocaleString('en')} of them by an earlier run`);
    expect((await second.ended()).code).toBe(0);
    expect(await project.ask('RETURN count((SELECT VALUE id FROM big))')).toBe(30_000);
  });

  it('a dump that runs over the screen has no bar between its lines', async () => {
    const whole = open(['export', '--tables', 'item', '--format', 'jsonl'], { columns: 4_000 });
    expect((await whole.ended()).code).toBe(0);
    expect(whole.text.match(/\{"id":/g)).toHaveLength(30);
    expect(whole.raw).not.toMatch(/[█░]/);
    expect(whole.raw).not.toContain(HIDDEN);
  });

  it('colours on a terminal, none where they are not wanted', async () => {
    const coloured = open(['doctor'], { columns: 60 });
    await coloured.ended();
    expect(coloured.raw).toMatch(COLOUR);
    expect(coloured.text).toMatch(/│ ✓ │ Node +│ \d/);
    expect(coloured.widest).toBeLessThanOrEqual(Math.max(60, project.folder.length));
    for (const [args, env] of [
      [['doctor'], { NO_COLOR: '1' }],
      [['doctor', '--no-color'], {}],
    ] as const) {
      const plain = open(args, { env });
      await plain.ended();
      expect(plain.raw).not.toMatch(COLOUR);
    }
  });
});
