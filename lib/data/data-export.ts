import type { Driver, DriverTransaction } from '../driver/driver.js';
import { PermissionError, ValidationError } from '../errors/index.js';
import { array, call, pathOf, subquery, table as tableNode } from '../surrealql/nodes/expressions.js';
import { returnStatement, select } from '../surrealql/nodes/statements.js';
import { dumpWriter, type DumpFormat, type DumpWriter } from './dump-format.js';
import { parsePosition, positionText, type ExportPosition } from './export-position.js';
import { groupRecords } from './group-records.js';
import { readDefinitions, type StoredDefinitions, type StoredTable } from './read-definitions.js';
import { keyOf, readRecords, type StoredRecord } from './read-records.js';
import { ask, type Executor } from './requests.js';

export interface ExportOptions {
  /** `surql`, the default, is a script that SurrealDB's own import runs too; `jsonl` has a record a line. */
  readonly format?: DumpFormat;
  /** Default: all. */
  readonly tables?: readonly string[];
  /** Default true; false for the records alone. */
  readonly definitions?: boolean;
  /** Default true; false for the definitions alone. */
  readonly records?: boolean;
  /** Users of the database with the hashes of their passwords; default false. */
  readonly users?: boolean;
  /** Where an earlier export stopped: its `position`. */
  readonly from?: string;
  /**
   * Default true: all of it is read as it is at one moment, wherever the connection has transactions. An export that goes on
   * from an earlier one, or goes over http, holds each page as it is when it is read.
   */
  readonly snapshot?: boolean;
  /** Records that are read at once; default: as many as weigh about a megabyte. */
  readonly batch?: number;
  readonly onProgress?: (progress: ExportProgress) => void;
}

export interface ExportProgress {
  readonly table: string;
  /** Records written. */
  readonly done: number;
  readonly total: number;
}

/** What is exported: a driver that knows where it is. */
export type ExportSource = Driver & {
  readonly namespace: string | undefined;
  readonly database: string | undefined;
};

/**
 * A dump of a database, made as it is read: parts of text, none of them large. See `orm.export()`.
 */
export class DataExport implements AsyncIterable<string> {
  readonly #source: ExportSource;
  readonly #options: ExportOptions;
  #position: string | undefined;
  #notes: readonly string[] = [];
  #records = 0;

  /** @internal */
  constructor(source: ExportSource, options: ExportOptions) {
    this.#source = source;
    this.#options = options;
    this.#position = options.from;
  }

  /** What has been given out so far: `from` of another export goes on right after it. */
  get position(): string | undefined {
    return this.#position;
  }

  /** Records given out so far. */
  get records(): number {
    return this.#records;
  }

  /** What a dump cannot hold, known once the first part has come. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** How many records each table has, without reading them. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const { tables } = await this.#definitions(this.#source);
    const counts = await countRecords(this.#source, tables);
    return Object.fromEntries(tables.map(({ name }, index) => [name, counts[index] ?? 0]));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    const source = this.#source;
    const { from, snapshot = true, onProgress } = this.#options;
    if (source.isJudged === true) throw judged();
    const start = from === undefined ? undefined : parsePosition(from);
    const moment = snapshot && from === undefined && source.capabilities.interactiveTransactions;
    const transaction: DriverTransaction | undefined = moment ? await source.begin() : undefined;
    try {
      const executor = transaction ?? source;
      const stored = await this.#definitions(executor);
      const counts = onProgress === undefined ? [] : await countRecords(executor, stored.tables);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const writer = dumpWriter(this.#options.format ?? 'surql');
      if (start === undefined) yield this.#head(stored, writer);
      for (const table of this.#options.records === false ? [] : stored.tables)
        yield* this.#table(executor, table, start, writer, total);
      const after = this.#options.definitions === false ? [] : stored.after;
      if (after.length > 0) yield after.map((each) => writer.definition(each)).join('');
    } finally {
      await transaction?.cancel();
    }
  }

  async #definitions(executor: Executor): Promise<StoredDefinitions> {
    const { tables, users = false } = this.#options;
    const wanted = tables === undefined ? undefined : new Set(tables);
    const stored = await readDefinitions(executor, { tables: wanted, users });
    const missing = tables?.filter((name) => !stored.known.has(name)) ?? [];
    if (missing.length > 0) throw unknownTables(missing, stored.known);
    this.#notes = stored.notes;
    return stored;
  }

  #head({ before }: StoredDefinitions, writer: DumpWriter): string {
    const { namespace = '', database = '', capabilities } = this.#source;
    const origin = writer.origin({ server: capabilities.version, namespace, database });
    const definitions = this.#options.definitions === false ? [] : before;
    return origin + definitions.map((each) => writer.definition(each)).join('');
  }

  async *#table(
    executor: Executor,
    table: StoredTable,
    start: ExportPosition | undefined,
    writer: DumpWriter,
    total: number,
  ): AsyncGenerator<string> {
    if (start !== undefined && table.name < start.table) return;
    const after = start?.table === table.name ? start.key : undefined;
    const { batch } = this.#options;
    for await (const page of readRecords(executor, table, { after, batch })) {
      const text = groupRecords(table.name, page)
        .map((group) => writer.records(group))
        .join('');
      this.#records += page.length;
      this.#position = positionText({ table: table.name, key: keyOf(page.at(-1) as StoredRecord) });
      this.#options.onProgress?.({ table: table.name, done: this.#records, total });
      yield text;
    }
  }
}

async function countRecords(executor: Executor, tables: readonly StoredTable[]): Promise<readonly number[]> {
  if (tables.length === 0) return [];
  const counts = tables.map(({ name }) => {
    const counted = select({ value: call('count'), from: [tableNode(name)], groupBy: 'all' });
    return pathOf(subquery(counted), 0, 'count');
  });
  const numbers = (await ask(executor, [returnStatement(array(counts))])) as readonly (number | undefined)[];
  return numbers.map((count) => count ?? 0);
}

function judged(): PermissionError {
  return new PermissionError({
    what: 'A record user cannot export a database',
    why: 'PERMISSIONS would leave records and fields out without a word',
    fix: 'export as a user of the database, the namespace or root',
  });
}

function unknownTables(missing: readonly string[], known: ReadonlySet<string>): ValidationError {
  return new ValidationError({
    what: `There is no table ${missing.join(', ')}`,
    why: `there are ${[...known].join(', ') || 'none'}`,
  });
}
