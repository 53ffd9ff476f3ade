import { ValidationError } from '../errors/index.js';
import { printType } from '../types/print-type.js';
import { Duration, formatString } from '../values/index.js';
import { escapeIdentifier, escapeMember } from './identifiers.js';
import type {
  AlterTableNode,
  DefineAccessNode,
  DefineAnalyzerNode,
  DefineEventNode,
  DefineFieldNode,
  DefineIndexNode,
  DefineTableNode,
  ExistsClause,
  PermissionClause,
  PermissionsClause,
  RemoveNode,
} from './nodes/definitions.js';
import type { Expression } from './nodes/expressions.js';
import { printAccess } from './print-access.js';
import type { PrintContext } from './print-context.js';
import { endOfLine } from './print-expression.js';
import { databaseObjectPrinters, functionName, paramName } from './print-database-object.js';

export const definitionPrinters = {
  DefineTable: (node: DefineTableNode, context: PrintContext): string =>
    context.withLiterals(() => printTable(node, context)),
  DefineField: (node: DefineFieldNode, context: PrintContext): string =>
    context.withLiterals(() => printField(node, context)),
  DefineIndex: printIndex,
  DefineEvent: (node: DefineEventNode, context: PrintContext): string =>
    context.withLiterals(() => printEvent(node, context)),
  DefineAnalyzer: printAnalyzer,
  ...databaseObjectPrinters,
  DefineAccess: (node: DefineAccessNode, context: PrintContext): string =>
    context.withLiterals(() => printAccess(node, context)),
  Remove: printRemove,
  AlterTable: (node: AlterTableNode): string =>
    `ALTER TABLE ${escapeIdentifier(node.name)}` +
    (node.schemafull === undefined ? '' : node.schemafull ? ' SCHEMAFULL' : ' SCHEMALESS'),
};

/** Where something is defined: `DEFINE FIELD IF NOT EXISTS name`. */
function define(kind: string, exists: ExistsClause | undefined, name: string): string {
  const clause = exists === undefined ? '' : exists === 'overwrite' ? ' OVERWRITE' : ' IF NOT EXISTS';
  return `DEFINE ${kind}${clause} ${name}`;
}

const comment = (text: string | undefined): string => (text === undefined ? '' : ` COMMENT ${formatString(text)}`);

function definedPath(path: readonly (string | symbol)[]): string {
  return path
    .map((part, index) => (typeof part === 'symbol' ? '*' : index === 0 ? escapeIdentifier(part) : escapeMember(part)))
    .join('.');
}

function printTable(node: DefineTableNode, context: PrintContext): string {
  return [
    define('TABLE', node.exists, escapeIdentifier(node.name)),
    ` TYPE ${node.type}${tables(' IN', node.in)}${tables(' OUT', node.out)}${node.enforced === true ? ' ENFORCED' : ''}`,
    node.drop === true ? ' DROP' : '',
    node.schemafull ? ' SCHEMAFULL' : ' SCHEMALESS',
    comment(node.comment),
    node.as === undefined ? '' : ` AS ${context.print(node.as)}`,
    node.changefeed === undefined ? '' : ` CHANGEFEED ${String(new Duration(node.changefeed.expiry))}`,
    node.changefeed?.includeOriginal === true ? ' INCLUDE ORIGINAL' : '',
    permissions(node.permissions, ['select', 'create', 'update', 'delete'], context),
  ].join('');
}

function tables(keyword: string, names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? '' : `${keyword} ${names.map(escapeIdentifier).join(' | ')}`;
}

type Operation = 'select' | 'create' | 'update' | 'delete';

function permissions(
  node: PermissionsClause | undefined,
  operations: readonly Operation[],
  context: PrintContext,
): string {
  if (node === undefined) return '';
  if (typeof node === 'string') return ` PERMISSIONS ${node.toUpperCase()}`;
  const given = operations.flatMap((operation) => {
    const permission = node[operation];
    return permission === undefined ? [] : [`FOR ${operation} ${printPermission(permission, context)}`];
  });
  return given.length === 0 ? '' : ` PERMISSIONS ${given.join(', ')}`;
}

function printPermission(node: PermissionClause, context: PrintContext): string {
  return typeof node === 'string' ? node.toUpperCase() : `WHERE ${endOfLine(context.print(node))}`;
}

/** SurrealDB 3.0 stores a field's name unquoted and reads it again: these make the whole table unreadable, quoted or not. */
const RUINOUS: ReadonlySet<string> = new Set(
  (
    'alter break continue create define delete explain false for function if info insert let none null rebuild relate remove return ' +
    'select sleep throw true update upsert'
  ).split(' '),
);

function printField(node: DefineFieldNode, context: PrintContext): string {
  const [first] = node.path;
  if (typeof first === 'string' && RUINOUS.has(first.toLowerCase())) {
    throw new ValidationError({
      what: `A field of ${node.table} cannot be named ${first}`,
      why: 'SurrealDB reads the stored name as a statement, after which the table can be neither read nor written',
      fix: `give the column another name: @Field('…', { name: '${first}_' })`,
    });
  }
  return [
    define('FIELD', node.exists, definedPath(node.path)),
    ` ON TABLE ${escapeIdentifier(node.table)}`,
    node.type === undefined ? '' : ` TYPE ${printType(node.type)}`,
    node.flexible === true ? ' FLEXIBLE' : '',
    node.default === undefined
      ? ''
      : ` DEFAULT${node.default.always ? ' ALWAYS' : ''} ${endOfLine(context.print(node.default.value))}`,
    node.readonly === true ? ' READONLY' : '',
    clause('VALUE', node.value, context),
    clause('ASSERT', node.assert, context),
    clause('COMPUTED', node.computed, context),
    node.reference === undefined ? '' : ` REFERENCE ON DELETE ${onDelete(node.reference.onDelete, context)}`,
    comment(node.comment),
    permissions(node.permissions, ['select', 'create', 'update'], context),
  ].join('');
}

