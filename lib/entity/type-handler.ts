import type { SurrealType } from '../types/surreal-type.js';
import { DateTime, Decimal, Duration, Uuid, clone, equals } from '../values/index.js';
import { objectParts } from './changed-parts.js';
import { copyOf, isMissing, sameOrMissing, type ValueHandler } from './value-handler.js';

const identity = (value: unknown): unknown => value;

const immutable: ValueHandler = { encode: identity, same: equals };

const LENIENT = Object.freeze({ absentIsMissing: true });

/** Anything that can be mutated in place, of whatever shape. A member that is `undefined` counts as missing. */
const mutable: ValueHandler = {
  decode: clone,
  encode: clone,
  same: (value, raw) => equals(value, raw) || equals(value, raw, LENIENT),
  parts: objectParts,
};

const datetime: ValueHandler = {
  decode(raw) {
    const time = (raw as Date).getTime();
    // What a Date cannot hold stays a DateTime.
    return Number.isNaN(time) ? clone(raw) : new Date(time);
  },
  encode: clone,
  same(value, raw) {
    if (DateTime.is(value)) return equals(value, raw);
    const isMillisecond = value instanceof Date && raw instanceof Date ? true : isDate(value) && isDate(raw);
    return isMillisecond ? (value as Date).getTime() === (raw as Date).getTime() : equals(value, raw);
  },
};

const decimal: ValueHandler = {
  encode: (value) =>
    typeof value === 'number' || typeof value === 'string' ? converted(value, () => new Decimal(value)) : value,
  same: (value, raw) => {
    const encoded = decimal.encode(value);
    return Decimal.isDecimal(encoded) && Decimal.isDecimal(raw)
      ? (encoded as Decimal).equals(raw)
      : equals(encoded, raw);
  },
};

/** Immutable values that may also be given as text. */
function parsed(parse: (text: string) => unknown): ValueHandler {
  const encode = (value: unknown) => (typeof value === 'string' ? converted(value, () => parse(value)) : value);
  return { encode, same: (value, raw) => equals(encode(value), raw) };
}
const uuid = parsed((text) => Uuid.parse(text));
const duration = parsed((text) => Duration.parse(text));

/** What cannot be converted stays as it is. */
export function converted(value: unknown, convert: () => unknown): unknown {
  try {
    return convert();
  } catch {
    return value;
  }
}

/** A list stands for the set of its members. */
const set: ValueHandler = {
  decode: clone,
  encode: (value) => (Array.isArray(value) ? new Set(clone(value)) : clone(value)),
  same: (value, raw) => equals(Array.isArray(value) ? new Set(value) : value, raw),
};

function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]';
}

const IMMUTABLE_KINDS: ReadonlySet<string> = new Set([
  'bool',
  'int',
  'float',
  'number',
  'string',
  'record',
  'null',
  'none',
]);

/** The handler of a type alone. */
export function handlerOfType(type: SurrealType): ValueHandler {
  if (isImmutable(type)) return immutable;
  if (type.kind === 'datetime') return datetime;
  if (type.kind === 'decimal') return decimal;
  if (type.kind === 'uuid') return uuid;
  if (type.kind === 'duration') return duration;
  if (type.kind === 'set') return set;
  if (type.kind === 'array') return arrayHandler(handlerOfType(type.items));
  if (type.kind === 'union') return unionHandler(type.members);
  return mutable;
}

/** A literal may be an object or a list too. */
function isImmutable(type: SurrealType): boolean {
  return (
    IMMUTABLE_KINDS.has(type.kind) ||
    (type.kind === 'literal' && (typeof type.value !== 'object' || type.value === null))
  );
}

function unionHandler(members: readonly SurrealType[]): ValueHandler {
  const present = members.filter((member) => member.kind !== 'none' && member.kind !== 'null');
  if (present.length === 1 && present[0] !== undefined) return handlerOfType(present[0]);
  return present.every(isImmutable) ? immutable : mutable;
}

/** Lists of what another handler knows. */
export function arrayHandler(items: ValueHandler): ValueHandler {
  if (items === mutable) return mutable;
  const decodeItem = items.decode;
  return {
    decode(raw) {
      if (!Array.isArray(raw)) return clone(raw);
      return decodeItem === undefined ? raw.slice() : raw.map((item) => (isMissing(item) ? item : decodeItem(item)));
    },
    encode: (value) =>
      Array.isArray(value) ? value.map((item) => (isMissing(item) ? item : items.encode(item))) : clone(value),
    copy: (value) => (Array.isArray(value) ? value.map((item) => copyOf(items, item)) : clone(value)),
    same(value, raw) {
      if (!Array.isArray(value) || !Array.isArray(raw)) return equals(value, raw);
      if (value.length !== raw.length) return false;
      for (let i = 0; i < value.length; i++)
        if (value[i] !== raw[i] && !sameOrMissing(items, value[i], raw[i])) return false;
      return true;
    },
  };
}
