import type { DatabaseReading } from '../read-database.js';
import type { SchemaModel } from '../model.js';
import { classDraft, entitySource, fileText, type ClassRegistry, type EntitySource } from './class-source.js';
import { tableOfAccess } from './access-source.js';
import { OBJECTS_FILE, objectsText, objectSources, type ObjectSources } from './object-source.js';
import { NO_CODE, type KnownCode } from './known-code.js';
import { classNames, fileNames } from './names.js';
import { sidesOf } from './side-source.js';

/** Entity classes of a database, a file each. */
export interface GeneratedEntities {
  readonly files: readonly { readonly name: string; readonly source: string }[];
  /** Definitions that no decorator says, with the table in front. */
  readonly remainder: readonly string[];
}

/** The same in parts, for a folder that has some of it already. */
export interface GeneratedParts {
  readonly entities: readonly EntitySource[];
  readonly objects: ObjectSources;
  readonly remainder: readonly string[];
}

/** Writes the classes of a database. */
export function generateEntities(reading: DatabaseReading): GeneratedEntities {
  const parts = generateParts(reading);
  return Object.freeze({ files: filesOf(parts), remainder: parts.remainder });
}

/** All parts as new files. */
export function filesOf({ entities, objects }: GeneratedParts): GeneratedEntities['files'] {
  const files = entities.map((each) => ({ name: `${each.file}.ts`, source: fileText(each) }));
  if (objects.declarations.length > 0) files.push({ name: `${OBJECTS_FILE}.ts`, source: objectsText(objects) });
  return Object.freeze(files);
}

/** What a database asks for, in the words of the code that is there. */
export function generateParts(reading: DatabaseReading, code: KnownCode = NO_CODE): GeneratedParts {
  const { keys } = reading;
  const loose = edgesWithoutEnds(reading.model);
  const model = { ...reading.model, tables: without(reading.model.tables, loose) };
  const tables = [...model.tables.keys()];
  const names = classNames(tables, code.classes);
  const files = fileNames(tables, code.classes);
  const used = new Set(names.values());
  const owners = analyzerOwners(model, tables);
  const doors = [...model.accesses].map(([name, given]) => ({ name, given, table: tableOfAccess(given, tables) }));
  const registry: ClassRegistry = {
    model,
    code,
    nameOf: (table) => names.get(table),
    fileOf: (table) => files.get(table) ?? '',
    isClass: (name) => used.has(name),
    idsOf: (table) => keys.get(table) ?? [],
    analyzersOf: (table) => [...model.analyzers.values()].filter(({ name }) => owners.get(name) === table),
    accessesOf: (table) => doors.filter((each) => each.table === table),
  };
  const drafts = [...model.tables.values()].map((table) => classDraft(table, registry));
  const sides = sidesOf(drafts, code);
  const entities = drafts.map((draft) => entitySource(draft, sides.get(draft.table.name) ?? [], registry));
  const objects = objectSources(reading.listings, code.namesIn(OBJECTS_FILE));
  const orphans = entities.length > 0 ? [] : [...model.accesses.keys()].map((name) => `access ${name}`);
  const endless = [...loose].sort().map((table) => `${table}: TYPE RELATION between tables that are not known`);
  const own = entities.flatMap(({ table, remainder }) => remainder.map((each) => `${table}: ${each}`));
  return Object.freeze({
    entities,
    objects,
    remainder: Object.freeze([...own, ...endless, ...orphans, ...objects.remainder, ...reading.others]),
  });
}

/** Tables of edges that come from anywhere, or go there: a class of edges says what is at both ends. */
function edgesWithoutEnds({ tables }: SchemaModel): ReadonlySet<string> {
  const loose = new Set<string>();
  const isKnown = (table: string): boolean => tables.has(table) && !loose.has(table);
  for (let size = -1; size < loose.size;) {
    size = loose.size;
    for (const [name, { definition }] of tables) {
      const { kind } = definition;
      const ends = [kind.in ?? [], kind.out ?? []];
      if (kind.kind === 'RELATION' && ends.some((end) => !end.some(isKnown))) loose.add(name);
    }
  }
  return loose;
}

function without<V>(all: ReadonlyMap<string, V>, gone: ReadonlySet<string>): ReadonlyMap<string, V> {
  return new Map([...all].filter(([name]) => !gone.has(name)));
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
