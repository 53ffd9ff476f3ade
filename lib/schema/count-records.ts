import { call, table, type Expression } from '../surrealql/nodes/expressions.js';
import { select, type SelectNode } from '../surrealql/nodes/statements.js';
import type { StatementResult } from '../driver/driver.js';

const COUNT = Object.freeze({ expression: call('count'), alias: ['n'] });

/** Counts the records of a table that fulfil a condition. */
export function countWhere(name: string, where: Expression): SelectNode {
  return select({ projections: [COUNT], from: [table(name)], where, groupBy: 'all' });
}

export function countAll(name: string): SelectNode {
  return select({ projections: [COUNT], from: [table(name)], groupBy: 'all' });
}

/** The number in the answer; no row at all means none. */
export function countOf(result: StatementResult | undefined): number {
  const rows = result?.ok === true ? result.value : undefined;
  const first: unknown = Array.isArray(rows) ? rows[0] : undefined;
  const count = typeof first === 'object' && first !== null ? (first as { readonly n?: unknown }).n : undefined;
  return typeof count === 'number' || typeof count === 'bigint' ? Number(count) : 0;
}
