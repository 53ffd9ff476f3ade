import { encode } from '../driver/codec/index.js';
import { call, literal } from '../surrealql/nodes/expressions.js';
import { fragmentOf } from '../surrealql/surql.js';
import { isPlain, kindOf, Range, RecordId, Table } from '../values/index.js';

/** The parser of the server takes 20 levels of brackets, of which the statement around a row has three. */
const MAX_DEPTH = 16;

/** A row as the literals of a script: what has none stands as a call that makes it. */
export function scriptRow(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).map(([name, member]) => [name, scriptValue(member)]));
}

function scriptValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isDeeper(value, MAX_DEPTH)) return fragmentOf(call('encoding::cbor::decode', literal(encode(value))));
  return holdsTable(value) ? withTables(value) : value;
}

function isDeeper(value: unknown, levels: number): boolean {
  const inner = insideOf(value);
  return inner !== undefined && (levels === 0 || inner.some((each) => isDeeper(each, levels - 1)));
}

/** What stands between brackets. */
function insideOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value as readonly unknown[];
  if (value instanceof Set) return [...(value as ReadonlySet<unknown>)];
  if (RecordId.is(value)) return insideOf(value.key);
  if (Range.is(value))
    return [value.begin, value.end].map((bound) => (bound as { value?: unknown } | undefined)?.value);
  return kindOf(value) === undefined && isPlain(value) ? Object.values(value) : undefined;
}

/** A table as a value has no literal: its name alone would be that of a field. */
function withTables(value: unknown): unknown {
  if (Table.is(value)) return fragmentOf(call('type::table', literal(value.name)));
  if (Array.isArray(value)) return value.map(withTables);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTables(member)]));
}

function holdsTable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsTable);
  return isPlain(value) ? Object.values(value).some(holdsTable) : Table.is(value);
}
