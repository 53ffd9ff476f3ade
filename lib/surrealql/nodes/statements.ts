import type { RecordId } from '../../values/index.js';
import type { Expression, PathNode } from './expressions.js';
import type { DefinitionStatement } from './definitions.js';

/** Statements of SurrealQL as frozen data: https://surrealdb.com/docs/surrealql/statements */
export type Statement =
  | SelectNode
  | CreateNode
  | UpdateNode
  | DeleteNode
  | RelateNode
  | InsertNode
  | LetNode
  | ReturnNode
  | ThrowNode
  | ForNode
  | ExpressionStatementNode
  | LiveNode
  | KillNode
  | InfoNode
  | ShowChangesNode
  | AccessNode
  | TransactionNode
  | DefinitionStatement;

export interface Projection {
  readonly expression: Expression;
  /** An output path: `['author', 'name']` nests. */
  readonly alias?: readonly string[];
}
export interface Ordering {
  readonly by: Expression;
  readonly direction: 'ASC' | 'DESC';
  /** Texts as in a dictionary: case and accents decide last. */
  readonly collate?: boolean;
  /** Digits in texts by the number that they are. */
  readonly numeric?: boolean;
}
export interface SelectNode {
  readonly kind: 'Select';
  /** `all` prints `*`; both may stand together: `SELECT *, (…) AS x`. */
  readonly all: boolean;
  readonly projections: readonly Projection[];
  /** `SELECT VALUE expression` */
  readonly value?: Expression;
  readonly omit?: readonly PathNode[];
  readonly only?: boolean;
  readonly from: readonly Expression[];
  /** Index names, or none for `NOINDEX`. */
  readonly withIndex?: readonly string[];
  readonly where?: Expression;
  readonly split?: readonly PathNode[];
  readonly groupBy?: readonly PathNode[] | 'all';
  readonly orderBy?: readonly Ordering[];
  readonly limit?: Expression;
  readonly start?: Expression;
  readonly fetch?: readonly PathNode[];
  readonly version?: Expression;
  readonly timeout?: Expression;
  readonly explain?: 'plain' | 'full';
}

export type DataClause =
  | { readonly kind: 'content' | 'merge' | 'replace'; readonly data: Expression }
  | { readonly kind: 'set'; readonly assignments: readonly Assignment[] }
  | { readonly kind: 'unset'; readonly paths: readonly PathNode[] };
export interface Assignment {
  readonly target: PathNode;
  readonly operator: '=' | '+=' | '-=' | '+?=';
  readonly value: Expression;
}
export type ReturnClause =
  'none' | 'before' | 'after' | 'diff' | { readonly value: Expression } | { readonly fields: readonly Projection[] };

