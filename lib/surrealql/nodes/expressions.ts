import type { Fragment } from '../../types/fragment.js';
import type { Statement } from './statements.js';

/**
 * Expressions of SurrealQL as frozen data. Only the printer turns them into text; values are always bound.
 * https://surrealdb.com/docs/surrealql
 */
export type Expression =
  | ValueNode
  | LiteralNode
  | ParamNode
  | TableNode
  | PathNode
  | PropertyNode
  | LocalNode
  | BinaryNode
  | JunctionNode
  | NotNode
  | CallNode
  | ConstantNode
  | ArrayNode
  | ObjectNode
  | ClosureNode
  | BlockNode
  | IfNode
  | SubqueryNode
  | ApartNode
  | GraphNode
  | KnnNode
  | MatchNode
  | FragmentNode;

/** A value; bound as a parameter (printed as a literal only inside DEFINE, where the server takes no parameters). */
export interface ValueNode {
  readonly kind: 'Value';
  readonly value: unknown;
}
/** A value that is written out, where the server takes no parameter. */
export interface LiteralNode {
  readonly kind: 'Literal';
  readonly value: unknown;
}
/** `$name`: a variable of the script or of the server (`$parent`, `$auth`, `$value`). */
export interface ParamNode {
  readonly kind: 'Param';
  readonly name: string;
}
/** A table's name where a target stands. */
export interface TableNode {
  readonly kind: 'Table';
  readonly name: string;
}
/** `address.city`, `tags.*`, `$row.id`: fields below the row or below `base`. */
export interface PathNode {
  readonly kind: 'Path';
  readonly base?: Expression;
  readonly parts: readonly PathPart[];
}
export type PathPart = string | number | typeof EACH | FilterPart;
/** `[WHERE condition]`: the elements for which it holds; names in it are fields of the element, `$this` is the element. */
export interface FilterPart {
  readonly where: Expression;
}
/** `.*` */
export const EACH: unique symbol = Symbol.for('reverie.path.each');

/** A property of an entity by its own name, `address.city`; the printer knows its columns. */
export interface PropertyNode {
  readonly kind: 'Property';
  readonly of: unknown;
  readonly dotted: string;
}
/** A parameter of a closure, told by its identity; the printer names it. */
export interface LocalNode {
  readonly kind: 'Local';
}

