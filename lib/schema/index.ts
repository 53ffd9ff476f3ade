export { SchemaManager, type SchemaManagerOptions, type SyncMode, type SyncOptions } from './schema-manager.js';
export type { Risk, StepKind } from './change.js';
export type { SchemaPlan, SchemaStep } from './plan.js';
export type { WhereTranslator } from './partial-index.js';
