import { ValidationError } from '../errors/index.js';
import { escapeIdentifier, escapeMember, qualifiedName } from './identifiers.js';
import type {
  CallNode,
  Expression,
  FragmentNode,
  GraphHop,
  GraphNode,
  JunctionNode,
  KnnNode,
  LocalNode,
  PathNode,
  PathPart,
} from './nodes/expressions.js';
import type { PrintContext } from './print-context.js';

type Printers = {
  readonly [K in Expression['kind']]: (node: Extract<Expression, { kind: K }>, context: PrintContext) => string;
};

export const expressionPrinters: Printers = {
  Value: (node, context) => context.value(node.value),
  Literal: (node, context) => context.withLiterals(() => context.value(node.value)),
  Param: (node, context) => printParam(node.name, context),
  Table: (node) => escapeIdentifier(node.name),
  Path: printPath,
  Property: (node, context) => operand(context.columnsOf(node.of, node.dotted), context),
  Local: (node, context) => context.local(node),
  Binary: (node, context) => `${operand(node.left, context)} ${node.operator} ${operand(node.right, context)}`,
  Junction: printJunction,
  Not: (node, context) => `!${parenthesised(node.operand, context)}`,
  Call: printCall,
  Constant: (node) => qualifiedName(node.name),
  Array: (node, context) => `[${context.nested(() => context.list(node.items))}]`,
  Object: (node, context) =>
    node.entries.length === 0
      ? '{}'
      : `{ ${context.nested(() => node.entries.map(([key, item]) => `${printKey(key)}: ${context.print(item)}`).join(', '))} }`,
  Closure: (node, context) =>
    `|${node.params.map((name) => `${printParameter(name, context)}: any`).join(', ')}| ${context.nested(() => context.print(node.body))}`,
  // `{}` alone is an empty object.
  Block: (node, context) =>
    node.statements.length === 0 ? '{;}' : `{ ${context.nested(() => context.list(node.statements, '; '))} }`,
  If: (node, context) =>
    `IF ${context.nested(() => context.print(node.condition))} ${context.print(node.then)}` +
    (node.otherwise === undefined ? '' : ` ELSE ${context.print(node.otherwise)}`),
  Subquery: (node, context) => `(${context.nested(() => context.print(node.statement))})`,
  Apart: (node, context) => context.apart(node),
  Graph: printGraph,
  Knn: printKnn,
  Match: (node, context) => context.print(node.anywhere),
  Fragment: printFragment,
};

/** What may stand beside an operator without brackets of its own. */
const ATOMS: ReadonlySet<Expression['kind']> = new Set([
  'Value',
  'Literal',
  'Param',
  'Table',
  'Path',
  'Property',
  'Local',
  'Call',
  'Constant',
  'Array',
  'Object',
  'Subquery',
  'Apart',
  'Graph',
]);

export function operand(node: Expression, context: PrintContext): string {
  return ATOMS.has(node.kind) ? context.print(node) : parenthesised(node, context);
}

function parenthesised(node: Expression, context: PrintContext): string {
  return `(${context.nested(() => endOfLine(context.print(node)))})`;
}

/** A user's trailing line comment must not swallow the bracket after it. */
export function endOfLine(text: string): string {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  return /--|\/\/|#/.test(line) ? `${text}\n` : text;
}

function printParam(name: string, context: PrintContext): string {
  context.variable(name);
  return `$${escapeMember(name)}`;
}

const printParameter = (name: string | LocalNode, context: PrintContext): string =>
  typeof name === 'string' ? printParam(name, context) : context.local(name);

const printKey = (key: string): string => (key === '' ? "''" : escapeIdentifier(key));

export function printPath(node: PathNode, context: PrintContext): string {
  const [first, ...rest] = node.parts;
  if (node.base !== undefined) return operand(node.base, context) + printParts(node.parts, context);
  if (typeof first === 'string') return escapeIdentifier(first) + printParts(rest, context);
  if (typeof first === 'symbol') return `*${printParts(rest, context)}`;
  throw new ValidationError({
    what: 'A path must begin with the name of a field',
    why: `it begins with ${String(first)}`,
  });
}

function printParts(parts: readonly PathPart[], context: PrintContext): string {
  return parts.map((part) => printPart(part, context)).join('');
}

function printPart(part: PathPart, context: PrintContext): string {
  if (typeof part === 'symbol') return '.*';
  if (typeof part === 'string') return `.${escapeMember(part)}`;
  if (typeof part === 'object') return `[WHERE ${context.nested(() => printCondition(part.where, context))}]`;
  if (Number.isSafeInteger(part) && part >= 0) return `[${part}]`;
  throw new ValidationError({ what: `${part} is no index of an array`, why: 'it must be a whole number from 0' });
}

/** What stands behind WHERE: an IF there needs brackets, or its block would end the clause. */
export function printCondition(node: Expression, context: PrintContext): string {
  return node.kind === 'If' ? operand(node, context) : context.print(node);
}

/**
 * Terms one level may hold. A flat chain of 750 overflows the engine's stack and brackets may be 20 deep:
 * 20 × 20 × 20 terms stand in two levels of brackets, none of them with a chain longer than 20.
 */
const ARITY = 20;

function printJunction(node: JunctionNode, context: PrintContext): string {
  const terms = flatten(node, node.operator);
  if (terms.length === 0) return node.operator === 'AND' ? 'true' : 'false';
  return printTerms(terms, node.operator, context);
}

