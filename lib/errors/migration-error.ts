import { ReverieError, type ErrorDetails } from './reverie-error.js';

/** A migration failed, or may not be run: its file was changed, is missing, or comes too late. */
export class MigrationError extends ReverieError {
  override readonly code: string = 'MIGRATION';
  /** Names of the migrations it is about. */
  readonly migrations: readonly string[];
  constructor(details: ErrorDetails & { readonly migrations: readonly string[] }) {
    super(details);
    this.migrations = details.migrations;
  }
}
