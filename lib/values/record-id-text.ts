import { ValidationError } from '../errors/index.js';
import type { RecordId } from './record-id.js';
import type { RecordKey } from './record-key.js';
import { INT64_MAX, INT64_MIN } from './record-key.js';

const SIMPLE = /^([A-Za-z_][A-Za-z0-9_]*):([A-Za-z0-9_]+|-\d+)$/;

/** Makes the record ids found on the way; handed in because RecordId itself calls the parser. */
export type MakeRecordId = (table: string, key: RecordKey) => RecordId;

/** @throws ValidationError */
export function parseRecordId(text: string, make: MakeRecordId): RecordId {
  const simple = SIMPLE.exec(text);
  if (simple !== null) return make(simple[1] as string, bareKey(simple[2] as string));
  throw new ValidationError({ what: `Not a record id: ${text}` });
}

function bareKey(text: string): string | number | bigint {
  if (!/^-?\d+$/.test(text)) return text;
  const value = BigInt(text);
  if (value > INT64_MAX || value < INT64_MIN) return text;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
