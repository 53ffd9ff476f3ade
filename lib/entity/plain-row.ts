import type { EntityShape } from './entity-shape.js';
import { decodeSlot, idsOf } from './hydrate.js';
import type { Row } from './row.js';
import { withoutSecrets } from './without-secrets.js';

/** A row as an object of its properties, links as ids: for rows that are no records. */
export function plainRow(shape: EntityShape, read: Row): Record<string, unknown> {
  const row = withoutSecrets(shape, read);
  const plain: Record<string, unknown> = { id: row['id'] };
  for (const slot of shape.values) if (row[slot.column] !== undefined) plain[slot.property] = decodeSlot(slot, row);
  for (const { property, column } of shape.links) if (row[column] !== undefined) plain[property] = row[column];
  for (const { property, column } of shape.linkArrays) plain[property] = splitOr(row[column]);
  return plain;
}

/** One element of what was split, or the whole list. */
function splitOr(raw: unknown): unknown {
  return Array.isArray(raw) || raw === undefined ? idsOf(raw) : raw;
}
