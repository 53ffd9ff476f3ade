import type { ValidationProblem } from '../errors/index.js';
import type { CreateChangeSet, UpdateChangeSet } from './change-set.js';

/** A record that is about to be written. */
export type WriteSet = CreateChangeSet | UpdateChangeSet;

/** What an application asks of its entities beyond the types of their fields; whose rules they are is not the unit of work's business. */
export interface EntityRules {
  /** Undefined where the entity has no rules. */
  problemsOf(set: WriteSet): Promise<readonly ValidationProblem[]> | undefined;
}
