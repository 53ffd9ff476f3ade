import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  binary,
  forEach,
  graph,
  letStatement,
  or,
  param,
  path,
  pathOf,
  remove,
  update,
  value,
  type Expression,
  type Statement,
} from '../surrealql/nodes/index.js';
import { NONE } from '../values/index.js';
import type { Unrelate } from './change-set.js';
import { row } from './flush-statements.js';
import { softDeletion } from './soft-delete.js';

const ARROWS = { out: '->', in: '<-', both: '<->' } as const;

/** `DELETE $a->follows WHERE out = $b`: every parallel edge between two records. */
export function deleteEdgesBetween(unrelates: readonly Unrelate[]): Statement {
  const { property } = unrelates[0] as Unrelate;
  const { direction } = property;
  const rows = unrelates.map(({ from, to }) => ({ f: from, t: to }));
  const ends = graph([{ arrow: ARROWS[direction], tables: [property.edge().table] }], param('f'));
  const others = direction === 'both' ? ['in', 'out'] : [direction === 'in' ? 'in' : 'out'];
  const isTarget = or(others.map((end) => binary(path(end), '=', param('t'))));
  const everyTarget = binary(param('t'), '=', value(NONE));
  return forEach('r', value(rows), [
    letStatement('f', pathOf(row, 'f')),
    letStatement('t', pathOf(row, 't')),
    // The walk as a DELETE's own target would evaluate the owner's COMPUTED fields over a partial row.
    letStatement('e', ends),
    removeEdges(property.edge(), or([isTarget, everyTarget])),
  ]);
}

function removeEdges({ softDelete }: EntityMetadata, where: Expression): Statement {
  const edges = { target: param('e'), where, returns: 'none' } as const;
  if (softDelete === undefined) return remove(edges);
  return update({ ...edges, data: { kind: 'set', assignments: softDeletion(softDelete) } });
}
