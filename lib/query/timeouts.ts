import { select, value, type Expression, type Statement } from '../surrealql/nodes/index.js';
import { Duration } from '../values/index.js';
import { describe, refused } from './query-errors.js';

const NANOSECONDS = 1_000_000;

/**
 * `TIMEOUT` of a statement from milliseconds; nothing for 0, which sets no limit.
 *
 * @throws ValidationError for what is no number of milliseconds
 */
export function timeoutClause(milliseconds: number | undefined): { readonly timeout?: Expression } {
  if (milliseconds === undefined || milliseconds === 0) return {};
  if (typeof milliseconds !== 'number' || !Number.isFinite(milliseconds) || milliseconds < 0)
    throw refused({
      path: 'timeout',
      what: 'timeout must be a number of milliseconds from 0',
      why: `it is ${describe(milliseconds)}`,
      fix: '{ timeout: 5_000 }',
      rule: 'option',
    });
  return { timeout: value(new Duration(BigInt(Math.ceil(milliseconds * NANOSECONDS)))) };
}

/** The statement with the time that the server may take for it: a RETURN is put inside a SELECT, which alone has the clause. */
export function within(statement: Statement, milliseconds: number | undefined): Statement {
  const clause = timeoutClause(milliseconds);
  if (clause.timeout === undefined) return statement;
  if (statement.kind === 'Select') return Object.freeze({ ...statement, ...clause });
  if (statement.kind !== 'Return') return statement;
  return select({ value: statement.value, only: true, from: [value(1)], ...clause });
}
