import { isMissing } from '../entity/value-handler.js';
import type { EntityMetadata, IndexMetadata } from '../metadata/entity-metadata.js';

/** What a record holds in a column; `unknown` where only the server knows it. */
export type HeldIn = (column: string) => { readonly value: unknown } | 'unknown';

/**
 * Whether a record is a part of an index that has a condition: told from equalities of plain values (`{ main: true }`),
 * undefined for what only the server can tell.
 */
export function isIndexed({ where }: IndexMetadata, meta: EntityMetadata, heldIn: HeldIn): boolean | undefined {
  if (where === undefined) return true;
  if (Object.getPrototypeOf(where) !== Object.prototype) return undefined;
  const answers = Object.entries(where).map(([property, wanted]) => isEqual(meta, property, wanted, heldIn));
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function isEqual(meta: EntityMetadata, property: string, wanted: unknown, heldIn: HeldIn): boolean | undefined {
  const field = meta.byProperty.get(property);
  if (field?.kind !== 'field' || field.codec !== undefined || !isPlain(wanted)) return undefined;
  const held = heldIn(field.column);
  if (held === 'unknown') return undefined;
  if (isMissing(held.value)) return false;
  return typeof held.value === typeof wanted ? held.value === wanted : undefined;
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
