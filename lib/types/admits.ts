import type { SurrealType } from './surreal-type.js';

/** Whether NONE is a value of the type. */
export function admitsNone(type: SurrealType): boolean {
  return admits(type, 'none');
}

/** Whether NULL is a value of the type. */
export function admitsNull(type: SurrealType): boolean {
  return admits(type, 'null');
}

function admits(type: SurrealType, kind: 'none' | 'null'): boolean {
  if (type.kind === 'union') return type.members.some((member) => admits(member, kind));
  return type.kind === kind || type.kind === 'any';
}

/** The members of a type that hold a value, NONE and NULL left out. */
export function valueMembers(type: SurrealType): readonly SurrealType[] {
  const members = type.kind === 'union' ? type.members : [type];
  return members.filter((member) => member.kind !== 'none' && member.kind !== 'null');
}
