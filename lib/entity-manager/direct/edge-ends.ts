import { entityOf } from '../../entity/link-reference.js';
import { stateOf } from '../../entity/stamp.js';
import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata, LinkMetadata } from '../../metadata/entity-metadata.js';
import { describe, refused } from '../../query/query-errors.js';
import { refuseView } from '../../unit-of-work/errors.js';
import type { RecordId } from '../../values/index.js';
import type { EmSession } from '../em-session.js';

export type End = 'in' | 'out';
export type Direction = End | 'both';

export interface EdgeEnds {
  readonly from: RecordId;
  readonly to: RecordId;
}

/** The property of an edge that holds one of its ends. */
export function endProperty(edge: EntityMetadata, end: End): LinkMetadata {
  return edge.byColumn.get(end) as LinkMetadata;
}

/** @throws ValidationError for a class whose records join nothing */
export function requireEdge(meta: EntityMetadata): void {
  refuseView(meta, 'relate');
  if (meta.type === 'relation') return;
  throw refused({
    path: meta.className,
    what: `${meta.className} is not an edge`,
    why: 'only the records of a relation table join others',
    fix: `@Table({ name: '${meta.table}', type: 'relation', in: () => From, out: () => To })`,
    rule: 'graph',
  });
}

/**
 * The ids of both ends, each given as an entity, a link, a record id, a key or text.
 *
 * @throws ValidationError naming the end for whatever the edge cannot join
 */
export function endsOf(session: EmSession, edge: EntityMetadata, from: unknown, to: unknown): EdgeEnds {
  return { from: nodeOf(session, edge, 'out', from), to: nodeOf(session, edge, 'in', to) };
}

function requireDirection(given: unknown): void {
  if (given === 'in' || given === 'out' || given === 'both') return;
  throw refused({
    path: 'direction',
    what: `${describe(given)} is no direction of edges`,
    fix: ["'out' for edges that lead away", "'in' for those that lead here", "'both'"],
    rule: 'graph',
  });
}

/** The id of the record that edges lead away from, lead to, or either. */
export function nodeOf(session: EmSession, edge: EntityMetadata, direction: Direction, given: unknown): RecordId {
  requireEdge(edge);
  requireDirection(direction);
  const ends = direction === 'both' ? (['in', 'out'] as const) : ([direction === 'out' ? 'in' : 'out'] as const);
  const path = ends.map((end) => endProperty(edge, end).path).join(' or ');
  if (given === undefined || given === null)
    throw refused({
      path,
      what: `${path} is ${String(given)}`,
      why: 'an edge starts at one record and leads to another',
      fix: 'give an entity, a link, a record id or a key',
      rule: 'required',
    });
  refuseUnwritten(session, given, path);
  return session.uow.links.identify([...new Set(ends.flatMap((end) => edge.edge?.[end] ?? []))], given, path);
}

/** A deferred transaction writes its new records before its edges; anywhere else they would join nothing yet. */
function refuseUnwritten(session: EmSession, given: unknown, path: string): void {
  const state = stateOf(entityOf(given));
  if (state?.phase !== 'new' || session.deferred !== undefined) return;
  throw new ValidationError({
    what: `${path} was given a ${state.meta.className} that is not in the database yet`,
    why: 'edges are written at once, past the unit of work',
    fix: ['flush first', 'create the edge with em.create(…), or add to a collection, and flush both'],
    errors: [{ path, message: `the ${state.meta.className} is not written yet`, rule: 'required' }],
  });
}
