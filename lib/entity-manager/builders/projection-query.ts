import { valueDecoder } from '../../entity/decode-value.js';
import type { Row } from '../../entity/row.js';
import { buildProjection, type ProjectedColumn, type ProjectionPlan } from '../../query/index.js';
import type { Printed } from '../../surrealql/printed.js';
import { plainDates } from '../../values/index.js';
import { checkReadOptions, type ReadOptions } from '../read-options.js';
import { printRead, runStatement } from '../run-statement.js';
import { whereOf, type QueryState } from './query-state.js';

/**
 * Fields and expressions of each record of a select, as plain rows; immutable.
 *
 * ```ts
 * const rows = await em.select(User).where({ active: true }).fields({ name: 'name', initial: fn.string.slice(field(User, 'name'), 0, 1) }).list();
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/select
 */
export class ProjectionQuery<R extends object> {
  readonly #state: QueryState;
  readonly #read: ReadOptions;
  readonly #selection: Readonly<Record<string, unknown>>;

  /** @internal */
  constructor(state: QueryState, read: ReadOptions, selection: Readonly<Record<string, unknown>>) {
    this.#state = state;
    this.#read = read;
    this.#selection = selection;
  }

  async list(): Promise<R[]> {
    const { session, meta } = this.#state;
    session.refuseQueued(meta);
    const { statement, columns } = this.#plan();
    const rows = (await runStatement(session, statement, 'find', this.#read)) as readonly Row[];
    const read = columns.map(readerOf);
    return rows.map((row) => Object.fromEntries(read.map(([name, valueOf]) => [name, valueOf(row)])) as R);
  }

  /** `list`, for code that runs any builder. */
  execute(): Promise<R[]> {
    return this.list();
  }

  /** The first of them, or null. */
  async one(): Promise<R | null> {
    const [first] = await new ProjectionQuery<R>(this.#state, { ...this.#read, limit: 1 }, this.#selection).list();
    return first ?? null;
  }

  toSurql(): Printed {
    return printRead(this.#state.session, this.#plan().statement, this.#read);
  }

  #plan(): ProjectionPlan {
    const { session, meta } = this.#state;
    checkReadOptions(meta, this.#read);
    const query = session.finder.contextWith(this.#read.filters);
    return buildProjection(meta, whereOf(this.#state), this.#selection, this.#read, query);
  }
}

function readerOf({ name, column, field }: ProjectedColumn): readonly [string, (row: Row) => unknown] {
  const decode = valueDecoder(field);
  return [name, (row) => (field === undefined ? plainDates(row[column]) : decode(row[column])) ?? null];
}
