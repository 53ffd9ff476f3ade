import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { Statement } from '../surrealql/nodes/index.js';

/** Sees that tables are there before records are made in them: a CREATE would make a schemaless one. */
export interface TableChecks {
  /** Statements that fail where one of these tables is missing; none for those that have been seen. */
  before(tables: readonly EntityMetadata[]): readonly Statement[];
  /** They are there. */
  saw(tables: readonly EntityMetadata[]): void;
}
