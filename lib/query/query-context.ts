import type { EntityMetadata, IndexMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import type { Expression } from '../surrealql/nodes/index.js';

/** What a query is built with, beside the entity. */
export interface QueryContext {
  readonly registry: MetadataRegistry;
  /**
   * A condition that every row of an entity must meet (soft delete, filters, its class), in names of the row; undefined for none.
   * It holds for found, fetched and linked rows. Absent where no entity has a filter.
   */
  readonly scope?: (meta: EntityMetadata) => Expression | undefined;
  /** The reads stand in an interactive transaction and may meet what it has itself written. */
  readonly ownWrites?: boolean;
  /** The indexes that the table has, where more is known than the entity declares. */
  readonly indexes?: (meta: EntityMetadata) => readonly IndexMetadata[];
}
