import type { Expression, FragmentNode } from './expressions.js';
import type { SurrealType } from '../../types/surreal-type.js';

/** DEFINE and REMOVE statements as frozen data. Their values are printed as literals: the server takes no parameters there. */
export type DefinitionStatement =
  | DefineTableNode
  | DefineFieldNode
  | DefineIndexNode
  | DefineEventNode
  | DefineAnalyzerNode
  | DatabaseObjectNode
  | DefineAccessNode
  | RemoveNode
  | AlterTableNode;

/** What belongs to the database and to no table. */
export type DatabaseObjectNode = DefineFunctionNode | DefineParamNode | DefineSequenceNode;

export type ExistsClause = 'overwrite' | 'if-not-exists';
export type PermissionClause = 'full' | 'none' | Expression;
export type PermissionsClause =
  'full' | 'none' | { readonly [operation in 'select' | 'create' | 'update' | 'delete']?: PermissionClause };

export interface DefineTableNode {
  readonly kind: 'DefineTable';
  readonly exists?: ExistsClause;
  readonly name: string;
  readonly type: 'NORMAL' | 'RELATION' | 'ANY';
  readonly in?: readonly string[];
  readonly out?: readonly string[];
  readonly enforced?: boolean;
  readonly schemafull: boolean;
  readonly drop?: boolean;
  readonly comment?: string;
  readonly as?: FragmentNode;
  readonly changefeed?: { readonly expiry: string; readonly includeOriginal: boolean };
  readonly permissions?: PermissionsClause;
}
export interface DefineFieldNode {
  readonly kind: 'DefineField';
  readonly exists?: ExistsClause;
  readonly table: string;
  /** `['address', 'city']`; `EACH` is not needed: the server defines the elements of an array itself. */
  readonly path: readonly (string | symbol)[];
  readonly type?: SurrealType;
  readonly flexible?: boolean;
  readonly default?: { readonly value: Expression; readonly always: boolean };
  readonly readonly?: boolean;
  readonly value?: Expression;
  readonly assert?: Expression;
  readonly computed?: Expression;
  readonly reference?: { readonly onDelete: 'REJECT' | 'CASCADE' | 'IGNORE' | 'UNSET' | Expression };
  readonly comment?: string;
  readonly permissions?: PermissionsClause;
}
export interface DefineIndexNode {
  readonly kind: 'DefineIndex';
  readonly exists?: ExistsClause;
  readonly name: string;
  readonly table: string;
  readonly columns: readonly (readonly (string | symbol)[])[];
  readonly variant:
    | { readonly kind: 'plain' | 'unique' | 'count' }
    | {
        readonly kind: 'fulltext';
        readonly analyzer: string;
        readonly bm25?: readonly [number, number] | true;
        readonly highlights: boolean;
      }
    | {
        readonly kind: 'hnsw';
        readonly dimension: number;
        readonly distance: string;
        readonly type: string;
        readonly efc?: number;
        readonly m?: number;
      }
    | {
        readonly kind: 'diskann';
        readonly dimension: number;
        readonly distance: string;
        readonly type: string;
        readonly degree?: number;
        readonly buildWidth?: number;
        readonly alpha?: number;
      };
  readonly concurrently?: boolean;
  readonly defer?: boolean;
  readonly comment?: string;
}
export interface DefineEventNode {
  readonly kind: 'DefineEvent';
  readonly exists?: ExistsClause;
  readonly name: string;
  readonly table: string;
  readonly async?: { readonly retry?: number };
  readonly when?: Expression;
  readonly then: readonly Expression[];
  readonly comment?: string;
}
export interface DefineAnalyzerNode {
  readonly kind: 'DefineAnalyzer';
  readonly exists?: ExistsClause;
  readonly name: string;
  readonly function?: string;
  readonly tokenizers: readonly string[];
  readonly filters: readonly string[];
  readonly comment?: string;
}
/** `DEFINE ACCESS … ON DATABASE`; durations in SurrealQL's own form. */
export interface DefineAccessNode {
  readonly kind: 'DefineAccess';
  readonly exists?: ExistsClause;
  readonly name: string;
  readonly type: 'record' | 'jwt' | 'bearer';
  readonly signup?: Expression;
  readonly signin?: Expression;
  readonly authenticate?: Expression;
  readonly refresh: boolean;
  readonly jwt?:
    { readonly algorithm: string; readonly key: string; readonly issuerKey?: string } | { readonly url: string };
  readonly bearerFor?: 'record' | 'user';
  readonly duration: { readonly grant?: string; readonly token?: string; readonly session?: string };
}
export interface DefineFunctionNode {
  readonly kind: 'DefineFunction';
  readonly exists?: ExistsClause;
  /** Without `fn::`. */
  readonly name: string;
  readonly args: readonly { readonly name: string; readonly type: SurrealType }[];
  readonly returns?: SurrealType;
  readonly body: Expression;
  readonly comment?: string;
  readonly permissions?: PermissionClause;
}
export interface DefineParamNode {
  readonly kind: 'DefineParam';
  readonly exists?: ExistsClause;
  /** Without `$`. */
  readonly name: string;
  readonly value: unknown;
  readonly comment?: string;
  readonly permissions?: PermissionClause;
}
export interface DefineSequenceNode {
  readonly kind: 'DefineSequence';
  readonly exists?: ExistsClause;
  readonly name: string;
  readonly batch?: number;
  readonly start?: number;
  readonly timeout?: string;
}
export interface RemoveNode {
  readonly kind: 'Remove';
  readonly object:
    | 'TABLE'
    | 'FIELD'
    | 'INDEX'
    | 'EVENT'
    | 'ANALYZER'
    | 'ACCESS'
    | 'FUNCTION'
    | 'PARAM'
    | 'SEQUENCE'
    | 'DATABASE'
    | 'NAMESPACE';
  /** A table's or object's name; for FIELD the path. */
  readonly name: string | readonly (string | symbol)[];
  readonly table?: string;
  readonly ifExists: boolean;
}
/** `ALTER TABLE t …` for what DEFINE … OVERWRITE would needlessly rewrite. */
export interface AlterTableNode {
  readonly kind: 'AlterTable';
  readonly name: string;
  readonly schemafull?: boolean;
}

const freeze = Object.freeze;
export const defineTable = (node: Omit<DefineTableNode, 'kind'>): DefineTableNode =>
  freeze({ kind: 'DefineTable', ...node });
export const defineField = (node: Omit<DefineFieldNode, 'kind'>): DefineFieldNode =>
  freeze({ kind: 'DefineField', ...node });
export const defineIndex = (node: Omit<DefineIndexNode, 'kind'>): DefineIndexNode =>
  freeze({ kind: 'DefineIndex', ...node });
export const defineEvent = (node: Omit<DefineEventNode, 'kind'>): DefineEventNode =>
  freeze({ kind: 'DefineEvent', ...node });
export const defineAnalyzer = (node: Omit<DefineAnalyzerNode, 'kind'>): DefineAnalyzerNode =>
  freeze({ kind: 'DefineAnalyzer', ...node });
export const defineAccess = (node: Omit<DefineAccessNode, 'kind'>): DefineAccessNode =>
  freeze({ kind: 'DefineAccess', ...node });
export const removeDefinition = (node: Omit<RemoveNode, 'kind'>): RemoveNode => freeze({ kind: 'Remove', ...node });
export const alterTable = (node: Omit<AlterTableNode, 'kind'>): AlterTableNode =>
  freeze({ kind: 'AlterTable', ...node });