export interface BinaryNode {
  readonly kind: 'Binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export type BinaryOperator =
  | '='
  | '!='
  | '=='
  | '?='
  | '*='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'IN'
  | 'NOT IN'
  | 'INSIDE'
  | 'CONTAINS'
  | 'CONTAINSNOT'
  | 'CONTAINSALL'
  | 'CONTAINSANY'
  | 'CONTAINSNONE'
  | 'ALLINSIDE'
  | 'ANYINSIDE'
  | 'NONEINSIDE'
  | 'OUTSIDE'
  | 'INTERSECTS'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '??'
  | '?:'
  | '..'
  | '..='
  | '@@'
  | '@0@';

/** Any number of terms; printed as a balanced tree because a flat chain of 750 aborts the engine. */
export interface JunctionNode {
  readonly kind: 'Junction';
  readonly operator: 'AND' | 'OR';
  readonly terms: readonly Expression[];
}
export interface NotNode {
  readonly kind: 'Not';
  readonly operand: Expression;
}
export interface CallNode {
  readonly kind: 'Call';
  /** `string::lowercase`, `fn::greet`. */
  readonly name: string;
  /** Of a model: `ml::house<1.0.0>`. */
  readonly version?: string;
  readonly args: readonly Expression[];
}
/** `math::pi`: a value that the server knows by name. */
export interface ConstantNode {
  readonly kind: 'Constant';
  readonly name: string;
}
export interface ArrayNode {
  readonly kind: 'Array';
  readonly items: readonly Expression[];
}
export interface ObjectNode {
  readonly kind: 'Object';
  readonly entries: readonly (readonly [string, Expression])[];
}
/** `|$r: any| { … }` */
export interface ClosureNode {
  readonly kind: 'Closure';
  readonly params: readonly (string | LocalNode)[];
  readonly body: Expression;
}
/** `{ LET …; RETURN …; }` */
export interface BlockNode {
  readonly kind: 'Block';
  readonly statements: readonly Statement[];
}
export interface IfNode {
  readonly kind: 'If';
  readonly condition: Expression;
  readonly then: BlockNode;
  readonly otherwise?: BlockNode;
}
/** `(SELECT …)` */
export interface SubqueryNode {
  readonly kind: 'Subquery';
  readonly statement: Statement;
}
/**
 * A list that does not hang on the row at hand. Where the printer may put a LET before the statement it stands there, and is read
 * once: in its place SurrealDB 3.0.2 would read it again for every row (2,000 rows: 6,400 ms against 11). A list whose text speaks of
 * `$parent` does hang on the row and stays in its place.
 */
export interface ApartNode {
  readonly kind: 'Apart';
  readonly statement: Statement;
}
/** `->follows->user`, `<-wrote`, `<~(post FIELD author)`, from the row or from `from`. */
export interface GraphNode {
  readonly kind: 'Graph';
  readonly from?: Expression;
  readonly hops: readonly GraphHop[];
}
export interface GraphHop {
  readonly arrow: '->' | '<-' | '<->' | '<~';
  /** No table is the wildcard `?`. */
  readonly tables: readonly string[];
  /** For `<~`: the referring field. */
  readonly field?: string;
  readonly where?: Expression;
}
/** `embedding <|k, ef|> $v`; k, ef and the distance are literals because the server takes no parameters there. */
export interface KnnNode {
  readonly kind: 'Knn';
  readonly field: Expression;
  readonly k: number;
  readonly by: { readonly ef: number } | { readonly distance: string };
  readonly vector: Expression;
}
/**
 * All words of a query stand in a text. `@@` asks that of a full-text index only: anywhere else SurrealDB 3.0.2 takes any of the
 * words, or finds nothing at all. So `anywhere` is what is printed, unless the index is put in its place.
 */
export interface MatchNode {
  readonly kind: 'Match';
  /** The full-text index over the text. */
  readonly index: string;
  readonly text: Expression;
  readonly query: Expression;
  /** The same as a condition on any row. */
  readonly anywhere: Expression;
}
/** Text that a user wrote in `surql`, with the interpolated values between. */
export interface FragmentNode<out V = unknown> extends Fragment<V> {
  readonly values: readonly Expression[];
  /** Put there by `surql`; tells a fragment from data that only looks like one. */
  readonly [FRAGMENT]?: true;
}
export const FRAGMENT: unique symbol = Symbol.for('reverie.surql.fragment');

const freeze = Object.freeze;
/** Text with expressions between its parts. */
export const fragment = (strings: readonly string[], values: readonly Expression[]): FragmentNode<never> =>
  freeze({ kind: 'Fragment', strings: freeze([...strings]), values: freeze([...values]), [FRAGMENT]: true as const });
export const value = (v: unknown): ValueNode => freeze({ kind: 'Value', value: v });
export const literal = (v: unknown): LiteralNode => freeze({ kind: 'Literal', value: v });
export const param = (name: string): ParamNode => freeze({ kind: 'Param', name });
export const table = (name: string): TableNode => freeze({ kind: 'Table', name });
export const path = (...parts: readonly PathPart[]): PathNode => freeze({ kind: 'Path', parts: freeze(parts) });
export const pathOf = (base: Expression, ...parts: readonly PathPart[]): PathNode =>
  freeze({ kind: 'Path', base, parts: freeze(parts) });
export const property = (of: unknown, dotted: string): PropertyNode => freeze({ kind: 'Property', of, dotted });
export const local = (): LocalNode => freeze({ kind: 'Local' });
export const binary = (left: Expression, operator: BinaryOperator, right: Expression): BinaryNode =>
  freeze({ kind: 'Binary', operator, left, right });
export const and = (terms: readonly Expression[]): JunctionNode => freeze({ kind: 'Junction', operator: 'AND', terms });
export const or = (terms: readonly Expression[]): JunctionNode => freeze({ kind: 'Junction', operator: 'OR', terms });
export const not = (operand: Expression): NotNode => freeze({ kind: 'Not', operand });
export const call = (name: string, ...args: readonly Expression[]): CallNode => freeze({ kind: 'Call', name, args });
export const modelCall = (name: string, version: string, ...args: readonly Expression[]): CallNode =>
  freeze({ kind: 'Call', name, version, args });
export const constant = (name: string): ConstantNode => freeze({ kind: 'Constant', name });
export const array = (items: readonly Expression[]): ArrayNode => freeze({ kind: 'Array', items });
export const object = (entries: readonly (readonly [string, Expression])[]): ObjectNode =>
  freeze({ kind: 'Object', entries });
export const closure = (params: ClosureNode['params'], body: Expression): ClosureNode =>
  freeze({ kind: 'Closure', params, body });
export const block = (statements: readonly Statement[]): BlockNode => freeze({ kind: 'Block', statements });
export const iff = (condition: Expression, then: BlockNode, otherwise?: BlockNode): IfNode =>
  freeze({ kind: 'If', condition, then, ...(otherwise && { otherwise }) });
export const subquery = (statement: Statement): SubqueryNode => freeze({ kind: 'Subquery', statement });
export const apart = (statement: Statement): ApartNode => freeze({ kind: 'Apart', statement });
export const graph = (hops: readonly GraphHop[], from?: Expression): GraphNode =>
  freeze({ kind: 'Graph', hops, ...(from && { from }) });
export const match = (node: Omit<MatchNode, 'kind'>): MatchNode => freeze({ kind: 'Match', ...node });
export const knn = (node: Omit<KnnNode, 'kind'>): KnnNode => freeze({ kind: 'Knn', ...node });
