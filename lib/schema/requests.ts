import type { Driver, StatementResult } from '../driver/driver.js';
import { firstError } from '../driver/error-classifier.js';
import type { Statement } from '../surrealql/nodes/statements.js';
import { print, type PrintOptions } from '../surrealql/printer.js';

export interface RunOptions {
  /** Waits however long it takes: what looks at, writes or indexes every record of a table may take minutes. */
  readonly patient?: boolean;
}

/** The connection as this room uses it: statements in, answers out, the first real error thrown. */
export interface SchemaConnection {
  /** `3.0.2` */
  readonly version: string;
  readonly isAtLeast: (version: string) => boolean;
  run(
    statements: readonly Statement[],
    access: 'read' | 'write',
    options?: RunOptions,
  ): Promise<readonly StatementResult[]>;
  /** A statement as text, for plans and messages. */
  text(statements: readonly Statement[]): string;
}

export function schemaConnection(driver: Driver, printing: PrintOptions): SchemaConnection {
  return Object.freeze({
    get version() {
      return driver.capabilities.version;
    },
    isAtLeast: (version: string) => driver.capabilities.isAtLeast(version),
    async run(statements: readonly Statement[], access: 'read' | 'write', { patient = false }: RunOptions = {}) {
      const printed = print(statements, printing);
      const request = { ...printed, access, purpose: 'schema' as const, ...(patient && { timeout: 0 }) };
      const results = await driver.execute(request);
      const failure = firstError(results, request);
      if (failure !== undefined) throw failure;
      return results;
    },
    text(statements: readonly Statement[]) {
      const [first, ...more] = statements;
      return print(first !== undefined && more.length === 0 ? first : statements, { ...printing, literals: true }).text;
    },
  });
}

/** The value that a statement of a request answered with. */
export function valueOf(results: readonly StatementResult[], index: number): unknown {
  const result = results.at(index);
  return result?.ok === true ? result.value : undefined;
}
