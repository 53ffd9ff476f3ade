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
}
