import { ValidationError } from '../errors/index.js';
import type { MigrationOptions } from '../config/reverie-options.js';
import type { Driver } from '../driver/driver.js';
import type { EntityManager } from '../entity-manager/entity-manager.js';
import type { SchemaManager, SchemaPlan } from '../schema/index.js';
import type { LoadModule } from './load-migration.js';
import type { MigrationEvent } from './migration-event.js';

export interface MigratorHost {
  readonly driver: Driver;
  readonly schema: SchemaManager;
  readonly options: MigrationOptions;
  em(): EntityManager;
  /** How TypeScript is loaded; default: as the runtime does it. */
  readonly load?: LoadModule;
}

export interface RunOptions {
  /** Names what would run, runs nothing. */
  readonly dryRun?: boolean;
  /** Milliseconds to wait for another process that runs migrations; default 300,000. */
  readonly wait?: number;
  /** Told of each step on the way. */
  readonly onEvent?: (event: MigrationEvent) => void;
}

export interface UpOptions extends RunOptions {
  /** The last one to run, by name or the beginning of one. */
  readonly to?: string;
  /** Also those that are older than what was applied. */
  readonly outOfOrder?: boolean;
}

export interface DownOptions extends RunOptions {
  /** The first one to keep; default: the last one is taken back. */
  readonly to?: string;
  /** How many are taken back; default 1. */
  readonly steps?: number;
  /** All of them. */
  readonly all?: boolean;
}

/**
 * Which ones to take back is said in one way.
 *
 * @throws ValidationError
 */
export function checkDown({ to, steps, all = false }: DownOptions): void {
  const given = [to !== undefined && 'to', steps !== undefined && 'steps', all && 'all'].filter(
    (each) => each !== false,
  );
  if (given.length > 1) {
    throw new ValidationError({
      what: `${given.join(' and ')} are given together`,
      why: 'each says which migrations are taken back; nothing was done',
      fix: `give one of them`,
    });
  }
  if (steps === undefined || (Number.isSafeInteger(steps) && steps > 0)) return;
  throw new ValidationError({
    what: `${String(steps)} migrations cannot be taken back`,
    why: 'steps is a whole number from 1; nothing was done',
    fix: 'steps: 1',
  });
}

export interface CreateOptions {
  readonly name: string;
  readonly type?: 'ts' | 'surql';
}

export interface DiffOptions extends CreateOptions {
  /** Also takes away the columns and tables that `renamedFrom` names, once no release reads them any more. */
  readonly contract?: boolean;
}

/** A migration that ran (or, in a dry run, would). */
export interface MigrationRun {
  readonly name: string;
  /** Milliseconds; 0 in a dry run. */
  readonly duration: number;
}

/** What `diff()` found, and where it wrote it. */
export interface MigrationDiff {
  readonly isEmpty: boolean;
  readonly files: readonly string[];
  /** The steps with their risk and the number of records in danger: to be looked at before the files are applied. */
  readonly plan: SchemaPlan;
}
