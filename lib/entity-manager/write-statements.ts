import type { Purpose, StatementResult } from '../driver/driver.js';
import { firstError } from '../driver/error-classifier.js';
import type { Statement } from '../surrealql/nodes/index.js';
import type { EmSession } from './em-session.js';
import { printRequest } from './print-request.js';

/** Sends writing statements past the unit of work; the first real error is thrown. */
export async function writeStatements(
  session: EmSession,
  statements: readonly Statement[],
  purpose: Purpose,
): Promise<readonly StatementResult[]> {
  const { text, bindings } = printRequest(session, statements);
  const request = { text, bindings, access: 'write' as const, purpose };
  const results = await session.driver.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  return results;
}
