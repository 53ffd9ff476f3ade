import ts from 'typescript';
import { diagnosticsOf, programOf, repositoryOptions } from '../support/type-check.js';
import type { SourceLine } from './read-snippets.js';

/** A module made of a snippet: its imports on top, the rest inside `run`, so that it can be compiled once and run at will. */
export interface SnippetModule {
  readonly text: string;
  /** The documentation's line behind each line of `text` (0-based), 0 where there is none. */
  readonly origin: readonly number[];
}

export function toModule(lines: readonly SourceLine[]): SnippetModule {
  const source = ts.createSourceFile(
    'snippet.ts',
    lines.map((line) => line.text).join('\n'),
    ts.ScriptTarget.Latest,
    true,
  );
  const imports = new Imports();
  const top: number[] = [];
  const hidden = new Set<number>();
  for (const statement of source.statements) {
    const rows = rowsOf(source, statement);
    if (ts.isImportDeclaration(statement)) {
      imports.add(statement);
      rows.forEach((row) => hidden.add(row));
    } else if (isAmbient(statement)) top.push(...rows);
  }
  const body = lines.map((_, row) => row).filter((row) => !hidden.has(row) && !top.includes(row));
  const line = (row: number): [string, number] => [unexported(lines[row]?.text ?? ''), lines[row]?.line ?? 0];
  const out: [string, number][] = [
    ...imports.print().map((text): [string, number] => [text, lines[0]?.line ?? 0]),
    ...top.map(line),
    ['export async function run(): Promise<void> {', 0],
    ...body.map(line),
    ['}', 0],
  ];
  return { text: out.map(([text]) => text).join('\n'), origin: out.map(([, row]) => row) };
}

/** Type-checks all modules as one program under this repository's own options; answers with messages by file. */
export function typeCheck(files: ReadonlyMap<string, SnippetModule>): Map<string, string[]> {
  const program = programOf([...files.keys()], repositoryOptions(OPTIONS));
  return new Map(
    Array.from(files, ([file, { origin }]) => [
      file,
      diagnosticsOf(program, file).map((problem) => describe(problem, origin)),
    ]),
  );
}

/** A snippet shows a thing without using all of it. */
const OPTIONS: ts.CompilerOptions = { noUnusedLocals: false, noUnusedParameters: false };

function describe(problem: ts.Diagnostic, origin: readonly number[]): string {
  const row = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
  return `line ${origin[row] ?? 0}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`;
}

function rowsOf(source: ts.SourceFile, node: ts.Node): number[] {
  const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
  const last = source.getLineAndCharacterOfPosition(node.end).line;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function isAmbient(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
  );
}

/** Inside a function nothing is exported. */
function unexported(text: string): string {
  return text
    .replace(/^export default /, 'const exported = ')
    .replace(/^export (?=(abstract )?(class|async|function|const|let|type|interface|enum)\b)/, '');
}

/** The imports of several blocks, each name once. */
class Imports {
  readonly #named = new Map<string, Map<string, boolean>>();
  readonly #whole = new Set<string>();

  add(statement: ts.ImportDeclaration): void {
    const bindings = statement.importClause?.namedBindings;
    if (statement.importClause?.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
      this.#whole.add(statement.getText());
      return;
    }
    const from = statement.moduleSpecifier.getText();
    const names = this.#named.get(from) ?? new Map<string, boolean>();
    this.#named.set(from, names);
    for (const element of bindings.elements) {
      const typeOnly = element.isTypeOnly || statement.importClause?.isTypeOnly === true;
      const name = element.getText().replace(/^type /, '');
      names.set(name, typeOnly && names.get(name) !== false);
    }
  }

  print(): string[] {
    const named = [...this.#named].map(
      ([from, names]) =>
        `import { ${[...names].map(([name, typeOnly]) => (typeOnly ? `type ${name}` : name)).join(', ')} } from ${from};`,
    );
    return [...this.#whole, ...named];
  }
}
