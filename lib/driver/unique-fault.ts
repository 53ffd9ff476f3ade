import { UniqueConstraintError } from '../errors/index.js';
import { formatLiteral, RecordId } from '../values/index.js';
import type { ServerFault } from './driver.js';
import { detailOf, kindsOf } from './fault-kind.js';
import { parseLiteral } from './parse-literal.js';

/** What a refused unique value or record id tells, read from the server's sentence (it sends no structure for it). */
interface UniqueClash {
  readonly table: string;
  readonly index: string;
  readonly fields: readonly string[];
  readonly value: unknown;
  readonly record: string;
}

const INDEX = /Database index `((?:[^`\\]|\\.)+)` already contains ([\s\S]+), with record `([\s\S]+)`/;
const RECORD = /Database record `([\s\S]+)` already exists/;

/** The typed error for a fault that is a clash of unique values or record ids; undefined for any other fault. */
export function uniqueError(fault: ServerFault, statement: string | undefined): UniqueConstraintError | undefined {
  const clash = clashOf(fault);
  if (clash === undefined) return undefined;
  const { table, index, fields, value, record } = clash;
  const isId = index === 'id';
  return new UniqueConstraintError({
    what: isId
      ? `The record ${record} exists already`
      : `The unique index ${index} of table ${table} already holds ${formatLiteral(value)}, in record ${record}`,
    why: `the server said: ${fault.message}`,
    fix: isId
      ? [
          'write another id',
          'change the record instead of creating it (update or upsert)',
          'to link to it, give its id alone: data makes a new record',
        ]
      : ['write another value', `change or delete ${record} first`],
    table,
    index,
    fields,
    value,
    cause: fault,
    ...(statement !== undefined && { statement }),
  });
}

function clashOf(fault: ServerFault): UniqueClash | undefined {
  const byIndex = INDEX.exec(fault.message);
  if (byIndex !== null) {
    const [, index, value, record] = byIndex as unknown as readonly [string, string, string, string];
    return {
      table: tableOf(record),
      index: index.replace(/\\(.)/g, '$1'),
      fields: [],
      value: parseLiteral(value),
      record,
    };
  }
  const kinds = kindsOf(fault);
  const structured = kinds[0] === 'AlreadyExists' && kinds.includes('Record') ? detailOf(fault, 'id') : undefined;
  const record = typeof structured === 'string' ? structured : RECORD.exec(fault.message)?.[1];
  if (record === undefined) return undefined;
  const value = parseLiteral(record);
  return { table: tableOf(record), index: 'id', fields: ['id'], value, record };
}

/** The table of a printed record id, also of one whose key cannot be read back. */
function tableOf(record: string): string {
  const id = parseLiteral(record);
  if (RecordId.is(id)) return id.table;
  const quoted = /^`((?:[^`\\]|\\.)*)`:/.exec(record)?.[1];
  return quoted === undefined ? (record.split(':', 1)[0] as string) : quoted.replace(/\\(.)/g, '$1');
}
