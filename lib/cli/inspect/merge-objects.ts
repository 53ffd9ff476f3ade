import type { Compiler } from './compiler.js';
import type { CodeFile } from './code-file.js';
import type { MergeContext } from './merge-context.js';
import type { ObjectSource } from '../../schema/index.js';
import type ts from 'typescript';

/** Adds the functions, parameters and sequences that no file of the folder declares to the file that holds them. */
export function mergeObjects(
  compiler: Compiler,
  declarations: readonly ObjectSource[],
  file: CodeFile,
  context: MergeContext,
): void {
  const { folder, report, editsOf, placed } = context;
  const calls = folder.files.flatMap((each) =>
    each.calls.filter(({ callee }) => DEFINES.test(callee)).map((call) => ({ ...call, file: each })),
  );
  const keyOf = (callee: string, name: string): string => `${callee}\n${name}`;
  const known = new Set(calls.map(({ callee, name }) => keyOf(callee, name)));
  const stored = new Set(declarations.map(({ kind, name }) => keyOf(`define${kind}`, name)));
  for (const { callee, name, node, file: where } of calls) {
    if (stored.has(keyOf(callee, name))) continue;
    report.removed.push(() => `${callee.slice('define'.length).toLowerCase()} ${name} (${placed(where, node)})`);
  }
  const missing = declarations.filter(({ kind, name }) => !known.has(keyOf(`define${kind}`, name)));
  if (missing.length === 0) return;
  const edits = editsOf(file);
  const list = definitionsIn(compiler, file);
  const texts = missing.map(({ text }) => text);
  const needs = missing.flatMap((each) => each.needs);
  const variables = missing.map(({ variable }) => variable);
  for (const { kind, name } of missing) report.add(file.path, `${kind.toLowerCase()} ${name}`);
  if (list === undefined) {
    edits.insert(file.text.trimEnd().length, `\n\n${texts.join('\n\n')}`, needs);
    report.notes.push(
      () => `${placed(file)} has no list \`definitions\`: add ${variables.join(', ')} to what Reverie.init is given`,
    );
    return;
  }
  edits.insert(list.statement.getStart(), `${texts.join('\n\n')}\n\n`, needs);
  const { elements } = list.array;
  const last = elements[elements.length - 1];
  const names = variables.join(', ');
  if (last === undefined) edits.insert(list.array.elements.pos, names, []);
  else edits.insert(last.end, `, ${names}`, []);
}

const DEFINES = /^define(Function|Param|Sequence)$/;

/** `export const definitions = […]`. */
function definitionsIn(
  compiler: Compiler,
  { source }: CodeFile,
): { readonly statement: ts.Statement; readonly array: ts.ArrayLiteralExpression } | undefined {
  for (const statement of source.statements) {
    if (!compiler.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (name.getText() !== 'definitions' || initializer === undefined) continue;
      const array = bareExpression(compiler, initializer);
      if (compiler.isArrayLiteralExpression(array)) return { statement, array };
    }
  }
  return undefined;
}

/** Without `as const` and `satisfies …`. */
function bareExpression(compiler: Compiler, expression: ts.Expression): ts.Expression {
  return compiler.isAsExpression(expression) || compiler.isSatisfiesExpression(expression)
    ? bareExpression(compiler, expression.expression)
    : expression;
}
