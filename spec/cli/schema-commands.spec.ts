import { Project } from './support/project.js';

const USER = `import { Field, Id, Index, type Link, type RecordId, Relation, Table } from 'reverie-orm';
import { Team } from './team.entity';

@Table({ name: 'user' })
@Index({ fields: ['name'], unique: true })
export class User {
  @Id() id!: RecordId<'user'>;
  @Field() name!: string;
  @Field('option<int>') age?: number;
  @Relation(() => Team, { optional: true }) team?: Link<Team>;
}
`;
const TEAM = `import { Field, Id, type Links, type RecordId, Relation, Table } from 'reverie-orm';
import { User } from './user.entity';

@Table({ name: 'team' })
export class Team {
  @Id() id!: RecordId<'team'>;
  @Field() label!: string;
  @Relation(() => User, { inverse: 'team' }) members!: Links<User>;
}
`;

describe('reverie schema:*', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open({ 'src/user.entity.ts': USER, 'src/team.entity.ts': TEAM });
  });
  afterAll(() => project.close());
  beforeEach(async () => {
    await project.ask('REMOVE TABLE IF EXISTS user; REMOVE TABLE IF EXISTS team');
    await project.write('src/user.entity.ts', USER);
  });
  const tables = async () => Object.keys((await project.ask<{ tables: object }>('INFO FOR DB')).tables);

  it('reads TypeScript entities that import each other, types of properties included, and plans', async () => {
    const { code, out, err } = await project.run('schema:plan');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('DEFINE FIELD name ON TABLE user TYPE string');
    expect(out).toContain('record<team>');
    expect(out).toContain('safe: every record stays and can be written');
    expect(await tables()).toEqual([]);
    expect((await project.run('schema:plan', '--check')).code).toBe(2);
  });

  it('takes away renamed columns by --contract', async () => {
    await project.run('schema:sync');
    await project.ask(`CREATE user:a SET name = 'Ann', age = 5`);
    await project.write(
      'src/user.entity.ts',
      USER.replace(`('option<int>') age`, `('option<int>', { renamedFrom: 'age' }) years`),
    );
    expect(await project.run('schema:sync')).toMatchObject({ code: 0, err: '' });
    expect(await project.ask('SELECT VALUE [age, years] FROM ONLY user:a')).toEqual([5, 5]);
    expect((await project.run('schema:plan', '--check')).code).toBe(0);
    const plan = await project.run('schema:plan', '--contract', '--check');
    expect(plan).toMatchObject({ code: 2 });
    expect(plan.out).toContain('REMOVE FIELD IF EXISTS age');
    expect(await project.run('schema:sync', '--contract')).toMatchObject({ code: 0, err: '' });
    expect(await project.ask('SELECT VALUE object::keys($this) FROM ONLY user:a')).toEqual(['id', 'name', 'years']);
  });

  it('syncs, and then finds nothing to do', async () => {
    const dry = await project.run('schema:sync', '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toMatchObject({ applied: false, isEmpty: false });
    expect(await tables()).toEqual([]);
    const synced = await project.run('schema:sync');
    expect(synced).toMatchObject({ code: 0, err: '' });
    expect(await tables()).toEqual(['team', 'user']);
    expect(JSON.parse((await project.run('schema:plan', '--check', '--json')).out)).toEqual({
      steps: [],
      isEmpty: true,
    });
    expect((await project.run('schema:verify')).code).toBe(0);
  });

  it('lists what no entity speaks of', async () => {
    await project.run('schema:sync');
    await project.ask('DEFINE TABLE audit; DEFINE PARAM $rate VALUE 2');
    const { out } = await project.run('schema:plan');
    expect(out).toContain('The database is what the entities say.\nLeft alone, as no entity speaks of it: ');
    const json = JSON.parse((await project.run('schema:plan', '--json')).out) as { leftAlone: string[] };
    expect(json.leftAlone.toSorted()).toEqual(['param rate', 'table audit']);
    await project.ask('REMOVE TABLE audit; REMOVE PARAM $rate');
  });

  it('tells drift with exit code 2', async () => {
    await project.run('schema:sync');
    await project.ask('REMOVE FIELD name ON user');
    const { code, out, err } = await project.run('schema:verify');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('DEFINE FIELD name ON TABLE user');
  });

  it('refuses to lose data, asks before it does with --force, and does not ask where nobody can answer', async () => {
    await project.run('schema:sync');
    await project.ask(`CREATE user:a SET name = 'Ann', age = 42`);
    await project.write('src/user.entity.ts', USER.replace(/.*age.*\n/, ''));
    const safe = await project.run('schema:sync');
    expect(safe.code).toBe(1);
    expect(safe.err).toContain('1 record of user would lose data');
    const asked = await project.run('schema:sync', '--force');
    expect(asked.code).toBe(3);
    expect(asked.err).toContain('--yes');
    expect(await project.ask('SELECT VALUE age FROM user')).toEqual([42]);
    expect((await project.run('schema:sync', '--force', '--yes')).code).toBe(0);
    expect(await project.ask('SELECT VALUE age FROM user')).toEqual([undefined]);
    expect((await project.run('schema:plan', '--check')).code).toBe(0);
  });

  it('dumps what the entities ask for as a script that makes it', async () => {
    const { out } = await project.run('schema:dump');
    await project.ask(out);
    expect((await project.run('schema:verify')).code).toBe(0);
    await project.run('schema:dump', '--out', 'schema.surql');
    expect(await project.read('schema.surql')).toBe(out);
  });

  it('never prints a secret', async () => {
    const { password, url } = project;
    const runs = await Promise.all([
      project.run('schema:plan', '--verbose'),
      project.run('schema:plan', '--verbose', '--json', '--pass', 'hunter2hunter2', '--user', 'root'),
      project.run('schema:plan', '--verbose', '--url', url.replace('ws://', 'ws://root:hunter2hunter2@')),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([0, 1, 1]);
    for (const { out, err } of runs) {
      expect(out + err).not.toContain(password);
      expect(out + err).not.toContain('hunter2');
    }
  });

  it('says what is missing', async () => {
    const nowhere = await project.run('schema:plan', '--config', 'other.ts');
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toContain('other.ts');
    expect(nowhere.err).not.toContain('    at ');
    await project.write('broken.ts', 'export default 5');
    await project.write('undefaulted.ts', `export const url = 'mem://';`);
    expect((await project.run('schema:plan', '--config', 'undefaulted.ts')).err).toContain('it has no default export');
    expect((await project.run('schema:plan', '--config', 'broken.ts')).err).toContain('exports no options');
    await project.write('syntax.ts', 'export default {');
    expect((await project.run('schema:plan', '--config', 'syntax.ts')).err).toContain('could not be loaded');
  });
});

describe('configurations', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open({
      'src/team.entity.ts': TEAM.replace(/.*user.*\n|.*User.*\n/g, '').replace('type Links, ', ''),
    });
  });
  afterAll(() => project.close());
  const options = () =>
    `{ url: '${project.url}', namespace: 'cli', database: 'cli', entities: ['src/*.entity.ts'], auth: { username: 'root', password: '${project.password}' } }`;

  it.each([
    ['mjs', (text: string) => `export default ${text}`],
    ['cjs', (text: string) => `module.exports = ${text}`],
    ['js', (text: string) => `export default async () => (${text})`],
    ['mts', (text: string) => `import { defineConfig } from 'reverie-orm'; export default defineConfig(${text})`],
    ['cts', (text: string) => `import { defineConfig } from 'reverie-orm'; export = defineConfig(${text})`],
    ['json', (text: string) => JSON.stringify((0, eval)(`(${text})`))],
  ])('in .%s', async (extension, wrap) => {
    await project.write(`config/deep.${extension}`, wrap(options().replace('src/', '../src/')));
    const { code, out, err } = await project.run('schema:plan', '--json', '--config', `config/deep.${extension}`);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ isEmpty: false });
  });

  it('flags win over the file', async () => {
    const other = ['--namespace', 'cli', '--database', 'other'];
    expect((await project.run('schema:sync', ...other)).code).toBe(0);
    expect((await project.run('schema:verify', ...other)).code).toBe(0);
    expect((await project.run('schema:verify')).code).toBe(2);
  });

  it('--pass alone goes with the user of the configuration', async () => {
    const { code, err } = await project.run('schema:plan', '--pass', 'not the password');
    expect(code).toBe(1);
    expect(err).not.toContain('not the password');
    expect((await project.run('schema:plan', '--pass', project.password)).code).toBe(0);
  });

  it('an unknown command is answered by the nearest one, without pages of help', async () => {
    const { code, err } = await project.run('schema:pln');
    expect(code).toBe(1);
    expect(err).toContain('Did you mean schema:plan?');
    expect(err).toContain('See reverie --help.');
    expect(err.split('\n').length).toBeLessThan(8);
  });

  it('reverie init makes one that works, and keeps what is there', async () => {
    const { code, out } = await project.run('init', 'fresh');
    expect(code).toBe(0);
    expect(out).toContain('+ fresh/ormconfig.ts');
    const flags = ['--url', project.url, '--user', 'root', '--pass', project.password];
    const plan = await project.run('schema:plan', '--config', 'fresh/ormconfig.ts', ...flags);
    expect(plan.out).toContain('DEFINE TABLE note');
    expect(JSON.parse((await project.run('init', 'fresh', '--json')).out)).toMatchObject({ made: [] });
  });
});
