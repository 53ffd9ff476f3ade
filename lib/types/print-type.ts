import type { SurrealType } from './surreal-type.js';

/**
 * The text of a type as the server prints it in INFO.
 *
 * ```ts
 * printType(parseType('option<array<string,5>>'));   // 'none | array<string, 5>'
 * ```
 */
export function printType(type: SurrealType): string {
  switch (type.kind) {
    case 'union':
      return type.members.map(printType).join(' | ');
    case 'record':
    case 'table':
    case 'file':
      return withNames(type.kind, type.kind === 'record' ? type.tables : type.names);
    case 'geometry':
      return withNames('geometry', type.shapes);
    case 'array':
    case 'set':
      return printList(type);
    case 'tuple':
      return `[${type.items.map(printType).join(', ')}]`;
    case 'shape':
      return printShape(type.fields);
    case 'literal':
      return printLiteral(type.value);
    default:
      return type.kind;
  }
}

function withNames(word: string, names: readonly string[]): string {
  return names.length === 0 ? word : `${word}<${names.map(printName).join(' | ')}>`;
}

function printList(type: SurrealType & { readonly kind: 'array' | 'set' }): string {
  if (type.max !== undefined) return `${type.kind}<${printType(type.items)}, ${type.max}>`;
  return type.items.kind === 'any' ? type.kind : `${type.kind}<${printType(type.items)}>`;
}

function printShape(fields: Readonly<Record<string, SurrealType>>): string {
  const entries = Object.entries(fields)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, type]) => `${printKey(name)}: ${printType(type)}`);
  return entries.length === 0 ? '{  }' : `{ ${entries.join(', ')} }`;
}

/** The server's order: by code point, where JavaScript compares halves of characters. */
function compareText(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((char, i) => char !== right[i]);
  if (at < 0) return left.length - right.length;
  return at >= right.length ? 1 : (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
}

function printName(name: string): string {
  return isPlain(name) ? name : quoted(name, '`');
}

function printKey(name: string): string {
  return isPlain(name) ? name : quoted(name, '"');
}

function isPlain(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== 'NaN' && name !== 'Infinity';
}

function printLiteral(value: string | number | bigint | boolean): string {
  if (typeof value === 'string') return quoted(value, value.includes("'") ? '"' : "'");
  // The server puts a blank before a float.
  return typeof value === 'number' && !Number.isInteger(value) ? ` ${withoutExponent(String(value))}f` : String(value);
}

/** `1.5e-7` as `0.00000015`; a number with a fraction never has a positive exponent. */
function withoutExponent(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)\.?(\d*)(?:e-(\d+))?$/.exec(text) ?? [];
  return exponent === undefined ? text : `${sign}0.${'0'.repeat(Number(exponent) - 1)}${whole}${fraction}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
  '\f': '\\f',
  '\b': '\\u{8}',
  '\\': '\\\\',
};

function quoted(text: string, quote: string): string {
  const inner = Array.from(text, (char) => (char === quote ? `\\${char}` : (ESCAPES[char] ?? char)));
  return quote + inner.join('') + quote;
}
