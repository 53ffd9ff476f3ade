import type {
  ComputedMetadata,
  EntityClass,
  EntityMetadata,
  FieldMetadata,
  MetadataRegistry,
} from '../metadata/entity-metadata.js';
import { path, type Expression } from '../surrealql/nodes/index.js';
import { valueMembers } from '../types/admits.js';
import type { SurrealType } from '../types/surreal-type.js';
import { requireText } from './operators/operator.js';
import type { QueryContext } from './query-context.js';
import { refused, unknownField } from './query-errors.js';
import type { Target } from './target.js';
import { fieldTarget, linkTarget, rowIdTarget, typedTarget } from './where-targets.js';
import { embeddedScope, entityScope, linkedScope, type WhereScope } from './where-scope.js';

/** What a dotted path of an entity leads to. */
export interface PathTarget {
  readonly target: Target;
  /** The field that its values are read with; undefined for ids, links and members of plain objects. */
  readonly field?: FieldMetadata | ComputedMetadata;
}

/**
 * Follows a path such as `'age'`, `'address.city'` or `'author.name'`.
 *
 * @throws ValidationError for names that there are not, and for paths that lead to many records
 */
export function pathTarget(meta: EntityMetadata, dotted: string, query: QueryContext): PathTarget {
  return follow(entityScope(meta, query), requireText(dotted, `A path of ${meta.className}`).split('.'));
}

/** Where a property of an entity class stands in its rows. */
export function columnsOf(registry: MetadataRegistry, entity: EntityClass, dotted: string): Expression {
  return pathTarget(registry.get(entity) as EntityMetadata, dotted, { registry }).target.expression;
}

function follow(scope: WhereScope, [name = '', ...rest]: readonly string[]): PathTarget {
  const property = scope.byProperty.get(name);
  if (property === undefined && name === 'id' && scope.meta !== undefined && rest.length === 0)
    return { target: rowIdTarget(scope, scope.meta) };
  if (property === undefined)
    throw unknownField(scope.label, name, [...(scope.meta === undefined ? [] : ['id']), ...scope.byProperty.keys()]);
  const label = [scope.label, name, ...rest].join('.');
  switch (property.kind) {
    case 'link':
      return rest.length === 0 ? { target: linkTarget(scope, property) } : follow(linkedScope(scope, property), rest);
    case 'computed':
    case 'field':
      if (rest.length === 0) return { target: fieldTarget(scope, property), field: property };
      if (property.kind === 'field' && property.embedded !== undefined && !property.embeddedMany)
        return follow(embeddedScope(scope, property), rest);
      return { target: memberOf(fieldTarget(scope, property), rest, label) };
    default:
      throw noOneValue(label, `${scope.label}.${name} leads to many records`);
  }
}

/** A member of an object without a class. */
function memberOf({ expression, type }: Target, rest: readonly string[], label: string): Target {
  const holdsMembers = valueMembers(type).some(({ kind }) => kind === 'object' || kind === 'shape' || kind === 'any');
  if (!holdsMembers || expression.kind !== 'Path') throw noOneValue(label, 'there is no object on the way');
  return typedTarget(path(...expression.parts, ...rest), ANY, label, true);
}

const ANY: SurrealType = Object.freeze({ kind: 'any' });

function noOneValue(label: string, why: string): Error {
  return refused({ path: label, what: `${label} is not one value of a record`, why, rule: 'type' });
}
