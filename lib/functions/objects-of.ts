import { MetadataError } from '../errors/index.js';
import type { DatabaseObjectNode } from '../surrealql/nodes/definitions.js';
import { definitionOf, isDatabaseObject, type DatabaseObject } from './database-object.js';

/** @throws MetadataError for what is no definition, and for two of one name */
export function objectsOf(definitions: readonly DatabaseObject[] = []): readonly DatabaseObjectNode[] {
  const found = new Map<string, DatabaseObjectNode>();
  for (const [at, given] of definitions.entries()) {
    if (!isDatabaseObject(given)) throw noDefinition(at);
    const node = definitionOf(given);
    const key = `${node.kind} ${node.name}`;
    const other = found.get(key);
    if (other !== undefined && other !== node) throw twice(node);
    found.set(key, node);
  }
  return Object.freeze([...found.values()]);
}

function noDefinition(at: number): MetadataError {
  return new MetadataError({
    what: `definitions[${at}] is no definition`,
    fix: 'list what defineFunction, defineParam and defineSequence give; classes belong into `entities`',
  });
}

function twice({ kind, name }: DatabaseObjectNode): MetadataError {
  return new MetadataError({
    what: `There are two definitions of the ${kind.slice('Define'.length).toLowerCase()} ${name}`,
    fix: 'declare it once, and import it where it is used',
  });
}
