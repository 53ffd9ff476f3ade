import type { SelectNode } from '../surrealql/nodes/statements.js';
import type { Change } from './change.js';
import { countAll, countOf, countWhere } from './count-records.js';
import type { SchemaConnection } from './requests.js';

/** A change with what was found among the stored records. */
export interface CountedChange {
  readonly change: Change;
  /** Records that would become unwritable or lose data. */
  readonly endangered: number;
  /** Records that have to be written for it. */
  readonly rewritten: number;
  /** Whether it writes records; default: where there are some here. */
  readonly writes?: boolean;
}

/** Counts, in one request that reads only, the records that each change would touch. Nothing is sent when none can. */
export async function countRecords(
  connection: SchemaConnection,
  changes: readonly Change[],
): Promise<readonly CountedChange[]> {
  const statements: SelectNode[] = [];
  const ask = (statement: SelectNode | undefined): number =>
    statement === undefined ? -1 : statements.push(statement) - 1;
  const asked = changes.map((change) => ({
    change,
    danger: ask(change.danger?.count),
    rewrite: ask(rewriteCount(change)),
  }));
  const results = statements.length === 0 ? [] : await connection.run(statements, 'read', { patient: true });
  const count = (at: number): number => (at < 0 ? 0 : countOf(results[at]));
  return asked.map(({ change, danger, rewrite }) => ({ change, endangered: count(danger), rewritten: count(rewrite) }));
}

function rewriteCount({ table, source = table, rewrite }: Change): SelectNode | undefined {
  if (rewrite === undefined) return undefined;
  if (rewrite.kind === 'copy' || rewrite.records === undefined) return countAll(source);
  return countWhere(source, rewrite.records);
}
