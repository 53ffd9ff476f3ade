/** A schema as plain data, so that it can be made at random, made smaller and printed. Expressions are SurrealQL. */
export interface SchemaRecipe {
  readonly tables: readonly TableRecipe[];
  readonly functions: readonly ObjectRecipe[];
  readonly params: readonly ObjectRecipe[];
  readonly sequences: readonly ObjectRecipe[];
  readonly analyzer?: AnalyzerRecipe;
  /** Counts the records of a table. */
  readonly view?: { readonly table: string; readonly live: boolean };
}

export interface TableRecipe {
  readonly name: string;
  readonly type: 'normal' | 'relation' | 'any';
  readonly less: boolean;
  readonly drop: boolean;
  readonly comment?: string;
  readonly changefeed?: { readonly expiry: string; readonly includeOriginal: boolean };
  readonly permissions?: PermissionRecipe;
  readonly enforced: boolean;
  readonly fields: readonly FieldRecipe[];
  readonly indexes: readonly IndexRecipe[];
  readonly events: readonly EventRecipe[];
  readonly access?: AccessRecipe;
}

export type PermissionRecipe = 'full' | 'none' | { readonly select: string; readonly update: boolean };

/** What any stored field may say besides its kind. */
export interface Refinements {
  readonly name: string;
  readonly comment?: string;
  readonly permissions?: PermissionRecipe;
}

export type FieldRecipe = PlainField | LinkField | EmbeddedField | ComputedField | VectorFieldRecipe | KeptField;

export interface PlainField extends Refinements {
  readonly kind: 'plain';
  readonly type: string;
  readonly default?: string;
  readonly always?: boolean;
  readonly value?: string;
  readonly assert?: string;
  readonly readonly?: boolean;
  readonly flexible?: boolean;
}
export interface LinkField extends Refinements {
  readonly kind: 'link';
  readonly target: string;
  readonly many: boolean;
  readonly optional: boolean;
  readonly onDelete: 'reject' | 'cascade' | 'ignore' | 'unset' | 'expression';
}
export interface EmbeddedField extends Refinements {
  readonly kind: 'embedded';
  readonly many: boolean;
  readonly optional: boolean;
  readonly fields: readonly PlainField[];
}
export interface ComputedField extends Refinements {
  readonly kind: 'computed';
  readonly type: string;
  readonly expression: string;
  readonly stored: boolean;
}
export interface VectorFieldRecipe extends Refinements {
  readonly kind: 'vector';
  readonly dimension: number;
  readonly distance: 'cosine' | 'euclidean' | 'manhattan';
  readonly m?: number;
  readonly optional: boolean;
}
/** What the server keeps by itself. */
export interface KeptField extends Refinements {
  readonly kind: 'createdAt' | 'updatedAt' | 'version' | 'encrypted';
}

export interface IndexRecipe {
  readonly name: string;
  readonly kind: 'plain' | 'unique' | 'count' | 'fulltext' | 'partial' | 'concurrent' | 'once';
  readonly field: string;
  readonly comment?: string;
}
export interface EventRecipe {
  readonly name: string;
  readonly when?: string;
  readonly then: readonly string[];
  readonly async: boolean;
  readonly comment?: string;
}
export interface AccessRecipe {
  readonly name: string;
  readonly type: 'record' | 'jwt' | 'bearer';
  readonly token: string;
}
export interface AnalyzerRecipe {
  readonly tokenizers: readonly string[];
  readonly filters: readonly string[];
}
export interface ObjectRecipe {
  readonly name: string;
  readonly body: string;
  readonly comment?: string;
}
