import {
  binary,
  block,
  call,
  closure,
  iff,
  letStatement,
  object,
  param,
  returnStatement,
  select,
  subquery,
  value,
  type Statement,
} from '../surrealql/nodes/index.js';
import type { Row } from '../entity/row.js';
import { NONE, identityOf, type RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';

interface Waiting {
  readonly id: RecordId;
  readonly promise: Promise<Row | undefined>;
  readonly resolve: (row: Row | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads records by id; those asked for in one tick are one `SELECT * FROM $ids`. */
export class PointReader {
  readonly #session: EmSession;
  #waiting = new Map<string, Waiting>();

  constructor(session: EmSession) {
    this.#session = session;
  }

  /** The row of a record, or undefined where there is none. */
  read(id: RecordId): Promise<Row | undefined> {
    const key = identityOf(id);
    const known = this.#waiting.get(key);
    if (known !== undefined) return known.promise;
    const { promise, resolve, reject } = withResolvers<Row | undefined>();
    this.#waiting.set(key, { id, promise, resolve, reject });
    if (this.#waiting.size === 1) void this.#read();
    else this.#session.batch.join();
    return promise;
  }

  async #read(): Promise<void> {
    let batch = this.#waiting;
    try {
      const rows = (await this.#session.batch.run(() => {
        batch = this.#waiting;
        this.#waiting = new Map();
        return this.#statement(Array.from(batch.values(), ({ id }) => id));
      })) as readonly (Row | undefined)[];
      // Missing records are left out of the answer, or NONE.
      for (const row of rows) {
        if (row === undefined) continue;
        const key = identityOf(row['id'] as RecordId);
        batch.get(key)?.resolve(row);
        batch.delete(key);
      }
      for (const { resolve } of batch.values()) resolve(undefined);
    } catch (error) {
      for (const { reject } of batch.values()) reject(error);
    }
  }

  /** An interactive transaction reads its own writes by id without their `id`: it is put back. */
  #statement(ids: readonly RecordId[]): Statement {
    if (this.#session.transaction?.interactive === undefined) return select({ from: [value(ids)] });
    const row = param('row');
    const named = call('object::extend', row, object([['id', param('i')]]));
    const read = block([
      letStatement('row', subquery(select({ only: true, from: [param('i')] }))),
      returnStatement(
        iff(binary(row, '=', value(NONE)), block([returnStatement(value(NONE))]), block([returnStatement(named)])),
      ),
    ]);
    return returnStatement(call('array::map', value(ids), closure(['i'], read)));
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
