import type { PathKey } from './field-path.js';

/**
 * A schema as the server describes it (`INFO … STRUCTURE`): plain frozen data, the same for what is there and for what is
 * wanted, so that comparing them needs no knowledge of SurrealQL.
 */
export interface SchemaModel {
  readonly tables: ReadonlyMap<string, TableModel>;
  readonly analyzers: ReadonlyMap<string, AnalyzerModel>;
  /** What the server says of functions, parameters and sequences, by kind and name. */
  readonly objects: ReadonlyMap<string, unknown>;
  /** By name; as plain data, keys withheld by the server. */
  readonly accesses: ReadonlyMap<string, unknown>;
}

export interface TableModel {
  readonly name: string;
  readonly definition: TableDefinition;
  /** By path: `tags.*` and `` `tags`.`*` `` differ. */
  readonly fields: ReadonlyMap<PathKey, FieldModel>;
  readonly indexes: ReadonlyMap<string, IndexModel>;
  readonly events: ReadonlyMap<string, EventModel>;
}

/** What `DEFINE TABLE` says; absent members are absent on the server. */
export interface TableDefinition {
  readonly kind: TableKind;
  readonly schemafull: boolean;
  readonly drop: boolean;
  readonly permissions: unknown;
  readonly changefeed?: unknown;
  readonly view?: string;
  readonly comment?: string;
}

export interface TableKind {
  readonly kind: 'NORMAL' | 'RELATION' | 'ANY';
  readonly in?: readonly string[];
  readonly out?: readonly string[];
  readonly enforced?: boolean;
}

/** What `DEFINE FIELD` says; expressions are the server's own text. */
export interface FieldModel {
  readonly path: readonly (string | symbol)[];
  readonly kind?: string;
  readonly flexible: boolean;
  readonly default?: string;
  readonly defaultAlways: boolean;
  readonly value?: string;
  readonly assert?: string;
  readonly computed?: string;
  readonly readonly: boolean;
  readonly reference?: unknown;
  readonly permissions: unknown;
  readonly comment?: string;
}

export interface IndexModel {
  readonly name: string;
  readonly columns: readonly PathKey[];
  /** `''`, `UNIQUE`, `COUNT …`, `FULLTEXT …`, `HNSW …` (without the derived LM). */
  readonly variant: string;
  readonly comment?: string;
}

export interface EventModel {
  readonly name: string;
  readonly when: string;
  readonly then: readonly string[];
  readonly async?: unknown;
  readonly retry?: unknown;
  readonly maxdepth?: unknown;
  readonly comment?: string;
}

export interface AnalyzerModel {
  readonly name: string;
  readonly function?: string;
  readonly tokenizers: readonly string[];
  readonly filters: readonly string[];
  readonly comment?: string;
}
