import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { Finding } from './finding.js';

/** An entity, or what it was before its changes, held against the rules. */
export interface Subject {
  readonly meta: EntityMetadata;
  readonly action: 'create' | 'update';
  readonly entity: object;
}

/** Where rules come from. */
export interface RuleSource {
  /** Whether there are any for this entity. */
  knows(meta: EntityMetadata): boolean;
  findings(subject: Subject): Promise<readonly Finding[]>;
}
