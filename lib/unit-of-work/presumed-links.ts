import type { EntityState } from '../entity/entity-state.js';
import type { Row } from '../entity/row.js';
import type { InverseMetadata, LinkMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';

/** A member was taken out of an inverse side before its link was read: it is taken for granted that it leads to this owner. */
export interface Presumption {
  readonly property: InverseMetadata;
  readonly link: LinkMetadata;
  readonly owner: RecordId;
}

const presumptions = new WeakMap<EntityState, Presumption>();

export function presume(child: EntityState, presumption: Presumption): void {
  presumptions.set(child, presumption);
}

/** What a write of the member relies on, as long as its link has neither been read nor been given another target. */
export function presumedOf(child: EntityState): Presumption | undefined {
  const presumption = presumptions.get(child);
  if (presumption === undefined) return undefined;
  const { column, property } = presumption.link;
  const held: unknown = Object.hasOwn(child.entity, property) ? Reflect.get(child.entity, property) : NOT_ASSIGNED;
  const isWritten = child.isLoaded(column) && child.row?.[column] === undefined;
  return held === undefined && !isWritten ? presumption : undefined;
}

const NOT_ASSIGNED = Symbol();

/** The guard of that write: nobody loses a member because another owner was given its id. */
export function presumedGuard(child: EntityState): Row {
  const presumption = presumedOf(child);
  return presumption === undefined ? NO_GUARD : { [presumption.link.column]: presumption.owner };
}

const NO_GUARD: Row = Object.freeze({});
