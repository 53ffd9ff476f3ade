import type { Bound } from './bounds.js';
import { standInFor, stringRecordIdText } from './foreign.js';
import { isPlain } from './js-kinds.js';
import { kindOf } from './kind.js';
import { Range } from './range.js';
import { RecordId } from './record-id.js';
import { RecordIdRange } from './record-id-range.js';
import type { RecordKey } from './record-key.js';

/**
 * Reverie's own value for one of the official client's; anything else is given back as it is.
 *
 * ```ts
 * import { RecordId as SdkRecordId } from 'surrealdb';
 * adopt(new SdkRecordId('user', 1)); // Reverie's RecordId user:1
 * ```
 * @throws ValidationError when the value is one that SurrealDB would refuse.
 */
export function adopt(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (kindOf(value) !== undefined || isPlain(value)) return value;
  const text = stringRecordIdText(value);
  if (text !== undefined) return RecordId.parse(text);
  const standIn = standInFor(value);
  return standIn === undefined ? value : complete(standIn);
}

/** The class of what `standInFor` could only stand in for. */
function complete(standIn: object): unknown {
  const parts = standIn as {
    readonly table: string;
    readonly key: unknown;
    readonly begin: unknown;
    readonly end: unknown;
  };
  switch (kindOf(standIn)) {
    case 'RecordId':
      return new RecordId(parts.table, adopt(parts.key) as RecordKey);
    case 'RecordIdRange':
      return new RecordIdRange(
        parts.table,
        adopt(parts.begin) as Bound<RecordKey>,
        adopt(parts.end) as Bound<RecordKey>,
      );
    case 'Range':
      return new Range(adopt(parts.begin) as Bound, adopt(parts.end) as Bound);
    default:
      return standIn;
  }
}
