import type { ComputedMetadata, EntityMetadata } from '../entity-metadata.js';
import { namesIn } from '../names-in.js';
import type { Rule } from './rule.js';

/**
 * The server works fields out in the order of their names, stored ones before those that are computed at each read (3.0.2): what
 * comes later is NONE to what comes before, in what is stored, and in the row that a write answers with.
 */
export const checkComputedOrder: Rule = ({ entity, problems }) => {
  const computed = entity.properties.filter((each): each is ComputedMetadata => each.kind === 'computed');
  if (computed.length < 2) return;
  for (const property of computed) {
    const names = namesIn(property.expression, (of, dotted) => columnIn(entity, of, dotted));
    const later = computed.find(
      (other) => other !== property && names.has(other.column) && comesLater(property, other),
    );
    if (later === undefined) continue;
    problems.add(
      property.path,
      `it is worked out before ${later.property}, which it speaks of: ${reasonOf(property, later)}`,
      later.stored || !property.stored
        ? `name: '…', a column that sorts after "${later.column}"; or write out what ${later.property} is made of`
        : `@Computed(…, { stored: true }) ${later.property}, or write out what it is made of`,
    );
  }
};

/** A field that is computed at each read is there for no stored one; a stored one is there for all of those. */
function comesLater(property: ComputedMetadata, other: ComputedMetadata): boolean {
  if (property.stored !== other.stored) return property.stored;
  return other.column > property.column;
}

function reasonOf(property: ComputedMetadata, later: ComputedMetadata): string {
  return property.stored && !later.stored
    ? 'what is stored is made before what is computed at each read'
    : 'SurrealDB goes by the order of the names';
}

/** A class is not there yet where its own decorators name it by a function. */
function columnIn(entity: EntityMetadata, of: unknown, dotted: string): string | undefined {
  const isOwn =
    of === entity.target ||
    (typeof of === 'function' && !Object.hasOwn(of, 'prototype') && (of as () => unknown)() === entity.target);
  const found = entity.byProperty.get(dotted.split('.')[0] as string);
  return isOwn && found !== undefined && 'column' in found ? found.column : undefined;
}
