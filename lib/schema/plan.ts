import type { DefinitionStatement } from '../surrealql/nodes/definitions.js';
import type { SelectNode, Statement } from '../surrealql/nodes/statements.js';
import type { Risk, StepKind } from './change.js';
import type { LiveState } from './live-state.js';
import type { SchemaModel } from './model.js';
import type { TableMove } from './table-moves.js';
import type { MovedColumn } from './undo-copies.js';

/** One step of a plan; steps are applied in order, all or none. */
export interface SchemaStep {
  /** SurrealQL, to be read by people; several statements are parted by `;` and a line's end. */
  readonly statement: string;
  readonly kind: StepKind;
  /** Empty for what belongs to the whole database, such as an analyzer. */
  readonly table: string;
  readonly risk: Risk;
  /** Records that would become unwritable or lose data; for a rewrite the records that are written. */
  readonly affected: number;
}

export interface SchemaPlan {
  readonly steps: readonly SchemaStep[];
  readonly isEmpty: boolean;
}

/** A step with what is sent for it. */
export interface PlannedStep extends SchemaStep {
  /** What goes before any other step: an index or view that a late step makes anew. */
  readonly early: readonly Statement[];
  /** Empty for a late step: the plan that is made after this one has been applied begins with it. */
  readonly statements: readonly Statement[];
  /** What the step defines or removes. */
  readonly definition: DefinitionStatement;
  /** Counts the records in danger; asked again when the step is applied. */
  readonly guard?: SelectNode;
  readonly late: boolean;
}

/** A plan as it is kept between making and applying it. */
export interface PreparedPlan {
  readonly steps: readonly PlannedStep[];
  /** The wanted schema in the server's words. */
  readonly canonical: SchemaModel;
  /** The same beside the tables that are renamed: what is there once the plan has been applied. */
  readonly after: SchemaModel;
  /** What is there, as far as the wanted schema speaks of it. */
  readonly live: SchemaModel;
  /** Columns whose values the plan leaves under another name, by their table. */
  readonly moved: ReadonlyMap<string, readonly MovedColumn[]>;
  readonly state: LiveState;
  readonly moves: readonly TableMove[];
  /** The tables that the state speaks of. */
  readonly tables: readonly string[];
}

/** Whether safe mode may take the step: nothing becomes unwritable, nothing is lost. */
export function isSafe(step: SchemaStep): boolean {
  return step.affected === 0 || step.risk === 'additive' || step.risk === 'rewrite';
}

/** The plan as its user sees it. */
export function publicPlan({ steps }: PreparedPlan): SchemaPlan {
  const shown = steps.map(({ statement, kind, table, risk, affected }) =>
    Object.freeze({ statement, kind, table, risk, affected }),
  );
  return Object.freeze({ steps: Object.freeze(shown), isEmpty: shown.length === 0 });
}

export const EMPTY_PLAN: SchemaPlan = Object.freeze({ steps: Object.freeze([]), isEmpty: true });
