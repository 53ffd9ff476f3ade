import { ReverieError } from '../errors/index.js';
import { defineTable, removeDefinition } from '../surrealql/nodes/definitions.js';
import { binary, block, iff, object, param, pathOf, subquery, value } from '../surrealql/nodes/expressions.js';
import {
  evaluate,
  letStatement,
  select,
  throwStatement,
  upsert,
  type Statement,
} from '../surrealql/nodes/statements.js';
import { RecordId } from '../values/index.js';
import { ask, type Executor } from './requests.js';

/** The table of the import under way; it goes when the import has ended. */
export const IMPORT_TABLE = 'reverie_import';
const MARK = new RecordId(IMPORT_TABLE, 'current');
export const OVERTAKEN = 'reverie: another process goes on with this import';

/** How far an import came, kept in the database by the same transactions that write the records. */
export interface ImportMark {
  readonly units: number;
  readonly records: number;
  /** A digest of all units so far. */
  readonly digest: string;
}

export const NOTHING: ImportMark = Object.freeze({ units: 0, records: 0, digest: '' });

export const markTable = (): Statement =>
  defineTable({ exists: 'if-not-exists', name: IMPORT_TABLE, type: 'NORMAL', schemafull: false, permissions: 'none' });

/** The mark of an import that did not end; undefined where there is none. `tables` are all of the database. */
export async function readMark(executor: Executor, tables: ReadonlySet<string>): Promise<ImportMark | undefined> {
  if (!tables.has(IMPORT_TABLE)) return undefined;
  const rows = (await ask(executor, [select({ from: [value(MARK)] })])) as readonly ImportMark[];
  const [row] = rows;
  return row === undefined ? undefined : { units: row.units, records: row.records, digest: row.digest };
}

/** Stops a transaction whose mark another process has moved. */
export function guardMark({ units }: ImportMark): readonly Statement[] {
  const moved = binary(pathOf(param('mark'), 'units'), '!=', value(units));
  return [
    letStatement('mark', pathOf(subquery(select({ from: [value(MARK)] })), 0)),
    evaluate(iff(moved, block([throwStatement(value(OVERTAKEN))]))),
  ];
}

export function setMark(mark: ImportMark): Statement {
  const entries = Object.entries(mark).map(([name, member]) => [name, value(member)] as const);
  return upsert({ target: value(MARK), data: { kind: 'content', data: object(entries) }, returns: 'none' });
}

export const forgetMark = (): Statement => removeDefinition({ object: 'TABLE', name: IMPORT_TABLE, ifExists: true });

export function isOvertaken(error: unknown): boolean {
  return ReverieError.is(error) && error.message.includes(OVERTAKEN);
}

/** A running digest of texts, to tell one dump from another: 53 bits, made without Node's crypto. */
export class Digest {
  #high = 0xdeadbeef;
  #low = 0x41c6ce57;

  add(text: string): void {
    let [high, low] = [this.#high, this.#low];
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 2_654_435_761);
      low = Math.imul(low ^ code, 1_597_334_677);
    }
    this.#high = high ^ (high >>> 16);
    this.#low = low ^ (low >>> 13);
  }

  toString(): string {
    return (this.#high >>> 0).toString(16).padStart(8, '0') + (this.#low >>> 0).toString(16).padStart(8, '0');
  }
}
