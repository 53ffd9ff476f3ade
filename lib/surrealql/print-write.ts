import type { Expression } from './nodes/expressions.js';
import type {
  Assignment,
  CreateNode,
  DataClause,
  DeleteNode,
  InsertNode,
  RelateNode,
  ReturnClause,
  UpdateNode,
} from './nodes/statements.js';
import type { PrintContext } from './print-context.js';
import { operand } from './print-expression.js';
import { clause, printProjections } from './print-select.js';

export const writePrinters = {
  Create: (node: CreateNode, context: PrintContext): string =>
    `CREATE ${only(node)}${operand(node.target, context)}${data(node.data, context)}${ending(node, context)}`,
  Update: (node: UpdateNode, context: PrintContext): string =>
    `${node.verb} ${only(node)}${operand(node.target, context)}${data(node.data, context)}` +
    `${clause('WHERE', node.where, context)}${ending(node, context)}`,
  Delete: (node: DeleteNode, context: PrintContext): string =>
    `DELETE ${only(node)}${operand(node.target, context)}` +
    `${clause('WHERE', node.where, context)}${ending(node, context)}`,
  Relate: (node: RelateNode, context: PrintContext): string =>
    `RELATE ${only(node)}${operand(node.from, context)}->${operand(node.edge, context)}->${operand(node.to, context)}` +
    `${data(node.data, context)}${ending(node, context)}`,
  Insert: printInsert,
};

const only = (node: { readonly only?: boolean }): string => (node.only === true ? 'ONLY ' : '');

function printInsert(node: InsertNode, context: PrintContext): string {
  return [
    'INSERT',
    node.relation === true ? ' RELATION' : '',
    node.ignore === true ? ' IGNORE' : '',
    clause('INTO', node.into, context),
    ` ${operand(node.rows, context)}`,
    ending(node, context),
  ].join('');
}

function ending(
  { returns: given, timeout }: { readonly returns?: ReturnClause; readonly timeout?: Expression },
  context: PrintContext,
): string {
  return `${returns(given, context)}${clause('TIMEOUT', timeout, context)}`;
}

function data(node: DataClause | undefined, context: PrintContext): string {
  if (node === undefined) return '';
  if (node.kind === 'set') return ` SET ${assignments(node.assignments, context)}`;
  if (node.kind === 'unset') return ` UNSET ${context.list(node.paths)}`;
  return ` ${node.kind.toUpperCase()} ${operand(node.data, context)}`;
}

function assignments(nodes: readonly Assignment[], context: PrintContext): string {
  return nodes
    .map(({ target, operator, value }) => `${context.print(target)} ${operator} ${operand(value, context)}`)
    .join(', ');
}

function returns(node: ReturnClause | undefined, context: PrintContext): string {
  if (node === undefined) return '';
  if (typeof node === 'string') return ` RETURN ${node.toUpperCase()}`;
  return ` RETURN ${'value' in node ? `VALUE ${context.print(node.value)}` : printProjections(node.fields, context)}`;
}
