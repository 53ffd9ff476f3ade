import type { DefinitionStatement } from '../surrealql/nodes/definitions.js';
import type { Expression } from '../surrealql/nodes/expressions.js';
import type { SelectNode, Statement } from '../surrealql/nodes/statements.js';
import type { FieldPath } from './field-path.js';
import type { TableModel } from './model.js';
import type { WantedField } from './wanted.js';

/**
 * What a step does to records that are there:
 * - `additive`: nothing; every record stays as it is and can be written
 * - `rewrite`: it writes records or replaces a definition, and loses nothing
 * - `narrowing`: a definition takes less than before; `affected` records could not be written any more
 * - `destructive`: `affected` records lose data
 */
export type Risk = 'additive' | 'rewrite' | 'narrowing' | 'destructive';

export type StepKind =
  | 'createTable'
  | 'copyTable'
  | 'alterTable'
  | 'removeTable'
  | 'createField'
  | 'alterField'
  | 'removeField'
  | 'createIndex'
  | 'alterIndex'
  | 'removeIndex'
  | 'createEvent'
  | 'alterEvent'
  | 'removeEvent'
  | 'createAnalyzer'
  | 'alterAnalyzer'
  | 'createFunction'
  | 'alterFunction'
  | 'createParam'
  | 'alterParam'
  | 'createSequence'
  | 'alterSequence'
  | 'createAccess'
  | 'alterAccess'
  | 'backfill'
  | 'relink'
  | 'unset';

/** One difference between the live and the wanted schema, before the records are looked at. */
export interface Change {
  readonly kind: StepKind;
  /** Empty for what belongs to the database: an analyzer, a function, an access. */
  readonly table: string;
  /** Where the records stand that it is about, unless they are the table's own. */
  readonly source?: string;
  readonly definition: DefinitionStatement;
  /** What has to go before the definition can be made anew. */
  readonly removal?: DefinitionStatement;
  /** What has to be written before something is removed. */
  readonly farewell?: readonly Statement[];
  /**
   * Made in a second transaction, right after the one that does everything else: the server would build it from what is
   * committed before, or stumble over what the same transaction has removed.
   */
  readonly late?: boolean;
  readonly risk: Risk;
  /** Records that the change would make unwritable or rob of data, and its risk if there are any. */
  readonly danger?: Danger;
  /** Records that the change has to write, and how. */
  readonly rewrite?: Rewrite;
}

/** A statement that counts the records, and what they mean. */
export interface Danger {
  readonly count: SelectNode;
  readonly risk: Risk;
}

export type Rewrite =
  | {
      readonly kind: 'backfill';
      readonly field: WantedField;
      readonly records: Expression | undefined;
      readonly value: Expression;
      /** The value stands in the records already, under another name. */
      readonly copies?: boolean;
      /** What is written instead of the field: the list that it stands in. */
      readonly at?: FieldPath;
    }
  | Relink
  | {
      /** Links to a table that is renamed are led to its new name. */
      readonly kind: 'retarget';
      readonly field: WantedField;
      readonly records: Expression;
      readonly value: Expression;
      readonly at: FieldPath;
      /** The field has not kept references before. */
      readonly relink?: Relink;
    }
  | {
      /** All records of another table, under the same keys, and what has to become of them afterwards. */
      readonly kind: 'copy';
      readonly from: TableModel;
      readonly rewrites: readonly Rewrite[];
    }
  | {
      readonly kind: 'unset';
      readonly path: FieldPath;
      readonly below: readonly FieldPath[];
      readonly records: Expression;
    };

/** Links are written again so that the server notes them. */
export interface Relink {
  readonly kind: 'relink';
  readonly field: WantedField;
  readonly records: Expression;
}
