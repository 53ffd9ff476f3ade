import type { Driver } from '../driver/driver.js';
import { firstError } from '../driver/error-classifier.js';
import { pause } from '../driver/timers.js';
import { ImportError, ReverieError, ValidationError } from '../errors/index.js';
import { table as tableNode, value } from '../surrealql/nodes/expressions.js';
import { info, select } from '../surrealql/nodes/statements.js';
import type { DumpFormat } from './dump-format.js';
import type { DumpUnit } from './dump-unit.js';
import { runBatch } from './import-batch.js';
import { Digest, forgetMark, markTable, NOTHING, readMark, setMark, type ImportMark } from './import-mark.js';
import { readJsonl } from './read-jsonl.js';
import { readSurql } from './read-surql.js';
import { ask, requestOf } from './requests.js';
import { textsOf, type DumpSource } from './dump-source.js';

export interface ImportOptions {
  /** Default `surql`. */
  readonly format?: DumpFormat;
  /** Default: all that the dump has. */
  readonly tables?: readonly string[];
  /** For lines of plain records, such as another tool writes: the table that they belong to. They are checked as any insert is. */
  readonly table?: string;
  /** An import that did not end is gone on with, unless this is true. */
  readonly restart?: boolean;
  /** Removes tables that the dump brings and that have records, instead of refusing to import. */
  readonly replace?: boolean;
  /** Reads the whole dump and tells what is in it, without writing anything. */
  readonly dryRun?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  /** Records that are there, those of an earlier run among them. */
  readonly records: number;
}

export interface ImportReport {
  /** Records of the dump, by table; `''` where a script does not say which. */
  readonly tables: Readonly<Record<string, number>>;
  readonly records: number;
  readonly definitions: number;
  /** Records that an earlier run had imported. */
  readonly resumed: number;
}

/** Records of one transaction; engines in memory take longer than linear for more. */
const BATCH_RECORDS = 100;
const BATCH_UNITS = 100;
const BATCH_BYTES = 500_000;
const ATTEMPTS = 10;

/** Imports a dump; see `orm.import()`. */
export class DataImport {
  readonly #driver: Driver;
  readonly #options: ImportOptions;
  readonly #digest = new Digest();
  readonly #counts = new Map<string, number>();
  readonly #seen = new Set<string>();
  #present: ReadonlySet<string> = new Set();
  #remade = new Set<string>();
  #batch: DumpUnit[] = [];
  #bytes = 0;
  #raw = false;
  #mark: ImportMark = NOTHING;
  /** What the batch at hand begins with. */
  #from: ImportMark = NOTHING;
  #definitions = 0;

  constructor(driver: Driver, options: ImportOptions) {
    this.#driver = driver;
    this.#options = options;
  }

