import { ReverieError, type ErrorDetails } from './reverie-error.js';

export interface QueryErrorDetails extends ErrorDetails {
  /** The failing statement, its values left as parameters. */
  readonly statement?: string;
  /** 0-based place of the failing statement in its request. */
  readonly index?: number;
  /** Names of the entity classes the statement concerns. */
  readonly entities?: readonly string[];
  /** The names of the bound parameters; their values are never part of an error. */
  readonly bindings?: readonly string[];
  /** The error kind the server gave, such as `Validation` or `Thrown`. */
  readonly kind?: string;
}

/** A statement was refused by the server. */
export class QueryError extends ReverieError {
  override readonly code: string = 'QUERY';
  readonly statement: string | undefined;
  readonly index: number | undefined;
  readonly entities: readonly string[];
  readonly bindings: readonly string[];
  readonly kind: string | undefined;
  constructor(details: QueryErrorDetails) {
    super(details);
    this.statement = details.statement;
    this.index = details.index;
    this.entities = details.entities ?? [];
    this.bindings = details.bindings ?? [];
    this.kind = details.kind;
  }
}

/** A record with this id, or this value under a unique index, exists already. */
export class UniqueConstraintError extends ReverieError {
  override readonly code: string = 'UNIQUE_CONSTRAINT';
  readonly table: string;
  /** The index's name, or `id` when the record id itself is taken. */
  readonly index: string;
  readonly fields: readonly string[];
  /** The value in the way; a list for an index over several fields. */
  readonly value: unknown;
  readonly statement: string | undefined;
  readonly entities: readonly string[];
  constructor(
    details: ErrorDetails & {
      readonly table: string;
      readonly index: string;
      readonly fields: readonly string[];
      readonly value: unknown;
      readonly statement?: string;
      readonly entities?: readonly string[];
    },
  ) {
    super(details);
    this.table = details.table;
    this.index = details.index;
    this.fields = details.fields;
    this.value = details.value;
    this.statement = details.statement;
    this.entities = details.entities ?? [];
  }
}

/** Two writers met; nothing of this one was kept, and running it again may succeed. */
export class TransactionConflictError extends QueryError {
  override readonly code: string = 'TRANSACTION_CONFLICT';
  readonly retryable = true;
  /** How many runs were made before giving up. */
  readonly attempts: number;
  constructor(details: QueryErrorDetails & { readonly attempts?: number }) {
    super(details);
    this.attempts = details.attempts ?? 1;
  }
}
