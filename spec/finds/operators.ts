import { RecordId } from '../../lib/index.js';
import { compareTo } from './compare.js';

export type Conditions = Readonly<Record<string, unknown>>;

export interface Meaning {
  /** The field holds NULL as a value of its own; elsewhere `null` asks for what is missing. */
  readonly nullable?: boolean;
  /** What a subquery stands for. */
  readonly valuesOf?: (subquery: unknown) => readonly unknown[];
}

/** Whether a value is equal to what is given, or meets all operators of an object. */
export function matches(value: unknown, condition: unknown, meaning: Meaning = {}): boolean {
  if (!isConditions(condition)) return isSame(value, condition, meaning.nullable === true);
  return Object.entries(condition).every(([name, given]) => meets(value, name, given, meaning));
}

/** What each operator means, in the plainest words. */
function meets(value: unknown, name: string, given: unknown, meaning: Meaning): boolean {
  const { nullable = false, valuesOf } = meaning;
  const same = (other: unknown) => isSame(value, other, nullable);
  const isThere = value !== undefined && value !== null;
  const isIterable = isThere && typeof value !== 'string' && Symbol.iterator in Object(value);
  const list = isIterable ? [...(value as Iterable<unknown>)] : [];
  const all = (): readonly unknown[] => (Array.isArray(given) ? given : (valuesOf?.(given) ?? []));
  const contains = (one: unknown) =>
    typeof value === 'string' ? value.includes(one as string) : list.some((each) => isSame(each, one, false));
  switch (name) {
    case '$eq':
      return same(given);
    case '$ne':
      return !same(given);
    case '$in':
      return all().some(same);
    case '$nin':
      return !all().some(same);
    case '$gt':
      return isThere && compareTo(value, given) > 0;
    case '$gte':
      return isThere && compareTo(value, given) >= 0;
    case '$lt':
      return isThere && compareTo(value, given) < 0;
    case '$lte':
      return isThere && compareTo(value, given) <= 0;
    case '$between': {
      const [low, high] = given as [unknown, unknown];
      return isThere && compareTo(value, low) >= 0 && compareTo(value, high) <= 0;
    }
    case '$isNull':
      return (value === null) === given;
    case '$isNone':
      return (value === undefined) === given;
    case '$exists':
      return (value !== undefined) === given;
    case '$not':
      return !matches(value, given, meaning);
    case '$contains':
      return contains(given);
    case '$notContains':
      return !contains(given);
    case '$containsAll':
      return all().every(contains);
    case '$containsAny':
      return all().some(contains);
    case '$containsNone':
      return !all().some(contains);
    case '$inside':
      return isThere && list.every((each) => all().some((other) => isSame(each, other, false)));
    case '$size':
      return matches(list.length, given);
    default:
      return meetsText(value, name, given);
  }
}

function meetsText(value: unknown, name: string, given: unknown): boolean {
  const test = TEXT[name];
  if (test === undefined) throw new Error(`The oracle does not know ${name}`);
  return typeof value === 'string' && test(value, given as string & RegExp);
}

const TEXT: Readonly<Record<string, (text: string, given: string & RegExp) => boolean>> = {
  $startsWith: (text, given) => text.startsWith(given),
  $endsWith: (text, given) => text.endsWith(given),
  $icontains: (text, given) => folded(text).includes(folded(given)),
  $istartsWith: (text, given) => folded(text).startsWith(folded(given)),
  $iendsWith: (text, given) => folded(text).endsWith(folded(given)),
  $regex: (text, given) => given.test(text),
  $like: (text, given) => like(given, 'su').test(text),
  $ilike: (text, given) => like(given, 'isu').test(text),
  $matches: (text, given) => given.split(' ').every((word) => text.toLowerCase().split(' ').includes(word)),
};

/** `%` is any text and `_` one character, unless a backslash stands before them. */
function like(pattern: string, flags: string): RegExp {
  const source = [...pattern.matchAll(/\\(?:.|$)|[^\\]/gsu)].map(([piece]) => {
    if (piece === '%') return '.*';
    if (piece === '_') return '.';
    return (piece.length > 1 && piece.startsWith('\\') ? piece.slice(1) : piece).replace(
      /[\\^$.*+?()[\]{}|/]/gu,
      '\\$&',
    );
  });
  return new RegExp(`^${source.join('')}$`, flags);
}

export function isSame(value: unknown, given: unknown, nullable: boolean): boolean {
  if (given === null) return nullable ? value === null : value === undefined;
  if (given === undefined || value === undefined || value === null) return false;
  // A link is told by the record that it names; worlds of plain keys know only those.
  if (RecordId.is(value)) return value.equals(given);
  const key = RecordId.is(given) ? given.key : given;
  return compareTo(value, key) === 0;
}

/** The sigma at the end of a word is a sigma. */
const folded = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

export const isOperator = (key: string): boolean => key.startsWith('$');

/** An object literal, also one without a prototype. */
export function isConditions(condition: unknown): condition is Conditions {
  if (typeof condition !== 'object' || condition === null) return false;
  const prototype: unknown = Object.getPrototypeOf(condition);
  return prototype === Object.prototype || prototype === null;
}
