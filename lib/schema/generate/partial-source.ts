import { escapeIdentifier } from '../../surrealql/identifiers.js';
import { parsePath, type FieldPath } from '../field-path.js';
import type { IndexModel, TableModel } from '../model.js';
import { hiddenColumn, isHiddenField } from '../partial-index.js';

/** A unique index as it was declared, without the hidden fields that it rests on. */
export interface DeclaredUnique {
  readonly columns: readonly FieldPath[];
  /** As SurrealQL, the soft delete aside. */
  readonly where?: string;
  readonly nullsDistinct: boolean;
}

/** Undefined where a hidden field is not what Reverie writes. */
export function declaredUnique(
  { name, variant }: Pick<IndexModel, 'name' | 'variant'>,
  columns: readonly FieldPath[],
  table: TableModel,
  softDelete: string | undefined,
): DeclaredUnique | undefined {
  const condition = conditionOf(name, table);
  const within = columns.filter((path) => path[0] === hiddenColumn(name));
  if (variant !== 'UNIQUE' || within.length > 0 !== (condition !== undefined)) return undefined;
  const shown = columns.filter((path) => !within.includes(path)).map((path) => filledColumn(path, table) ?? path);
  if (shown.some(isHiddenField)) return undefined;
  const where = condition === undefined ? undefined : withoutSoftDelete(condition, softDelete);
  return {
    columns: shown,
    ...(where !== undefined && { where }),
    nullsDistinct: !columns.some((path) => isHiddenField(path) && !within.includes(path)),
  };
}

/**
 * The column of `@SoftDelete`: every unique index counts records without it only. A table without unique indexes has no such
 * trace, and there a column that is called `deletedAt` or `deleted_at` is taken for one.
 */
export function softDeleteOf(table: TableModel): string | undefined {
  const candidates = [...table.fields.values()].flatMap(({ path: [column, ...below], ...field }) =>
    typeof column === 'string' && below.length === 0 && field.kind === 'none | datetime' && isBare(field)
      ? [column]
      : [],
  );
  const unique = [...table.indexes.values()].filter(({ variant }) => variant === 'UNIQUE');
  if (unique.length === 0) return candidates.find((column) => /^deleted(At|_at)$/.test(column));
  return candidates.find((column) =>
    unique.every(({ name }) => conditionOf(name, table)?.endsWith(liveCondition(column)) === true),
  );
}

function isBare(field: Omit<TableModel['fields'] extends ReadonlyMap<unknown, infer F> ? F : never, 'path'>): boolean {
  const { value, assert, computed, readonly, default: preset } = field;
  return value === undefined && assert === undefined && computed === undefined && preset === undefined && !readonly;
}

const liveCondition = (column: string): string => `type::is_none(${escapeIdentifier(column)})`;

function withoutSoftDelete(condition: string, column: string | undefined): string | undefined {
  const live = column === undefined ? undefined : liveCondition(column);
  if (live === undefined || !condition.endsWith(live)) return condition;
  return condition === live ? undefined : condition.slice(0, -` AND ${live}`.length);
}

function valueOf(column: string, { fields }: TableModel): string {
  return [...fields.values()].find(({ path }) => path.length === 1 && path[0] === column)?.value ?? '';
}

function conditionOf(index: string, table: TableModel): string | undefined {
  return /^IF ([^]*) \{ true \} ELSE \{ NONE \}$/.exec(valueOf(hiddenColumn(index), table))?.[1];
}

/** The column that a hidden one stands in for. */
function filledColumn([hidden]: FieldPath, table: TableModel): FieldPath | undefined {
  if (typeof hidden !== 'string' || !isHiddenField([hidden])) return undefined;
  const found = /^IF type::of\(([^]*)\) INSIDE \['none', 'null'\] \{ \{ *\} \} ELSE \{ ([^]*) \}$/.exec(
    valueOf(hidden, table),
  );
  return found === null || found[1] !== found[2] ? undefined : parsePath(found[1] as string);
}
