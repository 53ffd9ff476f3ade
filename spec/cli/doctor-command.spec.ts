import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkNode, readJsonc } from '../../lib/cli/doctor/check-project.js';
import { Project } from './support/project.js';
import { ITEM } from './support/migrations.js';

jest.setTimeout(180_000);

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly detail: string;
}

describe('reverie doctor and completion', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open({ 'src/item.entity.ts': ITEM }, `migrations: { dir: 'db' }`);
  });
  afterAll(() => project.close());

  const examine = async (...args: readonly string[]) => {
    const { out, code } = await project.run('doctor', '--json', ...args);
    const findings = JSON.parse(out) as readonly Finding[];
    return { code, of: (check: string) => findings.find((each) => each.check === check) };
  };

  it('finds what is not as it should be, and says what to do', async () => {
    await project.write(
      'tsconfig.json',
      '{ // comment\n "compilerOptions": { "emitDecoratorMetadata": true, "strict": true, /* more */ }, }',
    );
    await project.write('db/001_first.surql', 'DEFINE TABLE more');
    const before = await examine();
    expect(before.code).toBe(2);
    expect(before.of('schema')).toMatchObject({ state: 'differs', fix: 'reverie schema:plan shows them' });
    expect(before.of('migrations')).toMatchObject({ state: 'differs', detail: '001_first pending' });
    expect(before.of('tsconfig.json')).toMatchObject({
      state: 'note',
      detail: expect.stringContaining('emitDecoratorMetadata'),
    });
    expect(before.of('clock')?.state).toBe('ok');

    await project.write('tsconfig.json', '{ "compilerOptions": { "experimentalDecorators": true, "strict": true } }');
    await project.run('migration:up');
    await project.run('schema:sync');
    const after = await project.run('doctor');
    expect(after).toMatchObject({ code: 0, out: expect.stringContaining('✓ All is well.') });
    expect(after.out).toMatch(/│ ✓ │ entities +│ 1 entity/);

    const wrong = await examine('--url', 'ws://127.0.0.1:1');
    expect(wrong.code).toBe(1);
    expect(wrong.of('connection')).toMatchObject({ state: 'failed', fix: 'start the server: reverie serve' });
    expect(wrong.of('schema')?.state).toBe('skipped');
    const stranger = await examine('--user', 'root', '--pass', 'not the password');
    expect(stranger.of('sign-in')).toMatchObject({ state: 'failed' });
    const broken = await examine('--config', join(project.folder, 'nowhere.ts'));
    expect(broken.of('configuration')).toMatchObject({ state: 'failed' });
    expect(checkNode('18.20.0')).toMatchObject({ state: 'failed' });
    expect(readJsonc(join(project.folder, 'tsconfig.json'))).toMatchObject({ compilerOptions: { strict: true } });
  });

  it('looks into a folder over one connection, because it lets no second one in', async () => {
    await project.write('db/001_first.surql', 'DEFINE TABLE more');
    const { of } = await examine('--url', `surrealkv://${join(project.folder, 'store')}`);
    expect(of('migrations')).toMatchObject({ state: 'differs', detail: '001_first pending' });
    expect(of('indexes')).toMatchObject({ state: 'ok' });
  });

  it('completes commands, flags and their values in bash', async () => {
    const { out } = await project.run('completion', 'bash');
    const complete = (line: string) => {
      const script = `${out}\nCOMP_WORDBREAKS=$' \\t\\n:'\nCOMP_LINE=${JSON.stringify(line)} COMP_POINT=${line.length}\n_reverie\nprintf '%s ' "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', script]).stdout.toString().trim();
    };
    expect(complete('reverie exp')).toBe('export');
    // A colon ends a word for bash.
    expect(complete('reverie schema:v')).toBe('verify');
    expect(complete('reverie export --no-d')).toBe('--no-definitions');
    expect(complete('reverie export --format ')).toBe('surql jsonl');
    expect((await project.run('completion', 'zsh')).out).toContain("'schema\\:plan:");
    expect((await project.run('completion', 'fish')).out).toContain('complete -c reverie -n __fish_use_subcommand');
    expect((await project.run('completion', 'csh')).code).toBe(1);
  });

  const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

  (has('zsh') ? it : it.skip)('zsh takes its completion script (needs zsh)', async () => {
    const { out } = await project.run('completion', 'zsh');
    const script = `autoload -Uz compinit; compinit -u -D\n${out}\nprint -r -- $_comps[reverie]`;
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '_reverie\n', stderr: '' });
  });

  (has('fish') ? it : it.skip)('fish completes with its script (needs fish)', async () => {
    const { out } = await project.run('completion', 'fish');
    const complete = (line: string) =>
      spawnSync('fish', ['--no-config', '-c', `${out}\ncomplete -C '${line}'`], { encoding: 'utf8' }).stdout;
    expect(complete('reverie exp')).toMatch(/^export\t/m);
    expect(complete('reverie export --format ')).toMatch(/^jsonl/m);
  });
});
