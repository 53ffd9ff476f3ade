import type { EntityState } from '../entity/entity-state.js';
import { collectionOf } from '../entity/hydrate.js';
import type { Row } from '../entity/row.js';
import type { EdgesMetadata, EntityMetadata } from '../metadata/entity-metadata.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { RollbackJournal } from './journal.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Collections of either end that are known show the other end. */
export function includeEdge(uow: UnitOfWork, edge: EntityMetadata, row: Row, journal?: RollbackJournal): void {
  eachEnd(uow, edge, row, (state, property, other) => {
    const collection = collectionOf(state, property.property);
    if (collection === undefined) return;
    journal?.rememberCollection(collection);
    collection.include(other);
  });
}

/** No edge leads from one of these ends to the other any more. One that leads back still joins them where both directions count. */
export function excludeEdge(uow: UnitOfWork, edge: EntityMetadata, row: Row, journal?: RollbackJournal): void {
  const leadsBack = () => knowsEdge(uow, edge, { in: row['out'], out: row['in'] });
  eachEnd(uow, edge, row, (state, property, other) => {
    const collection = collectionOf(state, property.property);
    if (collection === undefined || (property.direction === 'both' && leadsBack())) return;
    journal?.rememberCollection(collection);
    collection.lose(new Set([identityOf(other)]));
  });
}

/** As far as is known: a parallel edge that is shown still joins them. */
export function excludeLastEdge(uow: UnitOfWork, edge: EntityMetadata, row: Row, journal?: RollbackJournal): void {
  if (!knowsEdge(uow, edge, row)) excludeEdge(uow, edge, row, journal);
}

function knowsEdge(uow: UnitOfWork, edge: EntityMetadata, ends: Row): boolean {
  const [from, to] = [ends['in'] as RecordId, ends['out'] as RecordId];
  return uow
    .states()
    .some(
      ({ meta, row, isHidden }) =>
        meta === edge && row !== undefined && !isHidden && from.equals(row['in']) && to.equals(row['out']),
    );
}

function eachEnd(
  uow: UnitOfWork,
  edge: EntityMetadata,
  row: Row,
  visit: (state: EntityState, property: EdgesMetadata, other: RecordId) => void,
): void {
  const [from, to] = [row['in'] as RecordId, row['out'] as RecordId];
  const ends = [
    [uow.get(from), to, 'in'],
    [uow.get(to), from, 'out'],
  ] as const;
  for (const [state, other, notThis] of ends) {
    if (state === undefined) continue;
    for (const property of uow.shapes.of(state.meta).collections)
      if (property.kind === 'edges' && property.edge() === edge && property.direction !== notThis)
        visit(state, property, other);
  }
}
