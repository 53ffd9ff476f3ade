import type { CollectedClass } from '../collect.js';
import type { EntityMetadata } from '../entity-metadata.js';
import type { Problems } from '../problems.js';

/** One check of one entity; what is wrong goes to the problems. */
export type Rule = (subject: RuleSubject) => void;

export interface RuleSubject {
  /** What the class and its bases declared. */
  readonly collected: CollectedClass;
  /** What was built of it; relations may be followed. */
  readonly entity: EntityMetadata;
  /** All entities of this ORM. */
  readonly entities: readonly EntityMetadata[];
  readonly problems: Problems;
}
