import type { EmbeddedMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import type { WriteSet } from '../unit-of-work/entity-rules.js';

type Member = PropertyMetadata | EmbeddedMetadata['fields'][number];

/**
 * Whether a value is missing for a reason that no rule can judge: it was not read, or it is made when the record is written
 * (a default, a time stamp, a computed field).
 */
export function isOpen(set: WriteSet, view: Readonly<Record<string, unknown>>, path: readonly PropertyKey[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return set.state.loadedColumns !== undefined;
  const name = String(first);
  const property = set.meta.byProperty.get(name);
  if (view[name] === undefined) return set.action === 'create' ? isMade(property) : isUnknown(set, name, property);
  return isMadeWithin(property, view[name], rest);
}

/** Of an update only what was read or is written is known. */
function isUnknown({ state, changes }: WriteSet, name: string, property: PropertyMetadata | undefined): boolean {
  if (changes.has(name)) return false;
  if (property === undefined || !('column' in property)) return true;
  return !state.isLoaded(property.column) || (property.kind === 'field' && property.role === 'encrypted');
}

function isMade(property: Member | undefined): boolean {
  if (property === undefined) return false;
  if (property.kind !== 'field') return property.kind === 'computed' || property.kind === 'inverse';
  const { serverProduced, defaultAlways, value, generate } = property;
  return (
    serverProduced || defaultAlways || property.default !== undefined || value !== undefined || generate !== undefined
  );
}

/** The same inside embedded classes. */
function isMadeWithin(property: Member | undefined, held: unknown, path: readonly PropertyKey[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined || typeof held !== 'object' || held === null) return false;
  const value = (held as Readonly<Record<PropertyKey, unknown>>)[first];
  if (Array.isArray(held)) return isMadeWithin(property, value, rest);
  const embedded = property?.kind === 'field' ? property.embedded : undefined;
  const member = embedded?.fields.find((field) => field.property === first);
  return value === undefined ? isMade(member) : isMadeWithin(member, value, rest);
}
