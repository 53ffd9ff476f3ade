import type { Purpose, StatementResult } from '../driver/driver.js';
import { firstError } from '../driver/error-classifier.js';
import type { Statement } from '../surrealql/nodes/index.js';
import { printRequest } from './print-request.js';
import type { EmSession } from './em-session.js';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

/** Sends one reading statement and answers its value. */
export async function runStatement(
  session: EmSession,
  statement: Statement,
  purpose: Purpose,
  options: RunOptions = {},
): Promise<unknown> {
  const { text, bindings } = printRequest(session, statement);
  const request = {
    text,
    bindings,
    access: 'read' as const,
    idempotent: true,
    purpose,
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
  };
  const results = await session.driver.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  return lastValue(results);
}

function lastValue(results: readonly StatementResult[]): unknown {
  const last = results.at(-1);
  return last?.ok === true ? last.value : undefined;
}
