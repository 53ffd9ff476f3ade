import type { Expression, FragmentNode } from './nodes/expressions.js';
import { array, FRAGMENT, fragment, object, value } from './nodes/expressions.js';
import { isPlain } from '../values/index.js';
import { escapeIdentifier } from './identifiers.js';

/** What `surql` and `fn` make; `V` is what it gives, left out it is trusted to fit. */
export type SurqlFragment<V = never> = FragmentNode<V>;

/** Tells a `surql` fragment from any other value, also across two copies of the package. */
export function isFragment(candidate: unknown): candidate is FragmentNode {
  return typeof candidate === 'object' && candidate !== null && (candidate as Partial<FragmentNode>)[FRAGMENT] === true;
}

/** An expression that Reverie has built, as something a user may interpolate or give as a value. */
export function fragmentOf<V = unknown>(expression: Expression): FragmentNode<V> {
  return fragment(['', ''], [expression]);
}

/** SurrealQL that somebody wrote as plain text: it stands as it is. */
export function textFragment(text: string): FragmentNode {
  return fragment([text], []);
}

interface SurqlTag {
  (strings: TemplateStringsArray, ...holes: readonly unknown[]): FragmentNode<never>;
  /** A name (table, field, index) to be spliced as an escaped identifier. */
  id(name: string): FragmentNode<never>;
  is(candidate: unknown): candidate is FragmentNode;
}

function tag(strings: TemplateStringsArray, ...holes: readonly unknown[]): FragmentNode<never> {
  return fragment(strings.raw.map(unescapeTemplate), holes.map(expressionOf));
}

/** A template can hold a backtick or a `${` only with a backslash before it; every other backslash belongs to SurrealQL. */
function unescapeTemplate(text: string): string {
  return text.replace(/\\(`|\$\{)/g, '$1');
}

/** Data as one value that is bound; where expressions stand in its lists and objects, these are written out around them. */
export function expressionOf(data: unknown): Expression {
  if (isFragment(data)) return data;
  if (!holdsFragment(data)) return value(data);
  if (Array.isArray(data)) return array(data.map(expressionOf));
  return object(Object.entries(data as object).map(([key, member]) => [key, expressionOf(member)] as const));
}

function holdsFragment(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  if (isFragment(data)) return true;
  if (Array.isArray(data)) return data.some(holdsFragment);
  return isPlain(data) && Object.values(data).some(holdsFragment);
}

/**
 * SurrealQL text with values between. Interpolated values are always bound as parameters, never spliced; an entity class
 * stands for its table, another `surql` is spliced, `surql.id(name)` is an escaped name. Where the server takes no
 * parameters (DEFAULT, VALUE, ASSERT, COMPUTED, PERMISSIONS) values are printed as literals.
 *
 * ```ts
 * const adult = surql`age >= ${18}`;
 * await em.query(surql`SELECT * FROM ${User} WHERE ${adult} AND ${surql.id('first name')} = ${name}`);
 * ```
 * The text stands as written, backslashes too (as with `String.raw`): `/\d+/` is a regex of SurrealQL.
 * https://surrealdb.com/docs/surrealql
 */
export const surql: SurqlTag = Object.freeze(
  Object.assign(tag, {
    id: (name: string): FragmentNode<never> => fragment([escapeIdentifier(name)], []),
    is: isFragment,
  }),
);
