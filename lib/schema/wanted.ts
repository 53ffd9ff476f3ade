import type {
  DatabaseObjectNode,
  DefineAccessNode,
  DefineAnalyzerNode,
  DefineEventNode,
  DefineFieldNode,
  DefineIndexNode,
  DefineTableNode,
} from '../surrealql/nodes/definitions.js';
import type { FieldPath } from './field-path.js';
import type { Expression } from '../surrealql/nodes/expressions.js';
import type { SurrealType } from '../types/surreal-type.js';

/** What the entities ask for, as definitions ready to be printed. */
export interface WantedSchema {
  readonly objects: readonly DatabaseObjectNode[];
  readonly analyzers: readonly DefineAnalyzerNode[];
  readonly accesses: readonly DefineAccessNode[];
  /** Views last, each after the views it reads. */
  readonly tables: readonly WantedTable[];
}

export interface WantedTable {
  readonly name: string;
  readonly table: DefineTableNode;
  /** Parents before what stands below them. */
  readonly fields: readonly WantedField[];
  readonly indexes: readonly DefineIndexNode[];
  readonly events: readonly DefineEventNode[];
  /** The table that it was before: records are copied from there where this one is not there yet. */
  readonly renamedFrom?: string;
  /** The old table stays. */
  readonly keepsOld?: boolean;
}

export interface WantedField {
  readonly node: DefineFieldNode;
  /** The server makes it by itself together with the array around it. */
  readonly implied: boolean;
  /** What records that lack the field get when it is added: the default, or the expression that VALUE keeps up to date. */
  readonly backfill?: Expression;
  /** `backfill` is what the field always is, so records that hold an older result are written too. */
  readonly recompute?: boolean;
  /** The column that it was before. */
  readonly renamedFrom?: FieldPath;
  /** The old column stays. */
  readonly keepsOld?: boolean;
  /** What stands there now may point to a table that is renamed. */
  readonly moved?: MovedLinks;
}

/** Links to records that are copied into another table under the same keys. */
export interface MovedLinks {
  /** New names of tables by their old ones, as far as the plan leads links there. */
  readonly names: ReadonlyMap<string, string>;
  /** Those of them whose old tables stay for now: the field takes links to them. */
  readonly kept: ReadonlyMap<string, string>;
  /** The type of the field, with the old tables in it. */
  readonly admitting: SurrealType;
}

/** The names that have to be read to know what becomes of the wanted tables: theirs, and those that they had. */
export function namesToRead({ tables }: WantedSchema): readonly string[] {
  return [
    ...tables.map(({ name }) => name),
    ...tables.flatMap(({ renamedFrom }) => (renamedFrom === undefined ? [] : [renamedFrom])),
  ];
}
