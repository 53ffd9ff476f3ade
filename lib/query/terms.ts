import { and, type Expression } from '../surrealql/nodes/index.js';

/** True for a condition that no row can meet, such as `$in: []`. */
export function isNever(where: Expression | undefined): boolean {
  if (where?.kind !== 'Junction') return false;
  return where.operator === 'OR' ? where.terms.every(isNever) : where.terms.some(isNever);
}

/** The terms that all must hold, junctions within junctions opened. */
export function termsOf(where: Expression | undefined): readonly Expression[] {
  if (where === undefined) return [];
  return where.kind === 'Junction' && where.operator === 'AND' ? where.terms.flatMap(termsOf) : [where];
}

export function allOf(terms: readonly Expression[]): Expression | undefined {
  return terms.length <= 1 ? terms[0] : and(terms);
}
