import { pause } from '../driver/timers.js';
import { ReverieError } from '../errors/index.js';
import { binary, block, iff, param, pathOf, subquery, value } from '../surrealql/nodes/expressions.js';
import { evaluate, letStatement, throwStatement, transaction, type Statement } from '../surrealql/nodes/statements.js';
import { liveState } from './live-state.js';
import { refused } from './drift-errors.js';
import { isSafe, publicPlan, type PreparedPlan } from './plan.js';
import type { SchemaConnection } from './requests.js';

const MOVED = 'reverie: the schema or its records have changed since the plan was made';

const GONE = /^The table '.*' does not exist/;

/**
 * Applies a plan in one transaction, late steps left out, and only to the very schema that it was made for. With `guarded`
 * the records in danger are counted again first: what was written since the plan was made is not overlooked.
 */
export async function applyPlan(connection: SchemaConnection, plan: PreparedPlan, guarded: boolean): Promise<void> {
  const statements: Statement[] = [
    ...liveState(plan.tables),
    evaluate(iff(binary(param('state'), '!=', value(plan.state)), block([throwStatement(value(MOVED))]))),
    ...(guarded ? guards(plan) : []),
    // Views before those that they read.
    ...[...plan.steps].reverse().flatMap((step) => step.early),
    ...plan.steps.flatMap((step) => step.statements),
  ];
  await connection.run([transaction(statements, 'COMMIT')], 'write', { patient: true });
}

function guards(plan: PreparedPlan): readonly Statement[] {
  return plan.steps.flatMap(({ guard }) => {
    if (guard === undefined) return [];
    const found = pathOf(param('found'), 0, 'n');
    return [
      letStatement('found', subquery(guard)),
      evaluate(iff(binary(found, '>', value(0)), block([throwStatement(value(MOVED))]))),
    ];
  });
}

/** Whether another process came first, so that the plan has to be made anew; it may have taken away a table that is counted. */
export function isOvertaken(error: unknown): boolean {
  if (!ReverieError.is(error)) return false;
  return error.code === 'TRANSACTION_CONFLICT' || error.what.includes(MOVED) || GONE.test(error.what);
}

/** An index over records that it cannot take is built in no mode. */
export function refuseHarm(plan: PreparedPlan, mode: 'safe' | 'force'): void {
  const harmful = plan.steps.filter((step) => !isSafe(step));
  const impossible = harmful.filter(({ kind }) => kind === 'createIndex' || kind === 'alterIndex');
  const unsafe = mode === 'safe' ? harmful : impossible;
  if (unsafe.length > 0) throw refused(unsafe, publicPlan(plan), mode);
}

/** Grows up to half a second, spread out so that processes that met once do not meet again. */
export function backOff(attempt: number): Promise<void> {
  return pause(Math.random() * Math.min(500, 10 * 2 ** attempt));
}
