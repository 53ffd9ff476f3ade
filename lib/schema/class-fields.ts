import { defineField } from '../surrealql/nodes/definitions.js';
import { binary, block, iff, path, value, type Expression } from '../surrealql/nodes/expressions.js';
import { evaluate } from '../surrealql/nodes/statements.js';
import { equals, NONE } from '../values/index.js';
import type { WantedField } from './wanted.js';

/** A field as one of the classes of a table has it; `value` tells the records of that class. */
export interface ClassField {
  readonly field: WantedField;
  readonly value: string | number | undefined;
}

/** Whether the classes say the same of a field, its type aside. */
export function sameForAll(versions: readonly ClassField[]): boolean {
  const [first] = versions as readonly [ClassField, ...ClassField[]];
  return versions.every(({ field }) =>
    equals({ ...field.node, type: undefined }, { ...first.field.node, type: undefined }),
  );
}

/**
 * What the server works out for a field is worked out for the records of each class in its own way, and for those of other
 * classes not at all: a default of one would else appear in another, and a computed field fail there.
 */
export function byClass(versions: readonly ClassField[], column: string): WantedField {
  const [{ field: first }] = versions as readonly [ClassField, ...ClassField[]];
  const { node, backfill: _backfill, ...rest } = first;
  const pick = (part: (field: WantedField) => Expression | undefined): Expression | undefined =>
    choice(versions, column, part);
  const preset = pick((field) => field.node.default?.value);
  const stored = pick((field) => field.node.value);
  const computed = pick((field) => field.node.computed);
  const backfill = pick((field) => field.backfill);
  return {
    ...rest,
    ...(backfill !== undefined && first.recompute === true && { backfill }),
    node: defineField({
      ...node,
      ...(preset !== undefined && { default: { value: preset, always: node.default?.always === true } }),
      ...(stored !== undefined && { value: stored }),
      ...(computed !== undefined && { computed }),
    }),
  };
}

/** `IF kind IN ['dog'] { 3 } ELSE { NONE }`, one branch for each way of saying it. */
function choice(
  versions: readonly ClassField[],
  column: string,
  part: (field: WantedField) => Expression | undefined,
): Expression | undefined {
  const ways: { readonly expression: Expression; readonly values: (string | number)[] }[] = [];
  for (const { field, value: own } of versions) {
    const expression = part(field);
    if (expression === undefined || own === undefined) continue;
    const known = ways.find((way) => equals(way.expression, expression));
    if (known === undefined) ways.push({ expression, values: [own] });
    else known.values.push(own);
  }
  if (ways.length === 0) return undefined;
  return ways.reduceRight<Expression>(
    (otherwise, { expression, values }) =>
      iff(binary(path(column), 'IN', value(values)), block([evaluate(expression)]), block([evaluate(otherwise)])),
    value(NONE),
  );
}
