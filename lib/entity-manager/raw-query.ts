import { scriptValues } from '../driver/statement-results.js';
import { accessOf } from '../driver/statement-access.js';
import { firstError } from '../driver/error-classifier.js';
import { evaluate } from '../surrealql/nodes/index.js';
import { print } from '../surrealql/printer.js';
import type { SurqlFragment } from '../surrealql/surql.js';
import type { EmSession } from './em-session.js';

/** Sends a user's SurrealQL; answers one result a statement, or throws the first real error. */
export async function runRaw(session: EmSession, statement: SurqlFragment): Promise<unknown[]> {
  const { text, bindings } = print(evaluate(statement), session.core.printing);
  const request = { text, bindings, access: accessOf(text), purpose: 'raw' as const };
  const results = await session.driver.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  return scriptValues(text, results);
}
