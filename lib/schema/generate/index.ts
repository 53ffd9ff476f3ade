import type { DatabaseReading } from '../read-database.js';
import { entitySource, fileText, type ClassRegistry, type EntitySource } from './class-source.js';
import { classNames, fileName } from './names.js';

/** Entity classes of a database, a file each. */
export interface GeneratedEntities {
  readonly files: readonly { readonly name: string; readonly source: string }[];
  /** Definitions that no decorator says, with the table in front. */
  readonly remainder: readonly string[];
}

/** Writes the classes of a database. */
export function generateEntities({ model, others }: DatabaseReading): GeneratedEntities {
  const entities = generateSources({ model, others });
  const remainder = entities.flatMap(({ table, remainder: own }) => own.map((each) => `${table}: ${each}`));
  return Object.freeze({
    files: Object.freeze(entities.map((each) => ({ name: `${fileName(each.table)}.ts`, source: fileText(each) }))),
    remainder: Object.freeze([...remainder, ...others]),
  });
}

/** The same in parts, for files that exist already. */
export function generateSources({ model }: DatabaseReading): readonly EntitySource[] {
  const tables = [...model.tables.keys()];
  const names = classNames(tables);
  const owners = analyzerOwners(model, tables);
  const registry: ClassRegistry = {
    model,
    nameOf: (table) => names.get(table),
    fileOf: fileName,
    analyzersOf: (table) => [...model.analyzers.values()].filter(({ name }) => owners.get(name) === table),
  };
  return [...model.tables.values()].map((table) => entitySource(table, registry));
}

/** An analyzer stands on the first class that uses it, one that nobody uses on the first class. */
function analyzerOwners(model: DatabaseReading['model'], tables: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    [...model.analyzers.keys()].flatMap((name) => {
      const user = [...model.tables.values()].find((table) =>
        [...table.indexes.values()].some(({ variant }) => variant.startsWith(`FULLTEXT ANALYZER ${name}`)),
      );
      const owner = user?.name ?? tables[0];
      return owner === undefined ? [] : [[name, owner] as const];
    }),
  );
}
