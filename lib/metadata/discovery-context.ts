import type { EntityClass, EntityMetadata } from './entity-metadata.js';
import { classText, UNFINISHED } from './class-text.js';
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
  const before = context.problems.count;
  if (!isArrow(lazy)) {
    context.problems.add(path, `its class is named by a function, it was given ${classText(lazy)}`, decorator);
    return [];
  }
  const given = context.problems.catching(path, lazy, decorator);
  if (context.problems.count > before) return [];
  const classes = Array.isArray(given) ? (given as readonly unknown[]) : [given];
  const found = classes.filter((each): each is EntityClass => typeof each === 'function');
  if (found.length < classes.length) {
    const missing = classes.find((each) => typeof each !== 'function');
    context.problems.add(
      path,
      missing === undefined
        ? `the class it points to is undefined: ${UNFINISHED}`
        : `it points to ${classText(missing)}, not to a class`,
      decorator,
    );
  }
  return found;
}

/** A class has a `prototype` that cannot be written; functions and arrows have another or none. */
export function isArrow(lazy: unknown): lazy is () => unknown {
  return typeof lazy === 'function' && Object.getOwnPropertyDescriptor(lazy, 'prototype')?.writable !== false;
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