function flatten(node: JunctionNode, operator: JunctionNode['operator']): readonly Expression[] {
  return node.terms.flatMap((term) =>
    term.kind === 'Junction' && term.operator === operator ? flatten(term, operator) : [unwrap(term)],
  );
}

/** A junction of one term is that term. */
function unwrap(term: Expression): Expression {
  return term.kind === 'Junction' && term.terms.length === 1 && term.terms[0] !== undefined
    ? unwrap(term.terms[0])
    : term;
}

function printTerms(terms: readonly Expression[], operator: JunctionNode['operator'], context: PrintContext): string {
  if (terms.length === 1 && terms[0] !== undefined) return context.print(terms[0]);
  if (terms.length <= ARITY) return terms.map((term) => printTerm(term, context)).join(` ${operator} `);
  const levels = Math.ceil(Math.log(terms.length) / Math.log(ARITY));
  const size = Math.ceil(terms.length / Math.ceil(terms.length ** (1 / levels)));
  const groups: string[] = [];
  for (let start = 0; start < terms.length; start += size) {
    const group = terms.slice(start, start + size);
    groups.push(
      group.length === 1 && group[0] !== undefined
        ? printTerm(group[0], context)
        : `(${context.nested(() => printTerms(group, operator, context))})`,
    );
  }
  return groups.join(` ${operator} `);
}

/** Comparisons bind tighter than AND and OR; ranges and user text are bracketed. */
function printTerm(term: Expression, context: PrintContext): string {
  if (term.kind === 'Binary' && !term.operator.startsWith('..')) return context.print(term);
  if (term.kind === 'Not' || term.kind === 'Knn') return context.print(term);
  return operand(term, context);
}

function printCall(node: CallNode, context: PrintContext): string {
  context.checkCall(node.name);
  const version = node.version === undefined ? '' : `<${plainVersion(node.version)}>`;
  return `${qualifiedName(node.name)}${version}(${context.nested(() => context.list(node.args))})`;
}

function plainVersion(version: string): string {
  if (/^\d+\.\d+\.\d+$/.test(version)) return version;
  throw new TypeError(`no version of a model: ${version}`);
}

function printGraph(node: GraphNode, context: PrintContext): string {
  const start = node.from === undefined ? '' : operand(node.from, context);
  return start + node.hops.map((hop) => printHop(hop, context)).join('');
}

function printHop(hop: GraphHop, context: PrintContext): string {
  const tables = hop.tables.length === 0 ? '?' : hop.tables.map(escapeIdentifier).join(', ');
  if (hop.field === undefined && hop.where === undefined && hop.tables.length <= 1) return hop.arrow + tables;
  const field = hop.field === undefined ? '' : ` FIELD ${escapeIdentifier(hop.field)}`;
  const inner = context.nested(() => (hop.where === undefined ? '' : ` WHERE ${printCondition(hop.where, context)}`));
  return `${hop.arrow}(${tables}${field}${inner})`;
}

function printKnn(node: KnnNode, context: PrintContext): string {
  const by = 'ef' in node.by ? count('ef', node.by.ef) : distance(node.by.distance);
  return `${operand(node.field, context)} <|${count('k', node.k)}, ${by}|> ${operand(node.vector, context)}`;
}

function count(what: string, value: number): string {
  if (Number.isSafeInteger(value) && value > 0) return String(value);
  throw new ValidationError({ what: `${what} must be a whole number from 1`, why: `it is ${String(value)}` });
}

/** The server takes no parameter here, so only words of its own may pass. */
function distance(name: string): string {
  const text = name.toUpperCase();
  if (/^[A-Z]+( \d+(\.\d+)?)?$/.test(text)) return text;
  throw new ValidationError({
    what: `${JSON.stringify(name)} is no distance of SurrealDB`,
    fix: 'use EUCLIDEAN, COSINE, MANHATTAN …',
  });
}

/** Brackets that a text may bring along uncounted, where it has any. */
const UNCOUNTED = 2;

function printFragment(node: FragmentNode, context: PrintContext): string {
  const levels = node.strings.some((text) => /[({[]/.test(text)) ? UNCOUNTED : 0;
  return context.nested(() => printTexts(node, context), levels);
}

function printTexts(node: FragmentNode, context: PrintContext): string {
  return node.strings
    .map((text, index) => {
      for (const [, name = ''] of text.matchAll(/\$`?([A-Za-z_]\w*)/g)) context.userVariable(name);
      const hole = node.values[index];
      return hole === undefined ? text : text + printHole(hole, context);
    })
    .join('');
}

function printHole(hole: Expression, context: PrintContext): string {
  if (hole.kind === 'Fragment') return context.print(hole);
  if (hole.kind !== 'Value') return operand(hole, context);
  const isClass = typeof hole.value === 'function';
  const table =
    isClass || (typeof hole.value === 'object' && hole.value !== null) ? context.tableOf(hole.value) : undefined;
  if (table !== undefined) return escapeIdentifier(table);
  if (!isClass) return context.value(hole.value);
  throw new ValidationError({
    what: `${(hole.value as { name?: string }).name || 'A function'} stands in a surql text but is no entity of this ORM`,
    why: 'a class is spliced as its table, and this one has none here',
    fix: ['add the class to `entities` of Reverie.init', 'interpolate a value, surql.id(name) or another surql'],
  });
}
