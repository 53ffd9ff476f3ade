import type { EntityClass, EntityMetadata } from './entity-metadata.js';
import type { Problems } from './problems.js';

/** What the builders of metadata share during one discovery. */
export interface DiscoveryContext {
  readonly problems: Problems;
  /** The table of a registered class; undefined for any other. */
  tableOf(target: EntityClass): string | undefined;
  /** The finished metadata of a registered class; to be called once discovery is over. */
  entityOf(target: EntityClass): EntityMetadata;
}

/**
 * Calls the functions that name classes. They are only called now, when every module has run, because entity files may
 * import each other in a circle.
 */
export function resolveClasses(
  context: DiscoveryContext,
  path: string,
  lazy: () => unknown,
  decorator: string,
): readonly EntityClass[] {
  const given = context.problems.catching(path, lazy, decorator);
  const classes = Array.isArray(given) ? (given as readonly unknown[]) : [given];
  const found = classes.filter((each): each is EntityClass => typeof each === 'function');
  if (found.length < classes.length) {
    context.problems.add(
      path,
      'the class it points to is undefined: its file has not finished loading (a circular import outside a function), or the import is a type only',
      decorator,
    );
  }
  return found;
}

/** As `resolveClasses`, for classes that must be entities of this ORM. */
export function resolveEntities(
  context: DiscoveryContext,
  path: string,
  lazy: () => unknown,
  decorator: string,
): readonly EntityClass[] {
  const classes = resolveClasses(context, path, lazy, decorator);
  for (const each of classes) {
    if (context.tableOf(each) === undefined) {
      context.problems.add(
        path,
        `it points to ${each.name}, which is not among the registered entities`,
        `entities: [${each.name}, …]`,
      );
    }
  }
  return classes.filter((each) => context.tableOf(each) !== undefined);
}
