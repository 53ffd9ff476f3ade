import type { Row } from '../../entity/row.js';

/** The value of a column, which may stand inside an object: `place.city`. */
export function columnValue(content: Row, column: string): unknown {
  const inside = (given: unknown, part: string): unknown =>
    (given as Readonly<Record<string, unknown>> | null | undefined)?.[part];
  return column.split('.').reduce(inside, content as unknown);
}

/** Under a unique index rows without a value never meet. */
export function hasValue(content: Row, column: string): boolean {
  const given = columnValue(content, column);
  return given !== undefined && given !== null;
}