/** `ACCESS … ON DATABASE`: keys of a bearer access, and refresh tokens. https://surrealdb.com/docs/surrealql/statements/access */
export interface AccessNode {
  readonly kind: 'Access';
  readonly name: string;
  /** To a record, or a user by name; those that match (all without a condition); those that have run out or were revoked. */
  readonly does:
    | { readonly grant: RecordId | string }
    | { readonly show: Expression | undefined }
    | { readonly revoke: Expression | undefined }
    | 'purge';
}
export interface CreateNode {
  readonly kind: 'Create';
  readonly only?: boolean;
  readonly target: Expression;
  readonly data?: DataClause;
  readonly returns?: ReturnClause;
  readonly timeout?: Expression;
}
export interface UpdateNode {
  readonly kind: 'Update';
  readonly verb: 'UPDATE' | 'UPSERT';
  readonly only?: boolean;
  readonly target: Expression;
  readonly data?: DataClause;
  readonly where?: Expression;
  readonly returns?: ReturnClause;
  readonly timeout?: Expression;
}
export interface DeleteNode {
  readonly kind: 'Delete';
  readonly only?: boolean;
  readonly target: Expression;
  readonly where?: Expression;
  readonly returns?: ReturnClause;
  readonly timeout?: Expression;
}
export interface RelateNode {
  readonly kind: 'Relate';
  readonly only?: boolean;
  /** Ends and edge must be variables or values, never property paths. */
  readonly from: Expression;
  readonly edge: Expression;
  readonly to: Expression;
  readonly data?: DataClause;
  readonly returns?: ReturnClause;
  readonly timeout?: Expression;
}
export interface InsertNode {
  readonly kind: 'Insert';
  readonly relation?: boolean;
  readonly ignore?: boolean;
  readonly into?: Expression;
  readonly rows: Expression;
  readonly returns?: ReturnClause;
  readonly timeout?: Expression;
}
export interface LetNode {
  readonly kind: 'Let';
  readonly name: string;
  readonly value: Expression;
}
export interface ReturnNode {
  readonly kind: 'Return';
  readonly value: Expression;
}
export interface ThrowNode {
  readonly kind: 'Throw';
  readonly value: Expression;
}
/** `FOR $r IN $rows { … }` */
export interface ForNode {
  readonly kind: 'For';
  readonly variable: string;
  readonly source: Expression;
  readonly body: readonly Statement[];
}
/** An expression standing as a statement, such as IF or a user's fragment. */
export interface ExpressionStatementNode {
  readonly kind: 'Evaluate';
  readonly expression: Expression;
}
export interface LiveNode {
  readonly kind: 'Live';
  readonly diff?: boolean;
  readonly projections?: readonly Projection[];
  readonly from: Expression;
  readonly where?: Expression;
  readonly fetch?: readonly PathNode[];
}
export interface KillNode {
  readonly kind: 'Kill';
  readonly id: Expression;
}
export interface InfoNode {
  readonly kind: 'Info';
  readonly of:
    'root' | 'namespace' | 'database' | { readonly table: string } | { readonly index: string; readonly table: string };
  readonly structure?: boolean;
}
/** What changed in the tables of the database that have a changefeed, from a version stamp on. */
export interface ShowChangesNode {
  readonly kind: 'ShowChanges';
  readonly since: bigint;
  readonly limit: number;
}
/** `BEGIN; …; COMMIT` (or CANCEL), and what follows it in the same request. */
export interface TransactionNode {
  readonly kind: 'Transaction';
  readonly statements: readonly Statement[];
  readonly end: 'COMMIT' | 'CANCEL';
}

const freeze = Object.freeze;
export const select = (node: Partial<Omit<SelectNode, 'kind'>> & Pick<SelectNode, 'from'>): SelectNode =>
  freeze({ kind: 'Select', projections: [], all: node.projections === undefined && node.value === undefined, ...node });
export const create = (node: Omit<CreateNode, 'kind'>): CreateNode => freeze({ kind: 'Create', ...node });
export const update = (node: Omit<UpdateNode, 'kind' | 'verb'>): UpdateNode =>
  freeze({ kind: 'Update', verb: 'UPDATE', ...node });
export const upsert = (node: Omit<UpdateNode, 'kind' | 'verb'>): UpdateNode =>
  freeze({ kind: 'Update', verb: 'UPSERT', ...node });
export const remove = (node: Omit<DeleteNode, 'kind'>): DeleteNode => freeze({ kind: 'Delete', ...node });
export const relate = (node: Omit<RelateNode, 'kind'>): RelateNode => freeze({ kind: 'Relate', ...node });
export const insert = (node: Omit<InsertNode, 'kind'>): InsertNode => freeze({ kind: 'Insert', ...node });
export const letStatement = (name: string, value: Expression): LetNode => freeze({ kind: 'Let', name, value });
export const returnStatement = (value: Expression): ReturnNode => freeze({ kind: 'Return', value });
export const throwStatement = (value: Expression): ThrowNode => freeze({ kind: 'Throw', value });
export const forEach = (variable: string, source: Expression, body: readonly Statement[]): ForNode =>
  freeze({ kind: 'For', variable, source, body });
export const evaluate = (expression: Expression): ExpressionStatementNode => freeze({ kind: 'Evaluate', expression });
export const live = (node: Omit<LiveNode, 'kind'>): LiveNode => freeze({ kind: 'Live', ...node });
export const kill = (id: Expression): KillNode => freeze({ kind: 'Kill', id });
export const info = (of: InfoNode['of'], structure = false): InfoNode => freeze({ kind: 'Info', of, structure });
export const access = (name: string, does: AccessNode['does']): AccessNode => freeze({ kind: 'Access', name, does });
export const showChanges = (since: bigint, limit: number): ShowChangesNode =>
  freeze({ kind: 'ShowChanges', since, limit });
export const transaction = (statements: readonly Statement[], end: 'COMMIT' | 'CANCEL' = 'COMMIT'): TransactionNode =>
  freeze({ kind: 'Transaction', statements, end });
