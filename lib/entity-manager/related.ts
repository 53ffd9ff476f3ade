import type { EntityClass, EntityMetadata } from '../metadata/entity-metadata.js';
import { nodeOf, type Direction } from './direct/edge-ends.js';
import type { EmSession } from './em-session.js';
import { GraphTraversal } from './graph-traversal.js';

/** The records at the other end of a record's edges, each once. */
export async function relatedRecords(
  session: EmSession,
  edge: EntityMetadata,
  node: unknown,
  direction: Direction,
): Promise<object[]> {
  const id = nodeOf(session, edge, direction, node);
  // Which records are here, and which edge leads on, no type tells.
  const start = GraphTraversal.from(session, id) as unknown as Record<Direction, (edge: EntityClass) => AnyWalk>;
  const walk = start[direction](edge.target as EntityClass);
  const lists = [...otherEnds(edge, id.table, direction)].map((target) => walk.to(target.target).list());
  return (await Promise.all(lists)).flat();
}

type AnyWalk = GraphTraversal<object>;

/** What edges lead to from a record of this table. */
function otherEnds({ edge }: EntityMetadata, table: string, direction: Direction): Set<EntityMetadata> {
  const [starts, ends] = [edge?.in ?? [], edge?.out ?? []];
  const stands = (metas: readonly EntityMetadata[]) => metas.some((meta) => meta.table === table);
  return new Set([
    ...(direction !== 'in' && stands(starts) ? ends : []),
    ...(direction !== 'out' && stands(ends) ? starts : []),
  ]);
}
