import { ValidationError } from '../errors/index.js';
import type { RecordKey } from '../values/index.js';
import { fromTypedJson, toTypedJson } from './typed-json.js';

/** How far an export came. */
export interface ExportPosition {
  /** The table whose records come next, up to `key` they are there. */
  readonly table: string;
  readonly key?: RecordKey;
}

export function positionText({ table, key }: ExportPosition): string {
  return JSON.stringify(key === undefined ? [table] : [table, toTypedJson(key)]);
}

/** @throws ValidationError for what is no position */
export function parsePosition(text: string): ExportPosition {
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    parts = undefined;
  }
  if (!Array.isArray(parts) || typeof parts[0] !== 'string') {
    throw new ValidationError({
      what: `${JSON.stringify(text)} is no position of an export`,
      fix: 'give what `position` of the earlier export said',
    });
  }
  const [table, key] = parts as unknown as readonly [string, unknown];
  return parts.length === 1 ? { table } : { table, key: fromTypedJson(key) as RecordKey };
}
