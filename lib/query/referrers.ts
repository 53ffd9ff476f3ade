import type { InverseMetadata } from '../metadata/entity-metadata.js';
import { array, binary, call, graph, type Expression } from '../surrealql/nodes/index.js';
import { isPlainName, quoted } from '../values/index.js';

/** Words that the server prints in backticks though a field may be called by them (tried on 3.0.2). */
const QUOTED: ReadonlySet<string> = new Set(
  'after all before begin by cancel commit diff infinity kill live nan option rand sequence show table tb use value where'.split(
    ' ',
  ),
);

/**
 * The records whose link points here: `<~(review FIELD book)`, from the row or from `from`. The server (3.0.2) files a
 * reference under the field's name as it prints it, backticks included, and looks it up as it is called: a name that it
 * prints in backticks is asked for both ways.
 */
export function referrers(property: InverseMetadata, from?: Expression): Expression {
  const tables = [property.target().table];
  const { column } = property.inverse();
  const by = (field: string): Expression => listFrom(from, graph([{ arrow: '<~', tables, field }], from));
  if (isPlainName(column) && !QUOTED.has(column.toLowerCase())) return by(column);
  return call('array::concat', by(column), by(quoted(column)));
}

/** From a link that is missing a graph leads to NONE and not to an empty list, of which no function of lists wants to hear. */
export function listFrom(from: Expression | undefined, list: Expression): Expression {
  return from?.kind === 'Path' ? binary(list, '??', array([])) : list;
}
