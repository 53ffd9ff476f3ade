import { recordsOf, rowsWithId } from '../query/index.js';
import { returnStatement, select, subquery, value, type Expression, type Statement } from '../surrealql/nodes/index.js';
import type { Row } from '../entity/row.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';

interface Waiting {
  readonly id: RecordId;
  readonly promise: Promise<Row | undefined>;
  readonly resolve: (row: Row | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads records by id; those asked for in one tick are one `SELECT * FROM $ids`, or one for each condition of a filter. */
export class PointReader {
  readonly #session: EmSession;
  readonly #all: PointGroup;
  /** By what filters ask for. */
  readonly #filtered = new Map<Expression, PointGroup>();

  constructor(session: EmSession) {
    this.#session = session;
    this.#all = new PointGroup(session, undefined);
  }

  /** The row of a record, or undefined where there is none, or it does not meet the condition. */
  read(id: RecordId, condition?: Expression): Promise<Row | undefined> {
    return this.#groupOf(condition).read(id);
  }

  #groupOf(condition: Expression | undefined): PointGroup {
    if (condition === undefined) return this.#all;
    let group = this.#filtered.get(condition);
    if (group === undefined) this.#filtered.set(condition, (group = new PointGroup(this.#session, condition)));
    return group;
  }
}

class PointGroup {
  readonly #session: EmSession;
  readonly #condition: Expression | undefined;
  #waiting = new Map<string, Waiting>();

  constructor(session: EmSession, condition: Expression | undefined) {
    this.#session = session;
    this.#condition = condition;
  }

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
      })) as readonly Row[];
      // Missing records are left out of the answer.
      for (const row of rows) {
        const key = identityOf(row['id'] as RecordId);
        batch.get(key)?.resolve(row);
        batch.delete(key);
      }
      for (const { resolve } of batch.values()) resolve(undefined);
    } catch (error) {
      for (const { reject } of batch.values()) reject(error);
    }
  }

  #statement(ids: readonly RecordId[]): Statement {
    const list = value(ids);
    const isPlain = this.#session.transaction?.interactive === undefined;
    if (this.#condition === undefined) return isPlain ? select({ from: [list] }) : returnStatement(rowsWithId(list));
    const rows = subquery(select({ from: [recordsOf(list, this.#session.finder.context)] }));
    return select({ from: [rows], where: this.#condition });
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
