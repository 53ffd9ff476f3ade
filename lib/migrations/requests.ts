import type { Driver, StatementResult } from '../driver/driver.js';
import { firstError } from '../driver/error-classifier.js';
import type { Statement } from '../surrealql/nodes/statements.js';
import { print } from '../surrealql/printer.js';

/** The connection as migrations use it. A migration takes as long as it takes: nothing here times out by itself. */
export class MigrationRequests {
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Sends statements as one request; throws the first real error. */
  async run(statements: readonly Statement[], access: 'read' | 'write' = 'write'): Promise<readonly StatementResult[]> {
    const printed = print(statements);
    const request = { ...printed, access, purpose: 'schema' as const, timeout: 0 };
    const results = await this.#driver.execute(request);
    const failure = firstError(results, request);
    if (failure !== undefined) throw failure;
    return results;
  }

  /** The value of the last statement. */
  async ask(statements: readonly Statement[]): Promise<unknown> {
    const last = (await this.run(statements, 'read')).at(-1);
    return last?.ok === true ? last.value : undefined;
  }
}
