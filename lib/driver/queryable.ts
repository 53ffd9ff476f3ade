import { ValidationError } from '../errors/index.js';
import type { RecordIdRange } from '../values/index.js';
import { RecordId, Table } from '../values/index.js';
import type { Purpose, QueryRequest, StatementResult } from './driver.js';
import { firstError } from './error-classifier.js';
import { accessOf } from './statement-access.js';
import { scriptValues } from './statement-results.js';

/** A table by name, a record, or the records of a range of keys. */
export type Target = string | Table | RecordId | RecordIdRange;

export type Data = Readonly<Record<string, unknown>>;
export type Bindings = Readonly<Record<string, unknown>>;

export interface QueryOptions {
  /** Milliseconds until a TimeoutError; default the connection's. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** One record for a record id (undefined where it is missing), a list for a table or a range. */
type Answer<T, What> = What extends RecordId ? T | undefined : T[];

/**
 * The verbs that a connection and a transaction share. All of them are statements with bound values, since several RPC methods of
 * the same names run outside the transaction that they are called in.
 */
export abstract class Queryable {
  protected abstract run(request: QueryRequest): Promise<readonly StatementResult[]>;

  /**
   * Runs SurrealQL and answers with one value for each statement; BEGIN, COMMIT and CANCEL answer nothing. `undefined` is NONE.
   * https://surrealdb.com/docs/surrealql
   *
   * ```ts
   * const [users] = await db.query<[User[]]>('SELECT * FROM user WHERE age > $age', { age: 18 });
   * ```
   * @throws the first real error of the script: QueryError, UniqueConstraintError, TransactionConflictError …
   */
  async query<T extends readonly unknown[] = unknown[]>(
    text: string,
    bindings: Bindings = {},
    options: QueryOptions = {},
  ): Promise<T> {
    if (typeof text !== 'string') throw noText(text);
    const request = { text, bindings, access: accessOf(text), purpose: 'raw' as Purpose, ...options };
    const results = await this.run(request);
    const failure = firstError(results, request);
    if (failure !== undefined) throw failure;
    return scriptValues(text, results) as readonly unknown[] as T;
  }

  /** `SELECT * FROM target`. */
  select<T = Data, What extends Target = Target>(target: What): Promise<Answer<T, What>> {
    return this.#onTarget('SELECT * FROM $_target', target, {});
  }

  /** `CREATE target CONTENT data`: the record made. A taken id is a UniqueConstraintError. */
  async create<T = Data>(target: string | Table | RecordId, data: Data = {}): Promise<T> {
    const [rows] = await this.query<[T[]]>('CREATE $_target CONTENT $_data', {
      _target: targetOf(target),
      _data: data,
    });
    return rows[0] as T;
  }

  /** `INSERT INTO table rows`: the records made. */
  async insert<T = Data>(table: string | Table, rows: Data | readonly Data[]): Promise<T[]> {
    const [made] = await this.query<[T[]]>('INSERT INTO $_target $_data', { _target: targetOf(table), _data: rows });
    return made;
  }

  /** `UPDATE target CONTENT data`: replaces what the records hold. */
  update<T = Data, What extends Target = Target>(target: What, data: Data): Promise<Answer<T, What>> {
    return this.#onTarget('UPDATE $_target CONTENT $_data', target, { _data: data });
  }

  /** `UPDATE target MERGE data`: changes the fields named. */
  merge<T = Data, What extends Target = Target>(target: What, data: Data): Promise<Answer<T, What>> {
    return this.#onTarget('UPDATE $_target MERGE $_data', target, { _data: data });
  }

  /** `UPDATE target PATCH operations`, as in RFC 6902. */
  patch<T = Data, What extends Target = Target>(target: What, operations: readonly Data[]): Promise<Answer<T, What>> {
    return this.#onTarget('UPDATE $_target PATCH $_data', target, { _data: operations });
  }

  /** `UPSERT target CONTENT data`: replaces the record, or makes it. */
  upsert<T = Data, What extends Target = Target>(target: What, data: Data = {}): Promise<Answer<T, What>> {
    return this.#onTarget('UPSERT $_target CONTENT $_data', target, { _data: data });
  }

  /** `DELETE target RETURN BEFORE`: what was deleted. */
  delete<T = Data, What extends Target = Target>(target: What): Promise<Answer<T, What>> {
    return this.#onTarget('DELETE $_target RETURN BEFORE', target, {});
  }

  /** `RELATE from->edge->to CONTENT data`: the edge made, or several where an end is a list. */
  async relate<T = Data>(
    from: RecordId | readonly RecordId[],
    edge: string | Table | RecordId,
    to: RecordId | readonly RecordId[],
    data: Data = {},
  ): Promise<T[]> {
    const bindings = { _from: from, _edge: targetOf(edge), _to: to, _data: data };
    const [edges] = await this.query<[T[]]>('RELATE $_from->$_edge->$_to CONTENT $_data', bindings);
    return edges;
  }

  async #onTarget<R>(text: string, target: Target, bindings: Bindings): Promise<R> {
    const [rows] = await this.query<[readonly unknown[]]>(text, { _target: targetOf(target), ...bindings });
    return (RecordId.is(target) ? withId(rows[0], target) : rows) as R;
  }
}

/** SurrealDB 3.0 leaves `id` out when a transaction selects a record by its id that it has written itself. */
function withId(row: unknown, id: RecordId): unknown {
  return typeof row === 'object' && row !== null && !('id' in row) ? { ...row, id } : row;
}

function noText(given: unknown): ValidationError {
  return new ValidationError({
    what: 'query() of a connection was given something else than a text',
    why: `it is of the type ${typeof given}; a connection knows no entities, so it cannot write out what surql holds`,
    fix: ["db.query('SELECT * FROM user WHERE age > $age', { age: 18 })", 'em.query(surql`…`) of an EntityManager'],
    errors: [{ path: 'text', message: 'a text is expected', rule: 'type' }],
  });
}

/** A text names a table. One that looks like a record id would silently become a table of that name. */
function targetOf(target: Target): Table | RecordId | RecordIdRange {
  if (typeof target !== 'string') return target;
  if (!target.includes(':')) return new Table(target);
  throw new ValidationError({
    what: `${JSON.stringify(target)} is no table name`,
    why: 'a text stands for a table, and this one looks like a record id',
    fix: `RecordId.parse(${JSON.stringify(target)}) for the record`,
    errors: [{ path: 'target', message: 'a table name or a record id is expected', rule: 'type' }],
  });
}
