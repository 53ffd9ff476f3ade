import { ReverieError, type ErrorDetails } from './reverie-error.js';

/** A declaration is missing, ambiguous or contradictory; all problems of all entities are reported at once. */
export class MetadataError extends ReverieError {
  override readonly code: string = 'METADATA';
  readonly problems: readonly string[];
  constructor(details: ErrorDetails & { readonly problems?: readonly string[] }) {
    super(details);
    this.problems = details.problems ?? [details.what];
    Object.defineProperty(this, 'problems', { enumerable: false });
  }
}

export interface ValidationProblem {
  /** `User.email`, `User.addresses[0].street`. */
  readonly path: string;
  readonly message: string;
  /** The rule that failed: `type`, `required`, `unknown`, `undefined`, `operator`, `readonly` … */
  readonly rule: string;
  /** The record that was to be written, as text. */
  readonly record?: string;
  /** Of several rows that were given, the 0-based place of the one that it is in. */
  readonly row?: number;
}

/** Data, a where or options that cannot be right; found before anything is sent. */
export class ValidationError extends ReverieError {
  override readonly code: string = 'VALIDATION';
  readonly errors: readonly ValidationProblem[];
  constructor(details: ErrorDetails & { readonly errors?: readonly ValidationProblem[] }) {
    super(details);
    this.errors = details.errors ?? [];
  }
}

/** The record asked for, or written to, is not there. */
export class EntityNotFoundError extends ReverieError {
  override readonly code: string = 'ENTITY_NOT_FOUND';
  readonly entity: string;
  readonly id: unknown;
  constructor(details: ErrorDetails & { readonly entity: string; readonly id?: unknown }) {
    super(details);
    this.entity = details.entity;
    this.id = details.id;
  }
}

/** More than one record matched where one was asked for. */
export class NotUniqueResultError extends ReverieError {
  override readonly code: string = 'NOT_UNIQUE_RESULT';
}

/** A tracked entity changed in the database since it was read (`@Version`, `@ConcurrencyCheck`), or is gone. */
export class OptimisticLockError extends ReverieError {
  override readonly code: string = 'OPTIMISTIC_LOCK';
  readonly entity: string;
  readonly id: unknown;
  readonly expected: unknown;
  readonly actual: unknown;
  constructor(
    details: ErrorDetails & {
      readonly entity: string;
      readonly id: unknown;
      readonly expected?: unknown;
      readonly actual?: unknown;
    },
  ) {
    super(details);
    this.entity = details.entity;
    this.id = details.id;
    this.expected = details.expected;
    this.actual = details.actual;
  }
}

/** A link or collection was read before it was fetched or loaded. */
export class NotLoadedError extends ReverieError {
  override readonly code: string = 'NOT_LOADED';
}

/** One flush is larger than the transport takes in a request; it is never split silently. */
export class FlushTooLargeError extends ReverieError {
  override readonly code: string = 'FLUSH_TOO_LARGE';
}

/** The database's schema is not what the entities say. */
export class SchemaDriftError extends ReverieError {
  override readonly code: string = 'SCHEMA_DRIFT';
  readonly steps: readonly unknown[];
  constructor(details: ErrorDetails & { readonly steps?: readonly unknown[] }) {
    super(details);
    this.steps = details.steps ?? [];
  }
}

/** Some rows of a direct bulk write failed. */
export class BulkError extends ReverieError {
  override readonly code: string = 'BULK';
  readonly result: unknown;
  constructor(details: ErrorDetails & { readonly result?: unknown }) {
    super(details);
    this.result = details.result;
  }
}
