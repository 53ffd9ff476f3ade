import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toModule, type SnippetModule } from './compile-snippets.js';
import { readBlocks, withSetup, type SourceLine } from './read-snippets.js';

const ROOT = join(__dirname, '..', '..');
export const FILE = join(ROOT, '.cache', 'coverage', 'rows.ts');

/** A row of the tables: what is looked for, how it is said, and where it is tested. */
export interface Row {
  readonly line: number;
  readonly clauses: readonly string[];
  readonly snippet: string;
  readonly tested: string;
}

export const page = readFileSync(join(ROOT, 'docs', 'surrealql.md'), 'utf8');
export const rows = page.split('\n').flatMap((text, index): Row[] => {
  const [, first, second, tested] = /^\| (`.*?`) +\| `(.*)` +\| (\S+) +\|$/.exec(text) ?? [];
  if (first === undefined || second === undefined || tested === undefined) return [];
  const clauses = Array.from(first.matchAll(/`([^`]+)`/g), ([, clause]) => clause as string);
  return [{ line: index + 1, clauses, snippet: second, tested }];
});

/** The model, then every row, told to whoever runs it. */
export function moduleOfRows(): SnippetModule {
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
