import { formatLiteral } from '../values/index.js';
import { escapeIdentifier, escapeMember } from './identifiers.js';
import type { Expression } from './nodes/expressions.js';
import type {
  AccessNode,
  ExpressionStatementNode,
  ForNode,
  InfoNode,
  KillNode,
  LetNode,
  ReturnNode,
  ShowChangesNode,
  ThrowNode,
  TransactionNode,
} from './nodes/statements.js';
import type { PrintContext } from './print-context.js';
import { operand } from './print-expression.js';

export const statementPrinters = {
  Let: (node: LetNode, context: PrintContext): string =>
    `LET ${variable(node.name, context)} = ${context.print(node.value)}`,
  Return: (node: ReturnNode, context: PrintContext): string => `RETURN ${printBare(node.value, context)}`,
  Throw: (node: ThrowNode, context: PrintContext): string => `THROW ${context.print(node.value)}`,
  For: printFor,
  Evaluate: (node: ExpressionStatementNode, context: PrintContext): string => context.print(node.expression),
  Kill: (node: KillNode, context: PrintContext): string => `KILL ${context.print(node.id)}`,
  Info: (node: InfoNode): string => `INFO FOR ${infoTarget(node.of)}${node.structure === true ? ' STRUCTURE' : ''}`,
  // The server takes neither of the numbers as a parameter.
  ShowChanges: ({ since, limit }: ShowChangesNode): string => `SHOW CHANGES FOR DATABASE SINCE ${since} LIMIT ${limit}`,
  Access: (node: AccessNode, context: PrintContext): string =>
    `ACCESS ${escapeIdentifier(node.name)} ON DATABASE ${accessAction(node.does, context)}`,
  Transaction: (node: TransactionNode, context: PrintContext): string => {
    const statements = node.statements.map((statement) => context.print(statement));
    return ['BEGIN', ...context.takePreceding(), ...statements, node.end].join(';\n');
  },
};

/** A statement behind RETURN needs no brackets, of which the parser takes only so many. */
function printBare(node: Expression, context: PrintContext): string {
  if (node.kind === 'Block' && context.isOutermost)
    return `{ ${context.nested(() => context.scoped(() => context.list(node.statements, '; ')))} }`;
  return context.print(node.kind === 'Subquery' ? node.statement : node);
}

function variable(name: string, context: PrintContext): string {
  context.variable(name);
  return `$${escapeMember(name)}`;
}

function printFor(node: ForNode, context: PrintContext): string {
  const head = `FOR ${variable(node.variable, context)} IN ${operand(node.source, context)}`;
  const body = () => context.list(node.body, '; ');
  return `${head} { ${context.nested(() => (context.isOutermost ? context.scoped(body) : body()))} }`;
}

/** The server takes the one who is granted a key as it is written, not as a parameter. */
function accessAction(does: AccessNode['does'], context: PrintContext): string {
  if (does === 'purge') return 'PURGE EXPIRED, REVOKED';
  if ('grant' in does) {
    const { grant } = does;
    return typeof grant === 'string'
      ? `GRANT FOR USER ${escapeIdentifier(grant)}`
      : `GRANT FOR RECORD ${formatLiteral(grant)}`;
  }
  const [verb, condition] = 'show' in does ? ['SHOW', does.show] : ['REVOKE', does.revoke];
  return condition === undefined ? `${verb} ALL` : `${verb} WHERE ${context.print(condition)}`;
}

function infoTarget(of: InfoNode['of']): string {
  if (typeof of === 'string') return { root: 'ROOT', namespace: 'NS', database: 'DB' }[of];
  if ('index' in of) return `INDEX ${escapeIdentifier(of.index)} ON ${escapeIdentifier(of.table)}`;
  return `TABLE ${escapeIdentifier(of.table)}`;
}
