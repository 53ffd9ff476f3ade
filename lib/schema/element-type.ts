import { unionOf } from '../types/parse-type.js';
import type { SurrealType } from '../types/surreal-type.js';

/** The type of the elements where the type is an array or a set, or a union that holds one; undefined elsewhere. */
export function elementType(type: SurrealType): SurrealType | undefined {
  const members = type.kind === 'union' ? type.members : [type];
  const items = members.flatMap((member) => (member.kind === 'array' || member.kind === 'set' ? [member.items] : []));
  return items.length === 0 ? undefined : unionOf(items);
}

/** Whether the type itself, or a member of the union, is of this kind. */
export function mentions(type: SurrealType, kind: SurrealType['kind']): boolean {
  return type.kind === 'union' ? type.members.some((member) => mentions(member, kind)) : type.kind === kind;
}

/** Whether a literal type (`'a'`, `{ a: int }`, `[int]`) is the type itself or a member of the union. */
export function holdsLiteral(type: SurrealType): boolean {
  return mentions(type, 'literal') || mentions(type, 'shape') || mentions(type, 'tuple');
}
