import { isBytes, kindOf, decimalText, tagOf, type Decimal } from '../values/index.js';

/**
 * A value as the JSON that SurrealDB writes: NONE and what JSON has no number for are null, int64 keeps all its digits,
 * bytes are a list of numbers, everything else without a JSON form is its SurrealQL text.
 */
export function jsonText(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? 'null' : objectText(value);
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : 'null';
    default:
      return 'null';
  }
}

function objectText(value: object): string {
  if (Array.isArray(value)) return listText(value);
  if (isBytes(value)) return listText([...value]);
  if (Object.prototype.toString.call(value) === '[object Set]') return listText([...(value as Set<unknown>)]);
  if (tagOf(value) === '[object Date]') return JSON.stringify((value as Date).toISOString().replace(/\.000Z$/, 'Z'));
  if (kindOf(value) === 'Decimal') return JSON.stringify(decimalText(value as Decimal));
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return jsonText((value as { toJSON(): unknown }).toJSON());
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`);
  return `{${members.join(',')}}`;
}

function listText(list: readonly unknown[]): string {
  return `[${list.map(jsonText).join(',')}]`;
}
