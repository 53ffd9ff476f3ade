import type { CollectedClass } from '../collect.js';
import type { EntityMetadata } from '../entity-metadata.js';
import type { Problems } from '../problems.js';

/** One check of one entity. */
export type Rule = (subject: RuleSubject) => void;

export interface RuleSubject {
  readonly collected: CollectedClass;
  readonly entity: EntityMetadata;
  readonly entities: readonly EntityMetadata[];
  readonly problems: Problems;
}

const RULES: readonly Rule[] = [];

/** Runs every rule on every entity. */
export function checkAll(
  collected: readonly CollectedClass[],
  entities: readonly EntityMetadata[],
  problems: Problems,
): void {
  collected.forEach((each, place) => {
    const entity = entities[place] as EntityMetadata;
    for (const rule of RULES) rule({ collected: each, entity, entities, problems });
  });
}
