import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATOR_NAMES } from '../../lib/query/operators/index.js';
import { toModule, typeCheck } from './compile-snippets.js';
import { readBlocks, withSetup, type SourceLine } from './read-snippets.js';

const ROOT = join(__dirname, '..', '..');
const FILE = join(ROOT, '.cache', 'where-table', 'rows.ts');

/** A row of the tables: a where, and the condition that it is said to print. */
interface Row {
  readonly line: number;
  readonly entity: 'Product' | 'Maker';
  readonly where: string;
  readonly printed: string;
}

const page = readFileSync(join(ROOT, 'docs', 'where.md'), 'utf8');
const rows = page.split('\n').flatMap((text, index): Row[] => {
  const [, where, printed] = /^\| `(\{.*?\})` +\| `(.*?)` +\|/.exec(text) ?? [];
  if (where === undefined || printed === undefined) return [];
  return [{ line: index + 1, entity: where.includes('products') ? 'Maker' : 'Product', where, printed }];
});

/** The model, then every row, told to whoever runs it. */
function moduleOfRows() {
  const blocks = readBlocks(page);
  const model = blocks.find(({ name }) => name === 'model');
  if (model === undefined) throw new Error('docs/where.md has no model');
  const each = ({ line, entity, where }: Row): SourceLine => ({
    line,
    text: `row(${line}, em.select(${entity}).where(${where}).toSurql().text);`,
  });
  const ambient = { line: 0, text: 'declare const row: (line: number, text: string) => void;' };
  return toModule([...withSetup(model, blocks), ambient, ...rows.map(each), { line: 0, text: 'await orm.close();' }]);
}

describe('the table of operators', () => {
  const printed = new Map<number, string>();
  let problems: readonly string[] = [];

  beforeAll(async () => {
    const module = moduleOfRows();
    mkdirSync(join(FILE, '..'), { recursive: true });
    writeFileSync(FILE, module.text);
    problems = typeCheck(new Map([[FILE, module]])).get(FILE) ?? [];
    Object.assign(globalThis, { row: (line: number, text: string) => void printed.set(line, text) });
    const { run } = (await import(FILE)) as { readonly run: () => Promise<void> };
    await run();
  }, 120_000);

  it('compiles', () => expect(problems).toEqual([]));

  it('has a row for every line of its tables', () => {
    expect(rows).toHaveLength(page.split('\n').filter((text) => text.startsWith('| `')).length);
  });

  it.each([...OPERATOR_NAMES, '$and', '$or', '$some', '$every', '$none'])('has %s', (name) => {
    expect(rows.some(({ where }) => where.includes(`${name}:`))).toBe(true);
  });

  it.each(rows)('$line: $where', ({ line, printed: wanted }) => {
    const [, condition] = / WHERE (.*)$/.exec(printed.get(line) ?? '') ?? [];
    expect(condition?.replace(/ ORDER BY id$/, '')).toBe(wanted);
  });
});
