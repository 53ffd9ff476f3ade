/** The least of a dump that is done or not: a statement, or a record of a `.jsonl` dump. */
export type DumpUnit = StatementUnit | RecordUnit;

interface Place {
  /** From 1 on. */
  readonly line: number;
  /** The text as it stands in the dump. */
  readonly text: string;
}

export interface StatementUnit extends Place {
  readonly kind: 'statement';
  /** The table that it is about; undefined where it is about none. */
  readonly table: string | undefined;
  /** `table`: it defines the table itself; `part`: a field, index or event of it; `records`: it inserts some. */
  readonly role: 'table' | 'part' | 'records' | 'other';
  /** How many records it inserts. */
  readonly records: number;
}

export interface RecordUnit extends Place {
  readonly kind: 'record';
  readonly table: string;
  readonly isEdge: boolean;
  readonly row: Readonly<Record<string, unknown>>;
}
