import type { EntityState } from '../../entity/entity-state.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { UnitOfWork } from '../../unit-of-work/unit-of-work.js';
import type { RecordId } from '../../values/index.js';
import type { EmSession } from '../em-session.js';
import { endProperty, type Direction, type EdgeEnds } from './edge-ends.js';

/** The edges from one record to another that are known here, those not written yet among them. */
export function edgesBetween({ uow }: EmSession, edge: EntityMetadata, { from, to }: EdgeEnds): EntityState[] {
  return knownEdges(uow, edge, (start, end) => from.equals(start) && to.equals(end));
}

/** The edges of a record that are known here, those not written yet among them. */
export function edgesOf({ uow }: EmSession, edge: EntityMetadata, node: RecordId, direction: Direction): EntityState[] {
  return knownEdges(
    uow,
    edge,
    (start, end) => (direction !== 'in' && node.equals(start)) || (direction !== 'out' && node.equals(end)),
  );
}

function knownEdges(
  uow: UnitOfWork,
  edge: EntityMetadata,
  matches: (start: unknown, end: unknown) => boolean,
): EntityState[] {
  const [start, end] = [endProperty(edge, 'in').property, endProperty(edge, 'out').property];
  return uow.states().filter(({ meta, phase, entity }) => {
    if (meta !== edge || (phase !== 'new' && phase !== 'managed')) return false;
    const instance = entity as Record<string, unknown>;
    return matches(instance[start], instance[end]);
  });
}
