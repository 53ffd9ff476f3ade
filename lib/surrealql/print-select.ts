import { ValidationError } from '../errors/index.js';
import { escapeIdentifier, escapeMember } from './identifiers.js';
import type { Expression } from './nodes/expressions.js';
import type { LiveNode, Ordering, Projection, SelectNode } from './nodes/statements.js';
import type { PrintContext } from './print-context.js';
import { operand, printCondition } from './print-expression.js';

export const selectPrinters = {
  Select: printSelect,
  Live: printLive,
};

/** ` KEYWORD expression`, or nothing. */
export function clause(keyword: string, node: Expression | undefined, context: PrintContext): string {
  if (node === undefined) return '';
  return ` ${keyword} ${keyword === 'WHERE' ? printCondition(node, context) : context.print(node)}`;
}

function paths(keyword: string, nodes: readonly Expression[] | undefined, context: PrintContext): string {
  return nodes === undefined || nodes.length === 0 ? '' : ` ${keyword} ${context.list(nodes)}`;
}

function printSelect(node: SelectNode, context: PrintContext): string {
  return [
    `SELECT ${printFields(node, context)}`,
    paths('OMIT', node.omit, context),
    ` FROM ${node.only === true ? 'ONLY ' : ''}${node.from.map((source) => operand(source, context)).join(', ')}`,
    printIndexes(node.withIndex),
    clause('WHERE', node.where, context),
    paths('SPLIT', node.split, context),
    node.groupBy === 'all' ? ' GROUP ALL' : paths('GROUP BY', node.groupBy, context),
    printOrder(node, context),
    clause('LIMIT', node.limit, context),
    clause('START', node.start, context),
    paths('FETCH', node.fetch, context),
    clause('VERSION', node.version, context),
    clause('TIMEOUT', node.timeout, context),
    node.explain === undefined ? '' : ` EXPLAIN${node.explain === 'full' ? ' FULL' : ''}`,
  ].join('');
}

function printFields(node: SelectNode, context: PrintContext): string {
  if (node.value !== undefined) return `VALUE ${apartFromValue(context.print(node.value))}`;
  const projections = printProjections(node.projections, context);
  if (!node.all) return projections;
  return node.projections.length === 0 ? '*' : `*, ${projections}`;
}

export function printProjections(projections: readonly Projection[], context: PrintContext): string {
  return projections
    .map(({ expression, alias }) => {
      const text = apartFromValue(context.print(expression));
      return alias === undefined ? text : `${text} AS ${alias.map(escapeAlias).join('.')}`;
    })
    .join(', ');
}

/** Behind SELECT the parser takes the family `value::` for the keyword VALUE. */
const apartFromValue = (text: string): string => (text.startsWith('value::') ? `(${text})` : text);

const escapeAlias = (name: string, index: number): string =>
  index === 0 ? escapeIdentifier(name) : escapeMember(name);

function printIndexes(names: readonly string[] | undefined): string {
  if (names === undefined) return '';
  return names.length === 0 ? ' WITH NOINDEX' : ` WITH INDEX ${names.map(escapeIdentifier).join(', ')}`;
}

function printOrder(node: SelectNode, context: PrintContext): string {
  if (node.orderBy === undefined || node.orderBy.length === 0) return '';
  return ` ORDER BY ${node.orderBy.map((key) => printOrdering(key, node, context)).join(', ')}`;
}

/** The parser wants every sort key in the projection: found here, it can be explained. */
function printOrdering(key: Ordering, node: SelectNode, context: PrintContext): string {
  const text = context.print(key.by);
  if (key.by.kind === 'Path' && !node.all && !projects(node, text, context)) {
    throw new ValidationError({
      what: `ORDER BY ${text} needs ${text} among the selected fields`,
      why: 'SurrealDB sorts the projected rows',
      fix: `select ${text} too, or sort inside: SELECT … FROM (SELECT * FROM … ORDER BY ${text})`,
    });
  }
  // The parser takes them in this order alone.
  const comparison = `${key.collate === true ? ' COLLATE' : ''}${key.numeric === true ? ' NUMERIC' : ''}`;
  return `${text}${comparison}${key.direction === 'DESC' ? ' DESC' : ''}`;
}

function projects(node: SelectNode, text: string, context: PrintContext): boolean {
  if (node.value !== undefined) return node.value.kind === 'Path' && context.print(node.value) === text;
  return node.projections.some(({ expression, alias }) => {
    const name =
      alias === undefined
        ? expression.kind === 'Path'
          ? context.print(expression)
          : undefined
        : alias.map(escapeAlias).join('.');
    return name === text;
  });
}

function printLive(node: LiveNode, context: PrintContext): string {
  const fields =
    node.diff === true
      ? 'DIFF'
      : node.projections === undefined || node.projections.length === 0
        ? '*'
        : printProjections(node.projections, context);
  return `LIVE SELECT ${fields} FROM ${operand(node.from, context)}${clause('WHERE', node.where, context)}${paths('FETCH', node.fetch, context)}`;
}
