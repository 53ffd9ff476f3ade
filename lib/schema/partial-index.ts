import { MetadataError } from '../errors/index.js';
import type { EntityMetadata, IndexMetadata } from '../metadata/entity-metadata.js';
import { defineField } from '../surrealql/nodes/definitions.js';
import {
  and,
  array,
  binary,
  block,
  call,
  iff,
  object,
  path as pathNode,
  value,
  type Expression,
} from '../surrealql/nodes/expressions.js';
import { evaluate } from '../surrealql/nodes/statements.js';
import { isFragment } from '../surrealql/surql.js';
import type { SurrealType } from '../types/surreal-type.js';
import { fieldNode, type FieldPath } from './field-path.js';
import type { WantedField } from './wanted.js';

const HIDDEN = '~unique:';

/** The hidden field that says whether a record is within the condition of an index. */
export const hiddenColumn = (index: string): string => `${HIDDEN}${index}`;

/** A field that only serves an index: what it holds is made from other fields. */
export function isHiddenField(path: FieldPath): boolean {
  return typeof path[0] === 'string' && path[0].startsWith(HIDDEN);
}

/** Turns the where object of an index into a condition over the columns of its table. */
export type WhereTranslator = (entity: EntityMetadata, where: object) => Expression;

export interface IndexHelp {
  readonly columns: readonly FieldPath[];
  /** Hidden stored fields that the index rests on. */
  readonly fields: readonly WantedField[];
}

/**
 * SurrealDB has no partial unique index and lets NONE repeat under a plain one. Both are had through hidden stored fields:
 * one that is NONE for records outside the condition (the server leaves those out of the index), and one for each column
 * that stands in for a missing value. Their names begin with `~`, which sorts after the columns they are made from: the
 * server computes VALUE in the order of names.
 */
export function indexHelp(
  entity: EntityMetadata,
  index: IndexMetadata,
  columns: readonly FieldPath[],
  translate: WhereTranslator | undefined,
): IndexHelp {
  if (index.unique !== true) return { columns, fields: [] };
  const filled =
    index.nullsDistinct === false ? columns.map((column, at) => filledColumn(entity, index, column, at)) : [];
  const condition = conditionOf(entity, index, translate);
  const within =
    condition === undefined
      ? []
      : [stored(entity, hiddenColumn(index.name), BOOL, iff(condition, only(true), only(undefined)))];
  return {
    columns: [
      ...(filled.length > 0 ? filled.map((each) => each.node.path) : columns),
      ...within.map((each) => each.node.path),
    ],
    fields: [...filled, ...within],
  };
}

const BOOL: SurrealType = Object.freeze({
  kind: 'union',
  members: Object.freeze([Object.freeze({ kind: 'none' }), Object.freeze({ kind: 'bool' })] as const),
});
const ANY: SurrealType = Object.freeze({ kind: 'any' });

const only = (constant: unknown): ReturnType<typeof block> => block([evaluate(value(constant))]);

function stored(entity: EntityMetadata, name: string, type: SurrealType, expression: Expression): WantedField {
  return {
    node: defineField({ table: entity.table, path: [name], type, value: expression }),
    implied: false,
    backfill: expression,
    recompute: true,
  };
}

/** The column's value, or an empty object, which no column of a unique index holds, where it is NONE or NULL. */
function filledColumn(entity: EntityMetadata, index: IndexMetadata, column: FieldPath, at: number): WantedField {
  const subject = fieldNode(column);
  const absent = binary(call('type::of', subject), 'IN', array([value('none'), value('null')]));
  const expression = iff(absent, block([evaluate(object([]))]), block([evaluate(subject)]));
  return stored(entity, `${hiddenColumn(index.name)}:${at}`, ANY, expression);
}

function conditionOf(
  entity: EntityMetadata,
  index: IndexMetadata,
  translate: WhereTranslator | undefined,
): Expression | undefined {
  const declared = index.where === undefined ? [] : [whereCondition(entity, index, index.where, translate)];
  const live = entity.properties.flatMap((each) =>
    each.kind === 'field' && each.role === 'softDelete' ? [call('type::is_none', pathNode(each.column))] : [],
  );
  const conditions = [...declared, ...live];
  return conditions.length === 0 ? undefined : and(conditions);
}

function whereCondition(
  entity: EntityMetadata,
  index: IndexMetadata,
  where: object,
  translate: WhereTranslator | undefined,
): Expression {
  if (isFragment(where)) return where;
  if (translate !== undefined) return translate(entity, where);
  return and(Object.entries(where).map(([property, expected]) => equality(entity, index, property, expected)));
}

/** Without the query room only `{ status: 'open' }` is understood. */
function equality(entity: EntityMetadata, index: IndexMetadata, property: string, expected: unknown): Expression {
  const known = entity.byProperty.get(property);
  const plain = expected === null || typeof expected !== 'object';
  if (known === undefined || !('column' in known) || !plain) {
    throw new MetadataError({
      what: `The where of the index "${index.name}" of ${entity.className} cannot be read at ${property}`,
      why: 'an index takes columns and plain values here',
      fix: `write it as SurrealQL: where: surql\`${property} = …\``,
    });
  }
  if (expected === null)
    return binary(call('type::of', pathNode(known.column)), 'IN', array([value('none'), value('null')]));
  return binary(pathNode(known.column), '=', value(expected));
}
