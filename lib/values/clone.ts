import { adopt } from './adopt.js';
import { isPlain, isTypedArray, tagOf } from './js-kinds.js';
import { kindOf } from './kind.js';

/**
 * A deep copy of data: lists, objects, maps, sets, dates and bytes are copied, Reverie's values are shared because they
 * cannot change, the official client's become Reverie's. Objects of other classes keep their prototype.
 *
 * ```ts
 * const copy = clone({ tags: ['a'], at: new Date() });
 * ```
 */
export function clone<T>(value: T): T;
export function clone(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => clone<unknown>(member));
  const kind = kindOf(value);
  if (kind !== undefined && kind !== 'DateTime') return value;
  return cloneObject(value);
}

function cloneObject(value: object): object {
  switch (tagOf(value)) {
    case '[object Date]':
      return cloneDate(value as Date);
    case '[object Map]':
      return new Map([...(value as ReadonlyMap<unknown, unknown>)].map(([key, member]) => [key, clone(member)]));
    case '[object Set]':
      return new Set([...(value as ReadonlySet<unknown>)].map((member) => clone(member)));
    case '[object ArrayBuffer]':
      return (value as ArrayBuffer).slice(0);
    case '[object Object]':
      return cloneInstance(value);
    default:
      return isTypedArray(value) ? cloneTypedArray(value) : value;
  }
}

/** An instance that shows no members keeps its content in private ones, which no copy would have: it is shared. */
function cloneInstance(value: object): object {
  if (isPlain(value)) return cloneMembers(value);
  const own = adopt(value);
  if (own !== value) return own as object;
  return Object.keys(value).length === 0 ? value : cloneMembers(value);
}

function cloneDate(value: Date): Date {
  const Same = value.constructor as new (value: Date) => Date;
  return new Same(value);
}

/** Bytes become a Uint8Array also where they were a Node Buffer, whose `slice` shares memory. */
function cloneTypedArray(value: object): object {
  return Uint8Array.prototype.slice.call(value as Uint8Array);
}

function cloneMembers(value: object): object {
  const copy: object = Object.create(Object.getPrototypeOf(value) as object | null) as object;
  for (const [name, member] of Object.entries(value)) {
    Object.defineProperty(copy, name, {
      value: clone<unknown>(member),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return copy;
}
