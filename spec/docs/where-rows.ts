import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toModule, type SnippetModule } from './compile-snippets.js';
import { readBlocks, withSetup, type SourceLine } from './read-snippets.js';

const ROOT = join(__dirname, '..', '..');
export const FILE = join(ROOT, '.cache', 'where-table', 'rows.ts');

/** A row of the tables: a where, and the condition that it is said to print. */
export interface Row {
  readonly line: number;
  readonly entity: 'Product' | 'Maker';
  readonly where: string;
  readonly printed: string;
}

export const page = readFileSync(join(ROOT, 'docs', 'where.md'), 'utf8');
export const rows = page.split('\n').flatMap((text, index): Row[] => {
  const [, where, printed] = /^\| `(\{.*?\})` +\| `(.*?)` +\|/.exec(text) ?? [];
  if (where === undefined || printed === undefined) return [];
  return [{ line: index + 1, entity: where.includes('products') ? 'Maker' : 'Product', where, printed }];
});

/** The model, then every row, told to whoever runs it. */
export function moduleOfRows(): SnippetModule {
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
