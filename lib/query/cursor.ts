import { decode, encode } from '../driver/codec/index.js';
import type { Printed } from '../surrealql/printed.js';
import { RecordId } from '../values/index.js';
import { describe, refused } from './query-errors.js';
import type { Paging } from './page.js';

/**
 * A place in a result as text: which result it belongs to, and the values of the sort keys there. The values are the
 * server's own, in CBOR, so that nanoseconds, decimals and ids of every kind come back as they were.
 */
export function encodeCursor(result: string, values: readonly unknown[]): string {
  return toText(encode([result, ...values]));
}

/**
 * @param name the option that the cursor was given as
 * @throws ValidationError for what is no cursor, and for one of another entity, where or order
 */
export function decodeCursor(name: string, text: unknown, result: string, paging: Paging): readonly unknown[] {
  const [owner, ...values] = partsOf(name, text, paging);
  if (owner !== result) throw foreignCursor(name, paging);
  if (values.length !== paging.keys.length) throw noCursor(name, text, paging);
  const at = paging.keys.findIndex(({ by }) => by.kind === 'Path' && by.parts.length === 1 && by.parts[0] === 'id');
  const id = values[at];
  if (!RecordId.is(id) || id.table !== paging.meta.table) throw noCursor(name, text, paging);
  return values;
}

function partsOf(name: string, text: unknown, paging: Paging): readonly unknown[] {
  if (typeof text !== 'string') throw noCursor(name, text, paging);
  try {
    const parts = decode(toBytes(text));
    if (Array.isArray(parts)) return parts;
  } catch {
    // Told below: what is wrong in the bytes means nothing to whoever passed them on.
  }
  throw noCursor(name, text, paging);
}

function noCursor(name: string, given: unknown, { meta }: Paging): Error {
  return refused({
    path: name,
    what: `\`${name}\` is no cursor of a page of ${meta.className}`,
    why: `it is ${describe(given)}`,
    fix: 'pass on startCursor or endCursor of a page as they are; null begins at the start',
    rule: 'cursor',
  });
}

function foreignCursor(name: string, { meta }: Paging): Error {
  return refused({
    path: name,
    what: `The cursor \`${name}\` belongs to another result than this one of ${meta.className}`,
    why: 'a cursor is a place in one order of one selection: entity, where, filters and orderBy must be those of the page it came from',
    fix: 'begin again without a cursor when the question changes; values such as `new Date()` in a where must stay the same from page to page',
    rule: 'cursor',
  });
}

/** A short name for a statement and the values bound in it (FNV-1a, 64 bits): it tells results apart, it protects nothing. */
export function fingerprint({ text, bindings }: Printed): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of encode([text, bindings])) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36);
}

/** Base64 as it may stand in an address. */
function toText(bytes: Uint8Array): string {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}
