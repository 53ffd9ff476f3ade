import type { EntityShapes } from '../entity/entity-shape.js';
import type { MetadataRegistry } from '../metadata/entity-metadata.js';
import type { EntityRules } from './entity-rules.js';

/** What all units of work of one ORM share. */
export interface UnitContext {
  readonly registry: MetadataRegistry;
  readonly shapes: EntityShapes;
  /** What the application asks of what is written; undefined where it asks nothing. */
  readonly rules: EntityRules | undefined;
}
