import type { CollectedClass } from '../collect.js';
import type { EntityMetadata } from '../entity-metadata.js';
import type { Problems } from '../problems.js';
import { checkAccesses } from './accesses.js';
import { checkCodecs } from './codecs.js';
import { checkColumns } from './columns.js';
import { checkComputed } from './computed.js';
import { checkComputedOrder } from './computed-order.js';
import { checkConnections } from './connections.js';
import { checkDefaults } from './defaults.js';
import { checkEdge } from './edge.js';
import { checkEncrypted } from './encrypted.js';
import { checkEvents } from './events.js';
import { checkFieldOptions } from './field-options.js';
import { checkFilters } from './filters.js';
import { checkFragments } from './fragments.js';
import { checkHierarchy } from './hierarchy.js';
import { checkId } from './id.js';
import { checkIndexes } from './indexes.js';
import { checkLazy } from './lazy.js';
import { checkRelations } from './relations.js';
import { checkRenamedTables } from './renamed-tables.js';
import { checkRenames } from './renames.js';
import { checkKnownOptions } from './known-options.js';
import type { Rule } from './rule.js';
import { checkSoftDelete } from './soft-delete.js';
import { checkTable } from './table.js';
import { checkVectors } from './vectors.js';
import { checkVersion } from './version.js';

const RULES: readonly Rule[] = [
  checkTable,
  checkHierarchy,
  checkKnownOptions,
  checkId,
  checkColumns,
  checkFragments,
  checkFieldOptions,
  checkCodecs,
  checkDefaults,
  checkComputed,
  checkComputedOrder,
  checkVectors,
  checkVersion,
  checkEncrypted,
  checkSoftDelete,
  checkFilters,
  checkLazy,
  checkRelations,
  checkConnections,
  checkEdge,
  checkIndexes,
  checkEvents,
  checkAccesses,
  checkRenames,
  checkRenamedTables,
];

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
