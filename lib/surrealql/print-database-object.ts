import { printType } from '../types/print-type.js';
import { Duration, formatLiteral, formatString } from '../values/index.js';
import { escapeMember, qualifiedName } from './identifiers.js';
import type { DefineFunctionNode, DefineParamNode, DefineSequenceNode, ExistsClause } from './nodes/definitions.js';
import type { PermissionClause } from './nodes/definitions.js';
import { endOfLine } from './print-expression.js';
import type { PrintContext } from './print-context.js';

/** What belongs to the database and to no table. */
export const databaseObjectPrinters = {
  DefineFunction: (node: DefineFunctionNode, context: PrintContext): string =>
    context.withLiterals(() => printFunction(node, context)),
  DefineParam: (node: DefineParamNode, context: PrintContext): string =>
    context.withLiterals(() => printParam(node, context)),
  DefineSequence: printSequence,
};

export const functionName = (name: string): string => `fn::${qualifiedName(name)}`;
export const paramName = (name: string): string => `$${escapeMember(name)}`;

function define(object: string, exists: ExistsClause | undefined): string {
  const clause = exists === undefined ? '' : exists === 'overwrite' ? ' OVERWRITE' : ' IF NOT EXISTS';
  return `DEFINE ${object}${clause}`;
}

function printFunction(node: DefineFunctionNode, context: PrintContext): string {
  const args = node.args.map(({ name, type }) => `${paramName(name)}: ${printType(type)}`).join(', ');
  const returns = node.returns === undefined ? '' : ` -> ${printType(node.returns)}`;
  const body = endOfLine(context.print(node.body).trim());
  return `${define('FUNCTION', node.exists)} ${functionName(node.name)}(${args})${returns} { ${body} }${tail(node, context)}`;
}

function printParam(node: DefineParamNode, context: PrintContext): string {
  return `${define('PARAM', node.exists)} ${paramName(node.name)} VALUE ${formatLiteral(node.value)}${tail(node, context)}`;
}

interface Tail {
  readonly comment?: string;
  readonly permissions?: PermissionClause;
}

function tail({ comment, permissions }: Tail, context: PrintContext): string {
  return [
    comment === undefined ? '' : ` COMMENT ${formatString(comment)}`,
    permissions === undefined
      ? ''
      : ` PERMISSIONS ${typeof permissions === 'string' ? permissions.toUpperCase() : `WHERE ${endOfLine(context.print(permissions))}`}`,
  ].join('');
}

function printSequence(node: DefineSequenceNode): string {
  return [
    `${define('SEQUENCE', node.exists)} ${escapeMember(node.name)}`,
    node.batch === undefined ? '' : ` BATCH ${node.batch}`,
    node.start === undefined ? '' : ` START ${node.start}`,
    node.timeout === undefined ? '' : ` TIMEOUT ${String(new Duration(node.timeout))}`,
  ].join('');
}
