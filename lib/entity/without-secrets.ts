import type { EntityShape } from './entity-shape.js';
import type { Row } from './row.js';

/** The row as far as it may be known here: what is written and never read is in none. */
export function withoutSecrets({ secretColumns }: EntityShape, row: Row): Row {
  if (secretColumns.length === 0) return row;
  const known = { ...row };
  for (const column of secretColumns) delete known[column];
  return known;
}
