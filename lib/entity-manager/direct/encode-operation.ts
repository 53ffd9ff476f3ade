import { handlerOfField } from '../../entity/field-handler.js';
import type { FieldMetadata, LinkMetadata, LinksMetadata } from '../../metadata/entity-metadata.js';
import { refused } from '../../query/query-errors.js';
import { toId, type QueryContext } from '../../query/index.js';
import {
  binary,
  block,
  call,
  iff,
  path,
  returnStatement,
  value,
  type Assignment,
  type Expression,
} from '../../surrealql/nodes/index.js';
import { acceptsValue } from '../../types/accepts-value.js';
import { kindOfOperation, type FieldOperation, type FieldOperationKind } from '../../types/field-operations.js';
import { printType, valueMembers } from '../../types/index.js';
import { NONE, toRecordId } from '../../values/index.js';
import { stateOf } from '../../entity/stamp.js';

export type OperableMetadata = FieldMetadata | LinkMetadata | LinksMetadata;

/**
 * A field operation as the assignment that carries it out. Sets have forms of their own: `+=` on a set without a value
 * makes a list of it, and `set::difference` keeps what only one side has.
 *
 * @throws ValidationError for an operation that the field's type does not know, and for values of a wrong type
 */
export function encodeOperation(
  property: OperableMetadata,
  operation: FieldOperation,
  query: QueryContext,
): Assignment {
  const kind = kindOfOperation(operation);
  const target = path(property.column);
  if (kind === 'unset') return { target, operator: '=', value: unset(property) };
  if (kind === 'increment') return { target, operator: '=', value: incremented(property, operation.values[0]) };
  const values = membersOf(property, kind, operation.values, query);
  if (isSet(property))
    return { target, operator: '=', value: kind === 'pull' ? without(target, values) : joined(target, values) };
  if (kind === 'addToSet') return { target, operator: '=', value: completed(target, values) };
  return { target, operator: kind === 'append' ? '+=' : '-=', value: value(values) };
}

/** `+?=` would take doubles out of what the list held before. */
function completed(target: Expression, values: readonly unknown[]): Expression {
  const held = binary(target, '??', value([]));
  return call('array::concat', held, call('array::complement', call('array::distinct', value(values)), held));
}

function joined(target: Expression, values: readonly unknown[]): Expression {
  const added = value(new Set(values));
  return call('set::union', binary(target, '??', added), added);
}

function without(target: Expression, values: readonly unknown[]): Expression {
  const rest = call('set::complement', target, value(new Set(values)));
  const nothing = block([returnStatement(value(NONE))]);
  return iff(binary(target, '=', value(NONE)), nothing, block([returnStatement(rest)]));
}

function unset(property: OperableMetadata): Expression {
  const hasDefault = property.kind === 'field' && property.defaultAlways;
  if (property.optional || hasDefault) return value(NONE);
  throw refused({
    path: property.path,
    what: `${property.path} cannot be unset`,
    why: 'a value is required',
    fix: `make it optional: option<${printType(property.type)}>`,
    rule: 'required',
  });
}

function incremented(property: OperableMetadata, by: unknown): Expression {
  if (property.kind !== 'field' || !valueMembers(property.type).some(({ kind }) => NUMERIC.has(kind)))
    throw wrongOperation(property, 'increment', 'it holds no number');
  const amount = handlerOfField(property).encode(by);
  if (!acceptsValue(property.type, amount)) throw wrongValue(property, 'increment', by);
  // `+=` on NULL would silently do nothing.
  return binary(binary(path(property.column), '??', value(0)), '+', value(amount));
}

const NUMERIC: ReadonlySet<string> = new Set(['int', 'float', 'number', 'decimal', 'any']);

function membersOf(
  property: OperableMetadata,
  kind: Exclude<FieldOperationKind, 'unset' | 'increment'>,
  given: readonly unknown[],
  query: QueryContext,
): readonly unknown[] {
  if (given.includes(undefined)) throw wrongValue(property, kind, undefined);
  if (property.kind === 'links') return given.map((member) => linked(property, member, query));
  if (property.kind === 'link' || !valueMembers(property.type).some((type) => LISTS.has(type.kind)))
    throw wrongOperation(property, kind, 'it holds no list');
  const encoded = handlerOfField(property).encode([...given]);
  if (!acceptsValue(property.type, encoded)) throw wrongValue(property, kind, given);
  return [...(encoded as Iterable<unknown>)];
}

const LISTS: ReadonlySet<string> = new Set(['array', 'set', 'any']);

function linked(property: LinksMetadata, member: unknown, query: QueryContext): unknown {
  const id = stateOf(member)?.id;
  if (id === undefined) return toId(targetOf(property, member), member, query);
  if (property.targets().some(({ table }) => table === id.table)) return id;
  throw wrongValue(property, 'link', id);
}

/** Of a link to several tables the one that is named. */
function targetOf(property: LinksMetadata, member: unknown) {
  const table = toRecordId(member)?.table ?? (typeof member === 'string' ? member.split(':', 1)[0] : undefined);
  return property.targets().find((meta) => meta.table === table) ?? property.target();
}

function isSet(property: OperableMetadata): boolean {
  return property.kind === 'field' && valueMembers(property.type).some(({ kind }) => kind === 'set');
}

function wrongOperation(property: OperableMetadata, operation: string, why: string) {
  return refused({
    path: property.path,
    what: `${operation}() does not go with ${property.path}`,
    why: `${why}, its type is ${printType(property.type)}`,
    rule: 'type',
  });
}

function wrongValue(property: OperableMetadata, operation: string, given: unknown) {
  return refused({
    path: property.path,
    what: `${operation}() was given a value that ${property.path} cannot hold: ${JSON.stringify(given, textOfBigint) ?? 'undefined'}`,
    why: `its type is ${printType(property.type)}`,
    rule: 'type',
  });
}

const textOfBigint = (_key: string, member: unknown): unknown => (typeof member === 'bigint' ? `${member}` : member);
