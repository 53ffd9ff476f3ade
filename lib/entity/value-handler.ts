import { DateTime, Decimal, Duration, Uuid, clone, equals, isNone } from '../values/index.js';
import type { FieldMetadata } from '../metadata/entity-metadata.js';
import type { SurrealType } from '../types/surreal-type.js';
import { objectParts, type ChangedPart } from './changed-parts.js';
import { embeddedHandler } from './embedded-handler.js';

/**
 * How the values of one field travel. `decode` makes the instance's own value of a raw one (never shared with the row,
 * so that a mutation can be seen), `encode` the way back (never shared with the instance, which may go on changing while
 * a flush is under way), `same` compares an instance's value with the raw one.
 * None of them is ever given NONE or NULL: `null` and absence are the callers' business.
 */
export interface ValueHandler {
  /** Absent where the instance may hold the raw value itself. */
  readonly decode?: (raw: unknown) => unknown;
  /** A value that cannot be converted is given back as it is, for the validation to refuse. */
  encode(value: unknown): unknown;
  /** A copy of an instance's value, for it to be put back when it was mutated; absent where `clone` makes one. */
  copy?(value: unknown): unknown;
  same(value: unknown, raw: unknown): boolean;
  /** What of an object differs, as it would be sent; undefined where it has to be sent as a whole. Absent for other values. */
  parts?(value: unknown, raw: unknown): readonly ChangedPart[] | undefined;
}

export const isMissing = (value: unknown): boolean => value === undefined || value === null || isNone(value);

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

function converted(value: unknown, convert: () => unknown): unknown {
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

/** The handler of a field: its codec, its embedded class or its type. */
export function handlerOfField(field: FieldMetadata): ValueHandler {
  if (field.codec !== undefined) return codecHandler(field);
  if (field.embedded !== undefined) {
    const one = embeddedHandler(field.embedded);
    return field.embeddedMany ? arrayHandler(one) : one;
  }
  if (field.role === 'vector') return vector;
  return handlerOfType(field.type);
}

/** A typed array stands for the list of its numbers. */
const vector: ValueHandler = {
  decode: clone,
  encode: (value) => (ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : clone(value)),
  same(value, raw) {
    const numbers = value as ArrayLike<number>;
    const others = raw as ArrayLike<number>;
    if (numbers.length !== others.length) return false;
    for (let i = 0; i < numbers.length; i++) if (numbers[i] !== others[i]) return false;
    return true;
  },
};

function unionHandler(members: readonly SurrealType[]): ValueHandler {
  const present = members.filter((member) => member.kind !== 'none' && member.kind !== 'null');
  if (present.length === 1 && present[0] !== undefined) return handlerOfType(present[0]);
  return present.every(isImmutable) ? immutable : mutable;
}

function arrayHandler(items: ValueHandler): ValueHandler {
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

function codecHandler(field: FieldMetadata): ValueHandler {
  const codec = field.codec as NonNullable<FieldMetadata['codec']>;
  const inner = handlerOfType(field.type);
  return {
    // A codec may give back the very value that it was given.
    decode: (raw) => codec.decode(clone(raw)),
    encode: (value) => clone(codec.encode(value)),
    copy: (value) => converted(value, () => codec.decode(clone(codec.encode(value)))),
    same(value, raw) {
      if (codec.equals !== undefined) return codec.equals(value, codec.decode(raw));
      const encoded = codec.encode(value);
      return isMissing(encoded) ? isMissing(raw) : inner.same(encoded, raw);
    },
  };
}

/** A copy of an instance's value that may be missing. */
export function copyOf(handler: ValueHandler, value: unknown): unknown {
  return handler.copy === undefined || isMissing(value) ? clone(value) : handler.copy(value);
}

/** `same` for values that may be missing: NONE and a missing value are one, NULL is another. */
export function sameOrMissing(handler: ValueHandler, value: unknown, raw: unknown): boolean {
  if (isListOrDate(value) && isListOrDate(raw)) return handler.same(value, raw);
  if (isMissing(value)) return value === null ? raw === null : raw === undefined || isNone(raw);
  return isMissing(raw) ? false : handler.same(value, raw);
}

/** These are surely there: it takes longer to ask an object for its kind, and a flush asks for every one that it compares. */
function isListOrDate(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Date;
}
