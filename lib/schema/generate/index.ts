import type { DatabaseReading } from '../read-database.js';
import { entitySource, fileText, type ClassRegistry, type EntitySource } from './class-source.js';
import { tableOfAccess } from './access-source.js';
import { OBJECTS_FILE, objectsFile } from './object-source.js';
import { classNames, fileName } from './names.js';

/** Entity classes of a database, a file each. */
export interface GeneratedEntities {
  readonly files: readonly { readonly name: string; readonly source: string }[];
  /** Definitions that no decorator says, with the table in front. */
  readonly remainder: readonly string[];
}

/** Writes the classes of a database. */
export function generateEntities(reading: DatabaseReading): GeneratedEntities {
  const entities = generateSources(reading);
  const objects = objectsFile(reading.listings);
  const files = entities.map((each) => ({ name: `${fileName(each.table)}.ts`, source: fileText(each) }));
  if (objects.source !== undefined) files.push({ name: OBJECTS_FILE, source: objects.source });
  const orphans = entities.length > 0 ? [] : [...reading.model.accesses.keys()].map((name) => `access ${name}`);
  const remainder = entities.flatMap(({ table, remainder: own }) => own.map((each) => `${table}: ${each}`));
  return Object.freeze({
    files: Object.freeze(files),
    remainder: Object.freeze([...remainder, ...orphans, ...objects.remainder, ...reading.others]),
  });
}

/** The same in parts, for files that exist already. */
export function generateSources({ model }: DatabaseReading): readonly EntitySource[] {
  const tables = [...model.tables.keys()];
  const names = classNames(tables);
  const owners = analyzerOwners(model, tables);
  const doors = [...model.accesses].map(([name, given]) => ({ name, given, table: tableOfAccess(given, tables) }));
  const registry: ClassRegistry = {
    model,
    nameOf: (table) => names.get(table),
    fileOf: fileName,
    analyzersOf: (table) => [...model.analyzers.values()].filter(({ name }) => owners.get(name) === table),
    accessesOf: (table) => doors.filter((each) => each.table === table),
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
