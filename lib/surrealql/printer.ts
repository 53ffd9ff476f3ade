import type { Expression } from './nodes/expressions.js';
import type { Statement } from './nodes/statements.js';
import { PrintContext, type Node, type PrintOptions } from './print-context.js';
import { definitionPrinters } from './print-definition.js';
import { expressionPrinters } from './print-expression.js';
import { selectPrinters } from './print-select.js';
import { statementPrinters } from './print-statement.js';
import { writePrinters } from './print-write.js';
import { assertUnicode } from './identifiers.js';
import type { Printed } from './printed.js';

export type { PrintOptions } from './print-context.js';

/** Typed over the union: a kind of node without a printer does not compile. */
const PRINTERS: { readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>, context: PrintContext) => string } =
  Object.freeze({
    ...expressionPrinters,
    ...selectPrinters,
    ...writePrinters,
    ...statementPrinters,
    ...definitionPrinters,
  });

/** Each of these is one level more for the parser, wherever it stands. */
const STATEMENTS: ReadonlySet<string> = new Set(
  Object.keys({ ...selectPrinters, ...writePrinters, ...statementPrinters, ...definitionPrinters }).filter(
    (kind) => kind !== 'Evaluate' && kind !== 'Transaction',
  ),
);

function visit(node: Node, context: PrintContext): string {
  const printNode = PRINTERS[node.kind] as (node: Node, context: PrintContext) => string;
  return STATEMENTS.has(node.kind) ? context.nested(() => printNode(node, context)) : printNode(node, context);
}

const isList = (node: Statement | readonly Statement[]): node is readonly Statement[] => Array.isArray(node);

/**
 * Turns statements into the text of one request and the values bound to its parameters (`$p1`, `$p2` …).
 * Throws a ValidationError for a query that is nested deeper than the server's parser goes, and for text that is not Unicode.
 *
 * ```ts
 * print(select({ from: [table('user')], where: binary(path('age'), '>', value(18)) }));
 * // { text: 'SELECT * FROM user WHERE age > $p1', bindings: { p1: 18 } }
 * ```
 */
export function print(node: Statement | readonly Statement[], options: PrintOptions = {}): Printed {
  return run(options, (context) =>
    isList(node) ? node.map((statement) => `${context.print(statement)};`).join('\n') : printAlone(node, context),
  );
}

/**
 * What a statement reads apart stands in a block with it: in a LET of its own a walk along edges would evaluate computed fields
 * over partial rows (3.0.2).
 */
function printAlone(node: Statement, context: PrintContext): string {
  const own = context.print(node);
  const preceding = context.takePreceding();
  if (preceding.length === 0) return own;
  context.deepen(3);
  return `RETURN { ${[...preceding, node.kind === 'Select' ? `RETURN ${own}` : own].join('; ')} }`;
}

/**
 * An expression alone, for logs, tests and comparing definitions.
 *
 * ```ts
 * printExpression(binary(path('age'), '>=', value(18)), { literals: true }).text;   // age >= 18
 * ```
 */
export function printExpression(node: Expression, options: PrintOptions = {}): Printed {
  return run(options, (context) => context.print(node));
}

function run(options: PrintOptions, inner: (context: PrintContext) => string): Printed {
  for (let prefix = 'p'; ; prefix += '_') {
    const context = new PrintContext(visit, options, prefix);
    const own = inner(context);
    const text = [...context.takePreceding(), own].join(';\n');
    if (context.clash) continue;
    assertUnicode(text);
    return Object.freeze({ text, bindings: Object.freeze(context.bindings) });
  }
}
