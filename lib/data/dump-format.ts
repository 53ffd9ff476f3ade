import { insert } from '../surrealql/nodes/statements.js';
import { table as tableNode } from '../surrealql/nodes/expressions.js';
import { print } from '../surrealql/printer.js';
import { expressionOf } from '../surrealql/surql.js';
import type { StoredRecord } from './read-records.js';
import { scriptRow } from './script-row.js';
import { toTypedJson } from './typed-json.js';

export type DumpFormat = 'surql' | 'jsonl';

/** Where a dump is from, told in its first line. */
export interface DumpOrigin {
  readonly server: string;
  readonly namespace: string;
  readonly database: string;
}

/** Records of one table and kind. */
export interface RecordGroup {
  readonly table: string;
  readonly isEdge: boolean;
  readonly records: readonly StoredRecord[];
}

/** Writes the parts of a dump; what it gives ends with a line break. */
export interface DumpWriter {
  origin(origin: DumpOrigin): string;
  definition(statement: string): string;
  records(group: RecordGroup): string;
}

export const dumpWriter = (format: DumpFormat): DumpWriter =>
  format === 'jsonl' ? new JsonlWriter() : new SurqlWriter();

/** A script that SurrealDB's own import runs as well. */
class SurqlWriter implements DumpWriter {
  origin({ server, namespace, database }: DumpOrigin): string {
    return `-- ${namespace} / ${database} of SurrealDB ${server}, written by Reverie\n`.replace(/[\r\n]+(?!$)/g, ' ');
  }

  definition(statement: string): string {
    return `${statement};\n`;
  }

  records({ table, isEdge, records }: RecordGroup): string {
    const rows = expressionOf(records.map(({ row }) => scriptRow(row)));
    const statement = insert({ relation: isEdge, into: tableNode(table), rows, returns: 'none' });
    return `${print(statement, { literals: true }).text};\n`;
  }
}

/** What stands in a line of a `.jsonl` dump that is no record. */
export interface JsonlMarks {
  readonly $dump: { readonly format: 'reverie'; readonly version: 1 } & DumpOrigin;
  readonly $define: string;
  /** The table of the records in the lines that follow. */
  readonly $records: string;
  readonly edges?: true;
}

/** A line a record, as typed JSON; lines of marks tell what is what. */
class JsonlWriter implements DumpWriter {
  /** The table and kind that the last mark told. */
  #section = '';

  origin(origin: DumpOrigin): string {
    return line({ $dump: { format: 'reverie', version: 1, ...origin } });
  }

  definition(statement: string): string {
    this.#section = '';
    return line({ $define: statement });
  }

  records({ table, isEdge, records }: RecordGroup): string {
    const mark = line({ $records: table, ...(isEdge && { edges: true as const }) });
    const begun = mark === this.#section;
    this.#section = mark;
    return (begun ? '' : mark) + records.map(({ row }) => line(toTypedJson(row))).join('');
  }
}

const line = (json: unknown): string => `${JSON.stringify(json)}\n`;
