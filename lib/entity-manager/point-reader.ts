import { recordsOf, rowsWithId } from '../query/index.js';
import type { LazyMetadata } from '../metadata/entity-metadata.js';
import {
  path,
  returnStatement,
  select,
  subquery,
  value,
  type Expression,
  type Statement,
} from '../surrealql/nodes/index.js';
import type { Row } from '../entity/row.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';

interface Waiting {
  readonly id: RecordId;
  readonly promise: Promise<Row | undefined>;
  readonly resolve: (row: Row | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** What a record must meet to be read, and which of its columns are left out; nothing of either for the whole record. */
export interface PointForm {
  readonly condition?: Expression | undefined;
  readonly lazy?: LazyMetadata | undefined;
}

/** Reads records by id; those asked for in one tick are one `SELECT * FROM $ids`, or one for each condition and set of columns. */
export class PointReader {
  readonly #session: EmSession;
  readonly #all: PointGroup;
  /** By what filters ask for, or what is left out. */
  readonly #others = new Map<object, PointGroup>();

  constructor(session: EmSession) {
    this.#session = session;
    this.#all = new PointGroup(session, {});
  }

  /** The row of a record, or undefined where there is none, or it does not meet the condition. */
  read(id: RecordId, form: PointForm = {}): Promise<Row | undefined> {
    return this.#groupOf(form).read(id);
  }

  #groupOf(form: PointForm): PointGroup {
    // A condition belongs to one entity, which has one set of lazy columns.
    const key = form.condition ?? form.lazy;
    if (key === undefined) return this.#all;
    let group = this.#others.get(key);
    if (group === undefined) this.#others.set(key, (group = new PointGroup(this.#session, form)));
    return group;
  }
}

class PointGroup {
  readonly #session: EmSession;
  readonly #form: PointForm;
  #waiting = new Map<string, Waiting>();

  constructor(session: EmSession, form: PointForm) {
    this.#session = session;
    this.#form = form;
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
    const { condition, lazy } = this.#form;
    const isPlain = this.#session.transaction?.interactive === undefined;
    if (condition === undefined && lazy === undefined)
      return isPlain ? select({ from: [list] }) : returnStatement(rowsWithId(list));
    const records = recordsOf(list, this.#session.finder.context);
    return select({
      from: [condition === undefined ? records : subquery(select({ from: [records] }))],
      ...(condition !== undefined && { where: condition }),
      ...(lazy !== undefined && { omit: lazy.columns.map((column) => path(column)) }),
    });
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
