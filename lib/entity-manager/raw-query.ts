import { scriptValues } from '../driver/statement-results.js';
import { accessOf, type StatementAccess } from '../driver/statement-access.js';
import { firstError } from '../driver/error-classifier.js';
import { evaluate } from '../surrealql/nodes/index.js';
import { print } from '../surrealql/printer.js';
import { isFragment, type SurqlFragment } from '../surrealql/surql.js';
import { CapabilityError, ValidationError } from '../errors/index.js';
import type { EmSession } from './em-session.js';

/** Sends a user's SurrealQL; answers one result a statement, or throws the first real error. */
export async function runRaw(session: EmSession, statement: SurqlFragment<unknown>): Promise<unknown[]> {
  if (!isFragment(statement)) throw noFragment(statement);
  const { text, bindings } = print(evaluate(statement), session.core.printing);
  const access = accessOf(text);
  refuseUndoable(session, access, 'em.query()');
  const request = { text, bindings, access, purpose: 'raw' as const };
  const results = await session.driver.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  return scriptValues(text, results);
}

/** @throws CapabilityError for what may write at once in a block whose writes wait, so that it can be undone by itself */
export function refuseUndoable({ transaction }: EmSession, access: StatementAccess, verb: string): void {
  if (access !== 'write' || transaction?.interactive === undefined || !transaction.isQueueing) return;
  throw new CapabilityError({
    what: `${verb} was given a statement that may write inside a NESTED block of an interactive transaction`,
    why: 'SurrealDB has no savepoints: if the block failed, what the statement has written could not be undone by itself',
    fix: ["join the transaction: { propagation: 'REQUIRED' }", 'write with the verbs of the EntityManager, which wait'],
  });
}

function noFragment(given: unknown): ValidationError {
  return new ValidationError({
    what: `em.query() takes SurrealQL written with the surql tag, it was given ${typeof given}`,
    why: 'with the tag every value between is bound as a parameter',
    fix: 'em.query(surql`SELECT * FROM user WHERE age > ${age}`)',
  });
}
