import type { Driver, QueryRequest } from '../driver/driver.js';
import { firstError } from '../driver/error-classifier.js';
import type { Statement } from '../surrealql/nodes/statements.js';
import { print } from '../surrealql/printer.js';

/** Whatever runs statements: a connection, or a transaction on it. */
export type Executor = Pick<Driver, 'execute'>;

/** A request that takes as long as it takes. */
export function requestOf(statements: readonly Statement[], access: 'read' | 'write'): QueryRequest {
  return { ...print(statements), access, purpose: 'direct', timeout: 0, idempotent: access === 'read' };
}

/** The value of the last statement. @throws the first real error */
export async function ask(executor: Executor, statements: readonly Statement[]): Promise<unknown> {
  const request = requestOf(statements, 'read');
  const results = await executor.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  const last = results.at(-1);
  return last?.ok === true ? last.value : undefined;
}
