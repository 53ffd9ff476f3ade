import { binary, path, value, type Expression } from '../surrealql/nodes/index.js';
import type { CollectedClass } from './collect.js';
import type {
  EntityClass,
  EntityMetadata,
  FieldMetadata,
  HierarchyMetadata,
  PropertyMetadata,
} from './entity-metadata.js';
import { isOrExtends } from './is-a.js';

type EntityOf = (target: EntityClass) => EntityMetadata;

/** How a class stands among those that share its table; undefined for a class with a table of its own. */
export function buildHierarchy(
  own: CollectedClass,
  all: readonly CollectedClass[],
  entityOf: EntityOf,
): HierarchyMetadata | undefined {
  const { root } = own;
  if (root === undefined) return undefined;
  const family = all.filter((each) => each.root === root);
  const below = family.filter(({ target }) => isOrExtends(target, own.target));
  const column = discriminatorColumn(own);
  const given = own.table?.value;
  let byValue: ReadonlyMap<unknown, EntityMetadata> | undefined;
  return Object.freeze({
    column,
    ...(given !== undefined && { value: given }),
    root: () => entityOf(root),
    members: () => below.map(({ target }) => entityOf(target)),
    classOf: (row: Readonly<Record<string, unknown>>) => {
      byValue ??= new Map(family.map(({ target, table }) => [table?.value, entityOf(target)]));
      return byValue.get(row[column]) ?? entityOf(root);
    },
    ...(own.target !== root && { condition: isOneOf(column, below) }),
  });
}

/** The property that shows the discriminator, where the class declares one: it is never given, and never changes. */
export function withDiscriminator(property: PropertyMetadata, own: CollectedClass): PropertyMetadata {
  if (own.root === undefined || property.kind !== 'field' || property.property !== own.table?.discriminator)
    return property;
  return Object.freeze<FieldMetadata>({ ...property, role: 'discriminator' });
}

function isOneOf(column: string, classes: readonly CollectedClass[]): Expression {
  const values = classes.flatMap(({ table }) => table?.value ?? []);
  const [only, ...others] = values;
  return only !== undefined && others.length === 0
    ? binary(path(column), '=', value(only))
    : binary(path(column), 'IN', value(values));
}

/** The option names a property where there is one of that name, else the column itself. */
function discriminatorColumn({ table, properties }: CollectedClass): string {
  const name = table?.discriminator as string;
  const declaration = properties.find(({ property }) => property === name)?.declaration;
  const options = declaration !== undefined && 'options' in declaration ? declaration.options : undefined;
  return (options as { readonly name?: string } | undefined)?.name ?? name;
}