function clause(keyword: string, node: Expression | undefined, context: PrintContext): string {
  return node === undefined ? '' : ` ${keyword} ${endOfLine(context.print(node))}`;
}

function onDelete(action: 'REJECT' | 'CASCADE' | 'IGNORE' | 'UNSET' | Expression, context: PrintContext): string {
  return typeof action === 'string' ? action : `THEN ${script(action, context)}`;
}

/** What an event or a reference does: a block as it is, anything else in brackets. */
function script(node: Expression, context: PrintContext): string {
  const text = context.print(node);
  return node.kind === 'Block' || node.kind === 'Subquery' || /^\s*\{[^]*\}\s*$/.test(text) ? text : `(${text})`;
}

function printIndex(node: DefineIndexNode): string {
  const columns = node.columns.length === 0 ? '' : ` FIELDS ${node.columns.map(definedPath).join(', ')}`;
  const name = define('INDEX', node.exists, escapeIdentifier(node.name));
  return `${name} ON TABLE ${escapeIdentifier(node.table)}${columns}${variant(node.variant)}${comment(node.comment)}${building(node)}`;
}

/** When entries are made: with the definition, or in the background. */
const building = ({ concurrently, defer }: DefineIndexNode): string =>
  (concurrently === true ? ' CONCURRENTLY' : '') + (defer === true ? ' DEFER' : '');

function variant(node: DefineIndexNode['variant']): string {
  switch (node.kind) {
    case 'plain':
      return '';
    case 'fulltext':
      return (
        ` FULLTEXT ANALYZER ${escapeIdentifier(node.analyzer)}` +
        (node.bm25 === undefined
          ? ''
          : node.bm25 === true
            ? ' BM25'
            : ` BM25(${number(node.bm25[0])}, ${number(node.bm25[1])})`) +
        (node.highlights ? ' HIGHLIGHTS' : '')
      );
    case 'hnsw':
      return (
        ` HNSW DIMENSION ${number(node.dimension)} DIST ${words(node.distance)} TYPE ${words(node.type)}` +
        (node.efc === undefined ? '' : ` EFC ${number(node.efc)}`) +
        (node.m === undefined ? '' : ` M ${number(node.m)}`)
      );
    case 'diskann':
      return (
        ` DISKANN DIMENSION ${number(node.dimension)} DIST ${words(node.distance)} TYPE ${words(node.type)}` +
        (node.degree === undefined ? '' : ` DEGREE ${number(node.degree)}`) +
        (node.buildWidth === undefined ? '' : ` L_BUILD ${number(node.buildWidth)}`) +
        (node.alpha === undefined ? '' : ` ALPHA ${number(node.alpha)}`)
      );
    default:
      return ` ${node.kind.toUpperCase()}`;
  }
}

function number(value: number): string {
  if (Number.isFinite(value) && value >= 0) return String(value);
  throw new ValidationError({
    what: `${String(value)} is no number for an index`,
    why: 'it must be finite and not negative',
  });
}

/** Words of SurrealDB's own (`COSINE`, `MINKOWSKI 3`, `snowball(english)`), the only text that goes in unquoted. */
function words(text: string): string {
  if (/^[A-Za-z]\w*( [0-9.]+)?(\([\w\s,.'"/-]*\))?$/.test(text))
    return text.toUpperCase().startsWith('MAPPER') ? text : text.toUpperCase();
  throw new ValidationError({
    what: `${JSON.stringify(text)} is no word of SurrealDB's index and analyzer definitions`,
  });
}

function printEvent(node: DefineEventNode, context: PrintContext): string {
  const retry = node.async?.retry === undefined ? '' : ` RETRY ${number(node.async.retry)}`;
  return [
    define('EVENT', node.exists, escapeIdentifier(node.name)),
    ` ON TABLE ${escapeIdentifier(node.table)}`,
    node.async === undefined ? '' : ` ASYNC${retry}`,
    clause('WHEN', node.when, context),
    ` THEN ${node.then.map((step) => script(step, context)).join(', ')}`,
    comment(node.comment),
  ].join('');
}

function printAnalyzer(node: DefineAnalyzerNode): string {
  return [
    define('ANALYZER', node.exists, escapeIdentifier(node.name)),
    node.function === undefined
      ? ''
      : ` FUNCTION fn::${node.function.replace(/^fn::/, '').split('::').map(escapeMember).join('::')}`,
    node.tokenizers.length === 0 ? '' : ` TOKENIZERS ${node.tokenizers.map(words).join(',')}`,
    node.filters.length === 0 ? '' : ` FILTERS ${node.filters.map(words).join(', ')}`,
    comment(node.comment),
  ].join('');
}

function printRemove(node: RemoveNode): string {
  const name = typeof node.name === 'string' ? removedName(node.object, node.name) : definedPath(node.name);
  const base = node.object === 'ACCESS' ? ' ON DATABASE' : '';
  const on = node.table === undefined ? base : ` ON TABLE ${escapeIdentifier(node.table)}`;
  return `REMOVE ${node.object}${node.ifExists ? ' IF EXISTS' : ''} ${name}${on}`;
}

function removedName(object: RemoveNode['object'], name: string): string {
  if (object === 'FUNCTION') return functionName(name);
  return object === 'PARAM' ? paramName(name) : escapeIdentifier(name);
}
