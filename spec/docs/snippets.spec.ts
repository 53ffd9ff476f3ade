import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Reverie } from '../../lib/index.js';
import { type SnippetModule, toModule, typeCheck } from './compile-snippets.js';
import * as coverage from './coverage-rows.js';
import { readBlocks, withSetup } from './read-snippets.js';
import * as where from './where-rows.js';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, '.cache', 'snippets');

interface Snippet {
  readonly title: string;
  readonly file: string;
  readonly run: boolean;
  readonly module: SnippetModule;
}

const snippets = pages().flatMap(snippetsOf);
/** The rows of tables, which specs of their own run. */
const tables = [
  { title: 'the table of docs/surrealql.md', file: join(FOLDER, 'coverage.ts'), module: coverage.moduleOfRows() },
  { title: 'the table of docs/where.md', file: join(FOLDER, 'where.ts'), module: where.moduleOfRows() },
];
const compiled = [...snippets, ...tables];

function pages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  return [
    join(ROOT, 'README.md'),
    ...docs.filter((file) => file.endsWith('.md')).map((file) => join(ROOT, 'docs', file)),
  ];
}

function snippetsOf(path: string): Snippet[] {
  const page = relative(ROOT, path);
  const blocks = readBlocks(readFileSync(path, 'utf8'));
  return blocks
    .filter((block) => block.shown)
    .map((block) => ({
      title: `${page}:${block.line}`,
      file: join(FOLDER, `${page.replace(/[^\w]/g, '-')}-${block.line}.ts`),
      run: block.run,
      module: toModule(withSetup(block, blocks)),
    }));
}

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { file, module } of compiled) writeFileSync(file, module.text);
});

describe('snippets compile', () => {
  let problems: ReadonlyMap<string, readonly string[]>;
  beforeAll(() => {
    problems = typeCheck(new Map(compiled.map(({ file, module }) => [file, module])));
  }, 120_000);

  test.each(compiled)('$title', ({ file }) => {
    expect(problems.get(file)).toEqual([]);
  });
});

describe('snippets run', () => {
  const init = Reverie.init;
  const opened: Reverie[] = [];
  beforeEach(() => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    // A snippet that fails half-way leaves its ORM open.
    jest.spyOn(Reverie, 'init').mockImplementation(async (options) => {
      const orm = await init.call(Reverie, options);
      opened.push(orm);
      return orm;
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const orm of opened.splice(0)) await orm.close();
  });

  test.each(snippets.filter(({ run }) => run))('$title', async ({ file }) => {
    const { run } = (await import(file)) as { readonly run: () => Promise<void> };
    await run();
  });
});
