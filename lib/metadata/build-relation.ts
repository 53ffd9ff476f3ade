import { optionOf } from '../types/parse-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import type { CollectedProperty } from './collect.js';
import { resolveEntities, type DiscoveryContext } from './discovery-context.js';
import type {
  EdgesMetadata,
  EntityClass,
  EntityMetadata,
  InverseMetadata,
  LinkMetadata,
  LinksMetadata,
} from './entity-metadata.js';
import { withoutUndefined } from './without-undefined.js';

type Declared<K extends CollectedProperty['declaration']['kind']> = CollectedProperty['declaration'] & {
  readonly kind: K;
};
type RelationMetadata = LinkMetadata | LinksMetadata | EdgesMetadata | InverseMetadata;

/** The classes that an edge may connect. */
export interface EdgeEnds {
  readonly in: readonly EntityClass[];
  readonly out: readonly EntityClass[];
}

/** `@Relation`: a link, links, edges or the inverse of a link. Undefined when its target cannot be resolved. */
export function buildRelation(
  context: DiscoveryContext,
  collected: CollectedProperty,
  { target, options }: Declared<'relation'>,
): RelationMetadata | undefined {
  const { property, path } = collected;
  const targets = resolveEntities(context, path, target, `@Relation(() => Target) ${property}`);
  const first = targets[0];
  if (first === undefined) return undefined;
  const shared = { property, path, owns: options.owns === true, hidden: collected.hidden || options.hidden === true };
  const entity = (): EntityMetadata => context.entityOf(first);
  if (options.edge !== undefined) {
    const [edge] = resolveEntities(
      context,
      path,
      options.edge,
      `@Relation(() => Target, { edge: () => Edge }) ${property}`,
    );
    if (edge === undefined) return undefined;
    const direction = options.direction === undefined ? 'out' : options.direction;
    return Object.freeze({ ...shared, kind: 'edges', edge: () => context.entityOf(edge), target: entity, direction });
  }
  if (options.inverse !== undefined) {
    return Object.freeze({ ...shared, kind: 'inverse', target: entity, inverse: inverseOf(entity, options.inverse) });
  }
  return buildLink(context, collected, { target, options, kind: 'relation', property }, targets, shared);
}

function buildLink(
  context: DiscoveryContext,
  { property }: CollectedProperty,
  { options }: Declared<'relation'>,
  classes: readonly EntityClass[],
  shared: { readonly property: string; readonly path: string; readonly owns: boolean; readonly hidden: boolean },
): LinkMetadata | LinksMetadata {
  const record = recordOf(context, classes);
  const optional = options.optional === true || (options.many !== true && options.onDelete === 'unset');
  const link = {
    ...shared,
    column: options.name === undefined ? property : options.name,
    ...lazyTargets(context, classes),
    optional,
    onDelete: options.onDelete === undefined ? ('ignore' as const) : options.onDelete,
    reference: true,
    ...withoutUndefined({
      comment: options.comment,
      permissions: options.permissions,
      renamedFrom: options.renamedFrom,
    }),
  };
  if (options.many !== true)
    return Object.freeze({ ...link, kind: 'link', type: optional ? optionOf(record) : record });
  const array: SurrealType = Object.freeze({ kind: 'array', items: record });
  return Object.freeze({
    ...link,
    kind: 'links',
    type: optional ? optionOf(array) : array,
    list: options.list === true,
  });
}

/** `@In` and `@Out`: the server defines these columns itself, so they carry no REFERENCE. */
export function buildEnd(
  context: DiscoveryContext,
  { property, path, hidden }: CollectedProperty,
  { end }: Declared<'end'>,
  ends: EdgeEnds | undefined,
): LinkMetadata | undefined {
  const classes = ends?.[end];
  // A class without ends is reported by the rule on edges.
  if (classes === undefined || classes.length === 0) return undefined;
  return Object.freeze({
    kind: 'link',
    property,
    path,
    column: end,
    type: recordOf(context, classes),
    ...lazyTargets(context, classes),
    optional: false,
    onDelete: 'ignore',
    reference: false,
    owns: false,
    hidden,
    end,
  });
}

function recordOf(context: DiscoveryContext, classes: readonly EntityClass[]): SurrealType {
  const tables = [...new Set(classes.flatMap((each) => context.tableOf(each) ?? []))];
  return Object.freeze({ kind: 'record', tables: Object.freeze(tables) });
}

function lazyTargets(
  context: DiscoveryContext,
  classes: readonly EntityClass[],
): Pick<LinkMetadata, 'target' | 'targets'> {
  return {
    target: () => context.entityOf(classes[0] as EntityClass),
    targets: () => classes.map((each) => context.entityOf(each)),
  };
}

/** A rule checks that the property is there and points back; this only looks it up. */
function inverseOf(target: () => EntityMetadata, property: string): () => LinkMetadata | LinksMetadata {
  return () => target().byProperty.get(property) as LinkMetadata | LinksMetadata;
}
