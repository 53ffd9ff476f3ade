import { MetadataError } from '../errors/index.js';
import { classText, UNFINISHED } from './class-text.js';
import type { EntityClass, EntityMetadata, MetadataRegistry } from './entity-metadata.js';
import type { AnalyzerOptions } from './options.js';

/** All entities of one ORM, found by class or by table. */
export function createRegistry(
  entities: readonly EntityMetadata[],
  analyzers: readonly AnalyzerOptions[] = [],
): MetadataRegistry {
  const byClass = new Map<unknown, EntityMetadata>(entities.map((each) => [each.target, each]));
  // Of classes that share a table the one that names it.
  const byTable = new Map<string, EntityMetadata>(entities.map((each) => [each.table, each.hierarchy?.root() ?? each]));
  const filterNames = new Set(entities.flatMap(({ filters }) => filters.map(({ name }) => name)));
  return Object.freeze({
    entities: Object.freeze([...entities]),
    analyzers: Object.freeze([...analyzers]),
    get<T extends object>(target: EntityClass<T>): EntityMetadata<T> {
      const found = byClass.get(target);
      if (found === undefined) throw unregistered(target);
      return found as unknown as EntityMetadata<T>;
    },
    find: (target: unknown) => byClass.get(target),
    byTable: (table: string) => byTable.get(table),
    filterNames,
    hasConditions: filterNames.size > 0 || entities.some(({ hierarchy }) => hierarchy !== undefined),
  });
}

function unregistered(target: unknown): MetadataError {
  if (typeof target !== 'function') return noClass(target);
  const name = target.name === '' ? '(anonymous class)' : target.name;
  return new MetadataError({
    what: `${name} is not an entity of this ORM`,
    fix: `add it where the ORM is made: entities: [${name}, …]; its class needs @Table({ name: '…' })`,
  });
}

function noClass(given: unknown): MetadataError {
  return new MetadataError({
    what: `An entity class is needed, it was given ${classText(given)}`,
    ...(given === undefined && { why: UNFINISHED }),
    fix: 'give the class itself, as in em.find(User, …)',
  });
}
