import type { Purpose, StatementResult } from '../driver/driver.js';
import { firstError } from '../driver/error-classifier.js';
import { within } from '../query/index.js';
import type { Printed } from '../surrealql/printed.js';
import type { Statement } from '../surrealql/nodes/index.js';
import { printRequest } from './print-request.js';
import type { EmSession } from './em-session.js';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
  /** As `FindOptions.cache`; a transaction reads for itself. */
  readonly cache?: unknown;
  readonly refresh?: boolean | undefined;
}

/** A reading statement as it is sent: the server too keeps to its `timeout`. */
export function printRead(session: EmSession, statement: Statement, { timeout }: Pick<RunOptions, 'timeout'>): Printed {
  return printRequest(session, within(statement, timeout));
}

/** Sends one reading statement and answers its value. */
export async function runStatement(
  session: EmSession,
  statement: Statement,
  purpose: Purpose,
  options: RunOptions = {},
): Promise<unknown> {
  const printed = printRead(session, statement, options);
  const ask = (): Promise<unknown> => sendRead(session, printed, purpose, options);
  const { cache, refresh = false } = options;
  if (cache === undefined || cache === false) return ask();
  const aside = session.transaction !== undefined;
  return session.core.cache.answer({ driver: session.driver, statement, printed, options: cache, refresh, aside }, ask);
}

async function sendRead(
  session: EmSession,
  { text, bindings }: Printed,
  purpose: Purpose,
  { signal, timeout }: RunOptions,
): Promise<unknown> {
  const request = {
    text,
    bindings,
    access: 'read' as const,
    idempotent: true,
    purpose,
    ...(signal !== undefined && { signal }),
    ...(timeout !== undefined && { timeout }),
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
