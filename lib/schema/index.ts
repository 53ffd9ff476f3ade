export { SchemaManager, type SchemaManagerOptions, type SyncMode, type SyncOptions } from './schema-manager.js';
export type { Risk, StepKind } from './change.js';
export { isSafe, type SchemaPlan, type SchemaStep } from './plan.js';
export type { WhereTranslator } from './partial-index.js';
export type { TwoWayScript } from './two-way-script.js';
export type { GeneratedEntities } from './generate/index.js';
