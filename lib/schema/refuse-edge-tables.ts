import { ValidationError } from '../errors/index.js';
import { tableDefinitions } from './introspect.js';
import type { MovedSchema, TableMove } from './table-moves.js';

/**
 * Edges lead to the records that they were made for: neither they nor their ends can be copied.
 *
 * @throws ValidationError where a table that is to be copied holds edges, or a table of edges begins or ends there
 */
export function refuseEdgeTables({ reading, moves }: MovedSchema): void {
  const definitions = [...tableDefinitions({ tables: reading.state.definitions })];
  for (const move of moves) {
    if (!move.copies) continue;
    const old = move.from.name;
    if (move.from.definition.kind.kind === 'RELATION') throw refused(move, [old]);
    const edges = definitions.filter(
      ([, { kind }]) => kind.in?.includes(old) === true || kind.out?.includes(old) === true,
    );
    if (edges.length > 0)
      throw refused(
        move,
        edges.map(([name]) => name),
      );
  }
}

function refused({ from, to }: TableMove, edges: readonly string[]): ValidationError {
  const own = edges.includes(from.name);
  const begin = `${edges.join(', ')} ${edges.length === 1 ? 'is a table' : 'are tables'} of edges that begin or end in ${from.name}`;
  return new ValidationError({
    what: `The table ${from.name} cannot be renamed to ${to.name} by renamedFrom`,
    why: own
      ? 'its records are edges: a copy of one would lead nowhere'
      : `${begin}, and an edge leads to the record that it was made for, not to a copy of it`,
    fix: [
      `leave renamedFrom out, and write a migration that creates the records of ${to.name} and relates ${own ? 'their ends' : `the edges of ${edges.join(', ')}`} anew with m.em`,
      `keep the table: @Table({ name: '${from.name}' })`,
    ],
  });
}
