import type { Driver } from '../driver/driver.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { select, table, value, type Statement } from '../surrealql/nodes/index.js';
import type { TableChecks } from '../unit-of-work/table-checks.js';

/**
 * Which tables have been seen on each connection: by schema sync, or by a write that found them. The server makes a schemaless table
 * of whatever a root user creates a record in; a read of it is an error.
 */
export class KnownTables {
  readonly #byConnection = new WeakMap<Driver, Set<string>>();

  on(connection: Driver): TableChecks {
    return {
      // Record users may make no table.
      before: (tables) => (connection.isJudged === true ? [] : this.#unknown(connection, tables).map(readOf)),
      saw: (tables) => this.saw(connection, tables),
    };
  }

  saw(connection: Driver, tables: readonly EntityMetadata[]): void {
    const known = this.#byConnection.get(connection) ?? new Set();
    this.#byConnection.set(connection, known);
    for (const { table } of tables) known.add(table);
  }

  /** What was seen may be gone. */
  forget(connection: Driver): void {
    this.#byConnection.delete(connection);
  }

  #unknown(connection: Driver, tables: readonly EntityMetadata[]): readonly string[] {
    const known = this.#byConnection.get(connection);
    const unknown = tables.filter(({ table }) => known?.has(table) !== true);
    return [...new Set(unknown.map(({ table }) => table))];
  }
}

/** Reading nothing (`LIMIT 0`) would not look for the table. */
function readOf(name: string): Statement {
  return select({ value: value(true), from: [table(name)], limit: value(1) });
}
