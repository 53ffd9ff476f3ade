export { defineMigration, type Migration, type MigrationContext } from './migration.js';
export type { MigrationEvent } from './migration-event.js';
export { Migrator } from './migrator.js';
export type {
  CreateOptions,
  DiffOptions,
  DownOptions,
  MigrationDiff,
  MigrationRun,
  MigratorHost,
  RunOptions,
  UpOptions,
} from './migrator-options.js';
export type { MigrationState, MigrationStatus } from './status.js';
export { HISTORY_TABLE, LEASE_TABLE } from './history.js';
