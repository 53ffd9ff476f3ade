import { parseType, sameType } from '../types/parse-type.js';
import { param } from '../surrealql/nodes/expressions.js';
import { inexact } from './inexact.js';
import type { SurrealType } from '../types/surreal-type.js';

/**
 * Whether every value of the narrow type is a value of the wide one, so that records which the server took before it takes
 * again. Types are the server's own texts; one that cannot be read counts as not covered, and the records are looked at.
 */
export function coversText(wide: string | undefined, narrow: string | undefined): boolean {
  const [wider, narrower] = [readType(wide), readType(narrow)];
  return wider !== undefined && narrower !== undefined && covers(wider, narrower);
}

/** Whether numbers of the narrow type may be made into others of the wide one, which has fewer digits for them. */
export function mayRound(wide: string | undefined, narrow: string | undefined): boolean {
  const [wider, narrower] = [readType(wide), readType(narrow)];
  if (wider === undefined || narrower === undefined) return wider !== narrower;
  return !sameType(wider, narrower) && inexact(param('value'), wider) !== undefined;
}

/** A type in the server's words; undefined where they cannot be read. */
export function readType(text: string | undefined): SurrealType | undefined {
  if (text === undefined) return Object.freeze({ kind: 'any' });
  try {
    return parseType(text);
  } catch {
    return undefined;
  }
}

export function covers(wide: SurrealType, narrow: SurrealType): boolean {
  if (wide.kind === 'any' || sameType(wide, narrow)) return true;
  if (narrow.kind === 'union') return narrow.members.every((member) => covers(wide, member));
  if (wide.kind === 'union') return wide.members.some((member) => covers(member, narrow));
  return coversKind(wide, narrow);
}

function coversKind(wide: SurrealType, narrow: SurrealType): boolean {
  switch (wide.kind) {
    case 'number':
    case 'float':
      return narrow.kind === 'int' || narrow.kind === 'decimal' || narrow.kind === 'float' || isNumber(narrow);
    case 'int':
      return isNumber(narrow) && Number.isInteger(Number((narrow as { readonly value: number }).value));
    case 'string':
    case 'bool':
      return narrow.kind === 'literal' && typeof narrow.value === (wide.kind === 'string' ? 'string' : 'boolean');
    case 'record':
      return narrow.kind === 'record' && includesAll(wide.tables, narrow.tables);
    case 'geometry':
      return narrow.kind === 'geometry' && includesAll(wide.shapes, narrow.shapes);
    case 'array':
    case 'set':
      return (
        narrow.kind === wide.kind &&
        (wide.max === undefined || wide.max === narrow.max) &&
        covers(wide.items, narrow.items)
      );
    default:
      return false;
  }
}

/** No names mean any. */
function includesAll(wide: readonly string[], narrow: readonly string[]): boolean {
  return wide.length === 0 || (narrow.length > 0 && narrow.every((each) => wide.includes(each)));
}

function isNumber(type: SurrealType): boolean {
  return type.kind === 'literal' && (typeof type.value === 'number' || typeof type.value === 'bigint');
}
