import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reverie, type LogEntry } from '../../lib/index.js';
import { toModule, typeCheck } from './compile-snippets.js';
import { readBlocks, withSetup, type SourceLine } from './read-snippets.js';

const ROOT = join(__dirname, '..', '..');
const FILE = join(ROOT, '.cache', 'coverage', 'rows.ts');

/** A row of the tables: what is looked for, how it is said, and where it is tested. */
interface Row {
  readonly line: number;
  readonly clauses: readonly string[];
  readonly snippet: string;
  readonly tested: string;
}

const page = readFileSync(join(ROOT, 'docs', 'surrealql.md'), 'utf8');
const rows = page.split('\n').flatMap((text, index): Row[] => {
  const [, first, second, tested] = /^\| (`.*?`) +\| `(.*)` +\| (\S+) +\|$/.exec(text) ?? [];
  if (first === undefined || second === undefined || tested === undefined) return [];
  const clauses = Array.from(first.matchAll(/`([^`]+)`/g), ([, clause]) => clause as string);
  return [{ line: index + 1, clauses, snippet: second, tested }];
});

/** The model, then every row, told to whoever runs it. */
function moduleOfRows() {
  const blocks = readBlocks(page);
  const model = blocks.find(({ name }) => name === 'model');
  if (model === undefined) throw new Error('docs/surrealql.md has no model');
  const each = ({ line, snippet }: Row): SourceLine => ({ line, text: `await row(${line}, async () => ${snippet});` });
  const ambient = {
    line: 0,
    text: 'declare const row: (line: number, work: () => Promise<unknown>) => Promise<void>;',
  };
  return toModule([...withSetup(model, blocks), ambient, ...rows.map(each), { line: 0, text: 'await orm.close();' }]);
}

describe('the coverage table', () => {
  const sent = new Map<number, string>();
  const failures = new Map<number, unknown>();
  let problems: readonly string[] = [];

  beforeAll(async () => {
    const module = moduleOfRows();
    mkdirSync(join(FILE, '..'), { recursive: true });
    writeFileSync(FILE, module.text);
    problems = typeCheck(new Map([[FILE, module]])).get(FILE) ?? [];
    const log: string[] = [];
    const init = Reverie.init;
    jest
      .spyOn(Reverie, 'init')
      .mockImplementation((options) =>
        init.call(Reverie, { ...options, logger: ({ text }: LogEntry) => void log.push(text) }),
      );
    const row = async (line: number, work: () => Promise<unknown>): Promise<void> => {
      log.length = 0;
      const answer = await work().catch((error: unknown) => void failures.set(line, error));
      const printed = (answer as { readonly text?: unknown } | undefined)?.text;
      sent.set(line, [...log, printed].join('\n'));
    };
    Object.assign(globalThis, { row });
    const { run } = (await import(FILE)) as { readonly run: () => Promise<void> };
    await run();
    jest.restoreAllMocks();
  }, 120_000);

  it('compiles', () => expect(problems).toEqual([]));

  it('has a row for every line of its tables', () => {
    const lines = page.split('\n').filter((text) => text.startsWith('| `'));
    expect(rows).toHaveLength(lines.length);
    expect(rows.length).toBeGreaterThan(70);
  });

  it.each(rows)('$line: $snippet', ({ line, clauses, tested }) => {
    expect(failures.get(line)).toBeUndefined();
    for (const clause of clauses) expect(sent.get(line)).toContain(clause);
    expect(existsSync(join(ROOT, tested))).toBe(true);
  });
});
