import { classText, UNFINISHED } from './class-text.js';
import { collect, rootOf, type CollectedClass } from './collect.js';
import { buildFilters } from './build-filters.js';
import { buildHierarchy, withDiscriminator } from './build-hierarchy.js';
import { buildId } from './build-id.js';
import { buildIndexes } from './build-indexes.js';
import { buildLazy } from './build-lazy.js';
import { buildProperty } from './build-property.js';
import type { EdgeEnds } from './build-relation.js';
import { resolveEntities, type DiscoveryContext } from './discovery-context.js';
import type {
  EntityClass,
  EntityMetadata,
  FieldMetadata,
  LazyMetadata,
  MetadataRegistry,
  PropertyMetadata,
} from './entity-metadata.js';
import { onlyAnalyzers } from './only-analyzers.js';
import { Problems } from './problems.js';
import { createRegistry } from './registry.js';
import { checkAll } from './rules/index.js';

/**
 * Makes frozen metadata of what the decorators of the given classes staged, and checks it.
 *
 * ```ts
 * const registry = discover([User, Post]);
 * registry.get(User).table;   // 'user'
 * ```
 *
 * @throws MetadataError with every problem of every class, each with the decorator to write.
 */
export function discover(classes: readonly EntityClass[]): MetadataRegistry {
  const problems = new Problems();
  for (const [index, given] of classes.entries()) checkClass(given, index, problems);
  problems.throwIfAny();
  const read = withRoots(classes).map((target) => collect(target, problems));
  const collected = read.filter((each) => !onlyAnalyzers(each));
  const analyzers = read.filter(onlyAnalyzers).flatMap((each) => each.analyzers);
  const tables = new Map(collected.map((each) => [each.target, tableName(each)]));
  const entities = new Map<EntityClass, EntityMetadata>();
  const context: DiscoveryContext = {
    problems,
    tableOf: (target) => tables.get(target),
    entityOf: (target) => entities.get(target) as EntityMetadata,
  };
  for (const each of collected) entities.set(each.target, buildEntity(context, each, collected));
  const built = [...entities.values()];
  checkAll(collected, built, problems);
  problems.throwIfAny();
  return createRegistry(built, analyzers);
}

/** Nothing of what is no class can be read, not even its name. */
function checkClass(given: unknown, index: number, problems: Problems): void {
  if (typeof given === 'function') return;
  const reason = given === undefined ? `undefined stands where a class belongs: ${UNFINISHED}` : undefined;
  problems.add(`entities[${index}]`, reason ?? `it is ${classText(given)}, not a class`, 'entities: [User, Post]');
}

/** A class brings the one whose table it shares, which need not be listed. */
function withRoots(classes: readonly EntityClass[]): readonly EntityClass[] {
  return [...new Set(classes.flatMap((each) => [rootOf(each) ?? each, each]))];
}

function buildEntity(
  context: DiscoveryContext,
  collected: CollectedClass,
  all: readonly CollectedClass[],
): EntityMetadata {
  const { target, className, table = {}, view } = collected;
  const ends = table.type === 'relation' ? edgeEnds(context, collected) : undefined;
  const properties = collected.properties.flatMap((each): readonly PropertyMetadata[] => {
    const built = buildProperty(context, target, each, ends);
    return built === undefined ? [] : [withDiscriminator(built, collected)];
  });
  const hierarchy = buildHierarchy(collected, all, context.entityOf);
  const version = fieldOfRole(properties, 'version');
  const softDelete = fieldOfRole(properties, 'softDelete');
  let lazy: { readonly found: LazyMetadata | undefined } | undefined;
  return Object.freeze({
    target,
    className,
    table: tableName(collected),
    type: view !== undefined ? 'view' : table.type === undefined ? 'normal' : table.type,
    schema: table.schema === undefined ? 'full' : table.schema,
    options: table,
    id: buildId(collected),
    properties: Object.freeze(properties),
    byProperty: new Map(properties.map((each) => [each.property, each])),
    byColumn: new Map(properties.flatMap((each) => ('column' in each ? [[each.column, each] as const] : []))),
    indexes: buildIndexes(collected, properties, context.problems),
    events: Object.freeze([...collected.events]),
    analyzers: Object.freeze([...collected.analyzers]),
    accesses: Object.freeze([...collected.accesses]),
    ...(view && { view }),
    ...(version && { version }),
    ...(softDelete && { softDelete }),
    filters: buildFilters(collected.filters, softDelete),
    ...(ends && { edge: edgeOf(context, ends, table.enforced === true) }),
    hooks: collected.hooks,
    ...(hierarchy && { hierarchy }),
    // Classes below may be built later.
    get lazy() {
      lazy ??= { found: buildLazy(hierarchy?.members() ?? [context.entityOf(target)]) };
      return lazy.found;
    },
    readOnly: view !== undefined,
  });
}

function fieldOfRole(properties: readonly PropertyMetadata[], role: FieldMetadata['role']): FieldMetadata | undefined {
  return properties.find((each): each is FieldMetadata => each.kind === 'field' && each.role === role);
}

/** A class without a name of its table is reported by a rule; meanwhile its class name stands in for messages. */
function tableName({ table, className }: CollectedClass): string {
  return table?.name === undefined ? className : table.name;
}

function edgeEnds(context: DiscoveryContext, { className, table = {} }: CollectedClass): EdgeEnds {
  const resolve = (end: 'in' | 'out'): readonly EntityClass[] => {
    const given = table[end];
    const lazies = given === undefined ? [] : typeof given === 'function' ? [given] : given;
    return lazies.flatMap((lazy) =>
      resolveEntities(context, className, lazy, `@Table({ type: 'relation', ${end}: () => Target })`),
    );
  };
  return { in: resolve('in'), out: resolve('out') };
}

/** Getters, because the entities at the ends may be built later. */
function edgeOf(context: DiscoveryContext, ends: EdgeEnds, enforced: boolean): NonNullable<EntityMetadata['edge']> {
  return Object.freeze({
    get in() {
      return ends.in.map((each) => context.entityOf(each));
    },
    get out() {
      return ends.out.map((each) => context.entityOf(each));
    },
    enforced,
  });
}
