import { kindOf } from '../../values/kind.js';
import { isPlain } from '../../values/index.js';
import { quoted, type Source } from './source.js';

/** Values that are written as their class over their text. */
const PARSED: ReadonlySet<string> = new Set(['Duration', 'DateTime', 'RecordId']);
const MADE: ReadonlySet<string> = new Set(['Decimal', 'Uuid']);

/** A value as TypeScript; undefined for what has no such form. */
export function dataText(value: unknown, source: Source): string | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value))
    return joined(
      value.map((each) => dataText(each, source)),
      '[',
      ']',
    );
  const kind = kindOf(value);
  if (value instanceof Date && (kind === undefined || isWholeMillis(value)))
    return `new Date(${quoted(value.toISOString())})`;
  if (kind !== undefined && MADE.has(kind)) return `new ${source.use(kind)}(${quoted(String(value))})`;
  if (kind !== undefined && PARSED.has(kind))
    return `${source.use(kind)}.parse(${quoted(value instanceof Date ? value.toISOString() : String(value))})`;
  if (kind !== undefined || !isPlain(value)) return undefined;
  const members = Object.entries(value).map(([key, member]) => {
    const text = dataText(member, source);
    // A plain `__proto__` would set the prototype.
    return text === undefined ? undefined : `${key === '__proto__' ? `['__proto__']` : quoted(key)}: ${text}`;
  });
  return members.length === 0 ? '{}' : joined(members, '{ ', ' }');
}

function joined(texts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return texts.includes(undefined) ? undefined : `${open}${texts.join(', ')}${close}`;
}

/** Whether a native Date, which goes no finer, says it all. */
function isWholeMillis(value: Date): boolean {
  return value.getTime() === new Date(value.toISOString()).getTime() && !/\.\d{4,}/.test(value.toISOString());
}
