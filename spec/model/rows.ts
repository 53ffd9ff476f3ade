import { isDeepStrictEqual } from 'node:util';
import { RecordId } from '../../lib/index.js';

/** Property → value, without the id. Links are the texts of ids, link arrays sets of them; what is absent has no key. */
export type Row = Record<string, unknown>;

export const same = isDeepStrictEqual;

/** Deep, so that what is mutated in place on one side stays as it is on the other. */
export const copy = (row: Row): Row => copyValue(row) as Row;

function copyValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value);
  if (value instanceof Set) return new Set(Array.from(value, copyValue));
  if (Array.isArray(value)) return value.map(copyValue);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyValue(member)]));
}

/** The columns of a record or the properties of an instance, so that either can be compared with a model's row. */
export function viewOf(source: object, names: readonly string[]): Row {
  const row: Row = {};
  for (const name of names) {
    const value = plain((source as Row)[name]);
    if (value !== undefined) row[name] = value;
  }
  return row;
}

/** Ids of `labels` as a set; everything else as it is. */
export function viewOfRecord(raw: object, names: readonly string[]): Row {
  const row = viewOf(raw, names);
  if (Array.isArray(row['labels'])) row['labels'] = new Set(row['labels']);
  return row;
}

function plain(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value !== 'object') return value;
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Set) return value;
  if (RecordId.is(value)) return String(value);
  const link = (value as { readonly id?: unknown }).id;
  if (RecordId.is(link)) return String(link);
  if (Array.isArray(value)) return value.map(plain);
  return viewOf(value, Object.keys(value));
}

export const tableOf = (id: string): string => id.slice(0, id.indexOf(':'));
