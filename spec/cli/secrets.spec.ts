import fc from '../support/property';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProgram } from '../../lib/cli/program.js';
import { Redactor } from '../../lib/cli/redactor.js';
import { toJson } from '../../lib/cli/to-json.js';
import { formatLiteral } from '../../lib/values/index.js';
import { inOneProcess } from './support/one-process.js';
import { Project, type Ended } from './support/project.js';
import { ITEM } from './support/migrations.js';

jest.setTimeout(600_000);

/** Of letters that JSON, SurrealQL and urls each write in a way of their own. */
const SECRET = `p"a'ss\\w\u00f6rd $& %41`;

/** What each command is given; one that is not here fails the test. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  init: ['made'],
  'schema:plan': [],
  'schema:sync': [],
  'schema:verify': [],
  'schema:dump': [],
  'schema:diagram': [],
  'migration:create': ['first'],
  'migration:diff': ['second'],
  'migration:up': [],
  'migration:down': ['--yes'],
  'migration:status': [],
  'migration:check': [],
  'migration:baseline': ['--yes'],
  'migration:repair': ['--yes'],
  'migration:squash': ['all', '--yes'],
  inspect: [],
  export: ['--out', 'dump.surql', '--yes'],
  import: ['dump.surql', '--replace', '--yes'],
  seed: [],
  query: ['SELECT * FROM item; SELEC'],
  doctor: [],
};
const WITHOUT_DATABASE = new Set(['serve', 'completion', 'help']);

describe('secrets of the command line', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open(
      { 'src/item.entity.ts': ITEM, 'seeds/a.ts': 'export default () => {};' },
      `migrations: { dir: 'db' }`,
    );
  });
  afterAll(() => project.close());

  const commands = makeProgram()
    .commands.map((command) => command.name())
    .filter((name) => !WITHOUT_DATABASE.has(name));

  /** The wrong password, one of hostile letters, and one inside the url. */
  const wrong = () => {
    const url = project.url.replace('://', `://root:${encodeURIComponent(SECRET)}@`);
    return ['--verbose', '--json', '--pass', SECRET, '--user', 'root', '--url', url];
  };
  const said = new Map<string, { readonly works: Ended; readonly fails: Ended }>();
  beforeAll(async () => {
    const asked = commands.map((name) => {
      const args = ARGUMENTS[name];
      if (args === undefined) throw new Error(`say in this spec what ${name} is given`);
      return [name, ...args];
    });
    const ended = await inOneProcess(project, [
      ...asked.map((args) => [...args, '--verbose']),
      ...asked.map((args) => [...args, ...wrong()]),
    ]);
    commands.forEach((name, at) =>
      said.set(name, { works: ended[at] as Ended, fails: ended[commands.length + at] as Ended }),
    );
  });

  it.each(commands)('%s prints none, neither when it works nor when it fails', (name) => {
    const { works, fails } = said.get(name) as { readonly works: Ended; readonly fails: Ended };
    expect(works.out + works.err).not.toContain(project.password);
    expect(works.out + works.err).not.toBe('');
    expect(fails.out + fails.err).not.toBe('');
    for (const spelling of [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET)])
      expect(fails.out + fails.err).not.toContain(spelling);
  });

  it('takes every flag that it documents', () => {
    for (const command of makeProgram().commands.filter((each) => !WITHOUT_DATABASE.has(each.name()))) {
      const flags = command.options.map(({ long }) => long);
      expect([command.name(), flags]).toEqual([
        command.name(),
        expect.arrayContaining(['--config', '--json', '--dry-run', '--yes', '--verbose', '--no-color']),
      ]);
    }
  });

  it('a secret in a configuration that throws', async () => {
    writeFileSync(
      join(project.folder, 'bad.config.ts'),
      `throw new Error('cannot reach ws://root:hidden-in-url@host')`,
    );
    const { err } = await project.run('schema:plan', '--config', 'bad.config.ts', '--verbose');
    expect(err).toContain('cannot reach');
    expect(err).not.toContain('hidden-in-url');
  });

  it('any secret, wherever it stands in what is said', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 5, maxLength: 30 }), fc.string(), (secret, around) => {
        const redactor = new Redactor();
        redactor.learn({ auth: { username: 'root', password: secret } });
        const say = (text: string) => redactor.hide(`${around}${text}${around}`);
        for (const spelled of [secret, toJson({ secret }), formatLiteral(secret), encodeURIComponent(secret)]) {
          const hidden = say(spelled);
          if (!around.includes(secret) && !'***'.includes(secret))
            expect(hidden.split('***').some((part) => part.includes(secret))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });
});
