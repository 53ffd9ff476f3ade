import type { ComputedMetadata, EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import { path, type Expression } from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';
import { isAggregate, kindOfAggregate, type Aggregate, type AggregateKind } from '../types/aggregate.js';
import type { SurrealType } from '../types/surreal-type.js';
import { isPlain } from '../values/index.js';
import { groupColumn, resultColumn, type AggregateSource } from './aggregate-terms.js';
import { isConditions } from './conditions.js';
import { requireList } from './operators/operator.js';
import { pathTarget, type PathTarget } from './path-target.js';
import type { QueryContext } from './query-context.js';
import { describe, refused, undefinedValue } from './query-errors.js';
import type { Target } from './target.js';
import { typedTarget } from './where-targets.js';
import { buildWhere } from './where.js';

/** A column of the answer, and what its values are. */
export interface AggregateColumn {
  readonly name: string;
  readonly column: string;
  readonly target: Target;
  /** The field whose values these are: they are read as it is read. */
  readonly field?: FieldMetadata | ComputedMetadata | undefined;
  /** What was made of the group; undefined for a key of it. */
  readonly kind?: AggregateKind;
}

/** A key of the groups, and what it is in a record. */
export interface GroupKeyColumn extends AggregateColumn {
  readonly by: Expression;
}
/** What is made of each group. */
export interface ResultColumn extends AggregateColumn {
  readonly kind: AggregateKind;
  readonly source: AggregateSource;
}

/** @throws ValidationError for paths that there are not */
export function keysOf(
  meta: EntityMetadata,
  groupBy: readonly unknown[],
  query: QueryContext,
): readonly GroupKeyColumn[] {
  const flat = requireList(groupBy, `${meta.className} in groupBy`).flatMap((given) => namedKeys(meta, given, query));
  return flat.map((key, at) => ({
    ...key,
    by: key.target.expression,
    column: groupColumn(at),
    target: { ...key.target, expression: path(groupColumn(at)) },
  }));
}

function namedKeys(
  meta: EntityMetadata,
  given: unknown,
  query: QueryContext,
): readonly (PathTarget & { readonly name: string })[] {
  if (typeof given === 'string') return [{ name: given, ...pathTarget(meta, given, query) }];
  if (!isConditions(given)) throw noPath(`${meta.className} in groupBy`, given, "'status', or { day: surql`…` }");
  return Object.entries(given).map(([name, expression]) => {
    if (!isFragment(expression)) throw noPath(`${meta.className}.${name} in groupBy`, expression, 'a surql expression');
    return { name, target: typedTarget(expression, ANY, `${meta.className}.${name}`, true) };
  });
}

/** @throws ValidationError for what is no aggregate, and for paths that there are not */
export function resultsOf(
  meta: EntityMetadata,
  selection: Readonly<Record<string, unknown>>,
  query: QueryContext,
): readonly ResultColumn[] {
  if (!isPlain(selection) || Object.keys(selection).length === 0)
    throw noPath(`${meta.className} in select`, selection, '{ n: count() }');
  return Object.entries(selection).map(([name, given], at) => {
    const label = `${meta.className}.${name} in select`;
    if (!isAggregate(given)) throw noPath(label, given, "count(), sum('amount') and their like");
    const { field, ...source } = sourceOf(meta, given, label, query);
    return {
      name,
      column: resultColumn(at),
      kind: source.kind,
      target: typedTarget(path(resultColumn(at)), resultType(source), `${meta.className}.${name}`, true),
      source,
      ...(field !== undefined && { field }),
    };
  });
}

type FieldSource = AggregateSource & Pick<PathTarget, 'field'>;

function sourceOf(meta: EntityMetadata, given: Aggregate, label: string, query: QueryContext): FieldSource {
  const kind = kindOfAggregate(given);
  const { of } = given;
  if (kind === 'count') return { kind, label };
  if (kind === 'countIf') {
    const condition = buildWhere(meta, of, query);
    if (condition === undefined) throw undefinedValue(label);
    return { kind, label, of: condition };
  }
  if (isFragment(of)) return { kind, label, of };
  if (typeof of !== 'string') throw noPath(label, of, `${kind}('amount')`);
  const { target, field } = pathTarget(meta, of, query);
  return { kind, label: target.label, of: target.expression, type: target.type, field };
}

/** What `having` may compare it with. */
function resultType({ kind, type }: AggregateSource): SurrealType {
  if (kind === 'count' || kind === 'countIf' || kind === 'countDistinct') return INT;
  if (kind === 'min' || kind === 'max') return type ?? ANY;
  if (kind === 'collect' || kind === 'distinct') return { kind: 'array', items: type ?? ANY };
  return NUMBER;
}

const ANY: SurrealType = Object.freeze({ kind: 'any' });
const INT: SurrealType = Object.freeze({ kind: 'int' });
const NUMBER: SurrealType = Object.freeze({ kind: 'number' });

/** @throws ValidationError where two results have one name */
export function refuseDoubles(meta: EntityMetadata, columns: readonly AggregateColumn[]): void {
  const names = columns.map(({ name }) => name);
  const double = names.find((name, at) => names.indexOf(name) !== at);
  if (double === undefined) return;
  throw refused({
    path: `${meta.className}.${double}`,
    what: `The aggregate of ${meta.className} has two results called "${double}"`,
    why: 'what is selected stands beside the keys of the group',
    fix: 'give it another name',
    rule: 'option',
  });
}

/** @internal */
export function noPath(label: string, given: unknown, wanted: string): Error {
  return refused({ path: label, what: `${label} cannot be ${describe(given)}`, fix: `give ${wanted}`, rule: 'type' });
}
