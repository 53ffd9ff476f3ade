import {
  buildAmong,
  buildIdsIn,
  buildPage,
  buildRange,
  isTableById,
  takeKeyset,
  type PageRequest,
  type Paging,
  type WalkPlan,
} from '../query/index.js';
import type { Row } from '../entity/row.js';
import type { SelectNode } from '../surrealql/nodes/index.js';
import type { Range, RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import type { ReadOptions } from './read-options.js';
import { runStatement } from './run-statement.js';

/** The sort keys' values of a row. */
export type Place = readonly unknown[];

export interface Batch {
  readonly entities: readonly object[];
  /** Of the last row; undefined where there is none. */
  readonly last: Place | undefined;
}

/** Ids in the order of the result, and where it goes on behind them. */
export interface IdPage {
  readonly ids: readonly RecordId[];
  readonly last: Place | undefined;
}

/** The requests of a stream. */
export class StreamBatches {
  readonly #session: EmSession;
  readonly #paging: Paging;
  readonly #read: ReadOptions;
  /** Rows a batch. */
  readonly size: number;

  constructor(session: EmSession, paging: Paging, size: number, read: ReadOptions) {
    this.#session = session;
    this.#paging = paging;
    this.#read = read;
    this.size = size;
  }

  get direction(): 'ASC' | 'DESC' {
    return this.#paging.keys[0]?.direction ?? 'ASC';
  }

  /** True where a batch begins at the place of the last one for the cost of its own rows. */
  get startsAnywhere(): boolean {
    return this.isById && this.direction === 'ASC' && this.#paging.condition === undefined;
  }

  get isById(): boolean {
    return isTableById(this.#paging, this.#read, this.#query);
  }

  /** The first rows behind a place; of all without one. */
  behind(after?: Place): Promise<Batch> {
    const place = { limit: this.size, ...(after !== undefined && { after }) };
    return this.#batch((asked) => buildPage(this.#paging, { ...asked, ...place }, this.#query));
  }

  /** The first rows of a range of ids. */
  within(range: Range): Promise<Batch> {
    return this.#batch((asked) => buildRange(this.#paging, range, { ...asked, limit: this.size }, this.#query));
  }

  /** Those of the named records that still match. */
  among(ids: readonly RecordId[]): Promise<readonly object[]> {
    return this.#entities((asked) => buildAmong(this.#paging, ids, asked, this.#query));
  }

  /** Stored ids of a range, upwards, whether their records match or not. */
  async idsIn(range: Range, limit: number, skip = 0): Promise<readonly RecordId[]> {
    return (await this.#rows(buildIdsIn(this.#paging.meta, range, limit, skip))) as readonly RecordId[];
  }

  /** The ids of the rows behind a place. */
  async idsBehind(after: Place | undefined, limit: number): Promise<IdPage> {
    const { fetch: _, omit: __, ...read } = this.#read;
    const request: PageRequest = { ...read, select: [], limit, ...(after !== undefined && { after }) };
    const rows = (await this.#rows(buildPage(this.#paging, request, this.#query).statement)) as readonly Row[];
    const last = rows.at(-1);
    return { ids: rows.map(({ id }) => id as RecordId), last: last && takeKeyset(last) };
  }

  get #query() {
    return this.#session.finder.contextWith(this.#read.filters);
  }

  async #batch(plan: (asked: ReadOptions) => WalkPlan): Promise<Batch> {
    let last: Place | undefined;
    const entities = await this.#entities(plan, (rows) => {
      last = rows.map(takeKeyset).at(-1);
      return rows;
    });
    return { entities, last };
  }

  #entities(plan: (asked: ReadOptions) => WalkPlan, pick?: (rows: readonly Row[]) => readonly Row[]) {
    return this.#session.finder.read(this.#paging.meta, this.#read, plan, pick);
  }

  #rows(statement: SelectNode): Promise<unknown> {
    return runStatement(this.#session, statement, 'find', this.#read);
  }
}