  async run(source: DumpSource): Promise<ImportReport> {
    const { format, table } = this.#options;
    if (table !== undefined && format !== 'jsonl') throw plainScript();
    const done = await this.#open();
    try {
      return await this.#read(source, done);
    } catch (error) {
      // Nothing came of it: there is nothing to go on with.
      if (this.#from.units === 0 && done.units === 0) await this.#close().catch(() => undefined);
      throw error;
    }
  }

  async #read(source: DumpSource, done: ImportMark): Promise<ImportReport> {
    const { format = 'surql', table, tables } = this.#options;
    const wanted = tables === undefined ? undefined : new Set(tables);
    const texts = textsOf(source);
    for await (const unit of format === 'jsonl' ? readJsonl(texts, table) : readSurql(texts)) {
      if (unit.kind === 'statement' && /^OPTION\s+IMPORT$/i.test(unit.text)) this.#raw = true;
      else if (wanted === undefined || isWanted(unit, wanted)) await this.#take(unit, done);
    }
    if (this.#mark.units < done.units) throw another(this.#mark, done);
    await this.#send();
    await this.#close();
    return Object.freeze({
      tables: Object.freeze(Object.fromEntries(this.#counts)),
      records: this.#mark.records,
      definitions: this.#definitions,
      resumed: done.records,
    });
  }

  /** How far an earlier run came. */
  async #open(): Promise<ImportMark> {
    if (this.#options.dryRun === true) return NOTHING;
    this.#present = await this.#tables();
    const mark = await readMark(this.#driver, this.#present);
    if (mark !== undefined && this.#options.restart !== true) return mark;
    await this.#write([forgetMark(), markTable(), setMark(NOTHING)]);
    return NOTHING;
  }

  async #take(unit: DumpUnit, done: ImportMark): Promise<void> {
    const records = recordsOf(unit);
    const isDone = this.#mark.units < done.units;
    const table = unit.table ?? '';
    if (records > 0) this.#counts.set(table, (this.#counts.get(table) ?? 0) + records);
    else this.#definitions += 1;
    const begins = unit.kind === 'statement' && unit.role === 'table' && !this.#seen.has(table);
    if (begins) this.#seen.add(table);
    if (!isDone && this.#isFull(unit, records)) await this.#send();
    if (begins && !isDone && this.#present.has(table)) await this.#makeRoom(table, unit.line);
    this.#digest.add(unit.text);
    const { units, records: before } = this.#mark;
    this.#mark = { units: units + 1, records: before + records, digest: String(this.#digest) };
    if (!isDone) {
      this.#batch.push(unit);
      this.#bytes += unit.text.length;
    } else if (this.#mark.units === done.units) {
      if (this.#mark.digest !== done.digest) throw another(this.#mark, done);
      this.#from = this.#mark;
    }
  }

  #isFull(unit: DumpUnit, records: number): boolean {
    const batch = this.#batch;
    if (batch.length === 0) return false;
    const there = batch.reduce((sum, each) => sum + recordsOf(each), 0);
    return (
      // An index that is defined sees what has been committed, and no more.
      records > 0 !== there > 0 ||
      batch.length >= BATCH_UNITS ||
      (records > 0 && there + records > BATCH_RECORDS) ||
      this.#bytes + unit.text.length > BATCH_BYTES
    );
  }

  /** A table of that name goes, so that nothing of it acts on the records to come; one with records is not touched unasked. */
  async #makeRoom(table: string, line: number): Promise<void> {
    if (this.#options.replace !== true) {
      const one = (await ask(this.#driver, [
        select({ value: value(1), from: [tableNode(table)], limit: value(1) }),
      ])) as readonly unknown[];
      if (one.length > 0) throw occupied(table, line);
    }
    this.#remade.add(table);
  }

  async #send(): Promise<void> {
    const units = this.#batch;
    const remade = this.#remade;
    this.#batch = [];
    this.#remade = new Set();
    this.#bytes = 0;
    const to = this.#mark;
    if (units.length > 0 && this.#options.dryRun !== true) {
      const options = { from: this.#from, to, remade, raw: this.#raw };
      await retried(() => runBatch(this.#driver, units, options));
      this.#from = to;
    }
    this.#options.onProgress?.({ records: to.records });
  }

  async #close(): Promise<void> {
    if (this.#options.dryRun !== true) await this.#write([forgetMark()]);
  }

  async #tables(): Promise<ReadonlySet<string>> {
    const { tables } = (await ask(this.#driver, [info('database')])) as {
      readonly tables: Readonly<Record<string, string>>;
    };
    return new Set(Object.keys(tables));
  }

  async #write(statements: Parameters<typeof requestOf>[0]): Promise<void> {
    const request = requestOf(statements, 'write');
    const failure = firstError(await this.#driver.execute(request), request);
    if (failure !== undefined) throw failure;
  }
}

const recordsOf = (unit: DumpUnit): number => (unit.kind === 'record' ? 1 : unit.records);

async function retried(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!ReverieError.is(error) || error.code !== 'TRANSACTION_CONFLICT' || attempt === ATTEMPTS) throw error;
      await pause(Math.random() * Math.min(500, 10 * 2 ** attempt));
    }
  }
}

/** What belongs to no table is wanted with any. */
function isWanted(unit: DumpUnit, wanted: ReadonlySet<string>): boolean {
  if (unit.table !== undefined) return wanted.has(unit.table);
  if (unit.kind === 'record' || unit.role !== 'records') return true;
  throw new ImportError({
    what: 'the table of these records cannot be told',
    why: 'its INSERT does not name it',
    fix: 'import the dump as a whole, or one that was exported by Reverie',
    line: unit.line,
  });
}

function occupied(table: string, line: number): ImportError {
  return new ImportError({
    what: `The table ${table} has records`,
    why: 'the dump brings the table, and its records would meet those',
    fix: [
      'import into an empty database: --namespace, --database',
      'import other tables: tables, --tables',
      'let what is there go: replace: true, --replace',
    ],
    line,
  });
}

function another({ units }: ImportMark, done: ImportMark): ValidationError {
  return new ValidationError({
    what: 'An import into this database did not end, and it was of another dump',
    why: `its first ${done.units} parts are not those of this one${units < done.units ? `, which has ${units}` : ''}`,
    fix: [
      'go on with the dump of then, in its format and with its options',
      'or begin anew: restart: true, --restart; with replace: true, --replace, what it has imported goes',
    ],
  });
}

function plainScript(): ValidationError {
  return new ValidationError({
    what: 'A table is named for a .surql dump',
    why: 'its statements say themselves which table they are about',
    fix: 'leave `table` out, or say `tables` to import some of it',
  });
}
