import type { Expression, FragmentNode } from './nodes/expressions.js';
import { FRAGMENT, value } from './nodes/expressions.js';
import { escapeIdentifier } from './identifiers.js';

export type { FragmentNode as SurqlFragment } from './nodes/expressions.js';

/** Tells a `surql` fragment from any other value, also across two copies of the package. */
export function isFragment(candidate: unknown): candidate is FragmentNode {
  return typeof candidate === 'object' && candidate !== null && (candidate as Partial<FragmentNode>)[FRAGMENT] === true;
}

/** An expression that Reverie has built, as something a user may interpolate or give as a value. */
export function fragmentOf(expression: Expression): FragmentNode {
  return makeFragment(['', ''], [expression]);
}

function makeFragment(strings: readonly string[], values: readonly Expression[]): FragmentNode {
  return Object.freeze({
    kind: 'Fragment',
    strings: Object.freeze([...strings]),
    values: Object.freeze([...values]),
    [FRAGMENT]: true as const,
  });
}

interface SurqlTag {
  (strings: TemplateStringsArray, ...holes: readonly unknown[]): FragmentNode;
  /** A name (table, field, index) to be spliced as an escaped identifier. */
  id(name: string): FragmentNode;
  is(candidate: unknown): candidate is FragmentNode;
}

function tag(strings: TemplateStringsArray, ...holes: readonly unknown[]): FragmentNode {
  return makeFragment(strings.raw.map(unescapeTemplate), holes.map(toExpression));
}

/** A template can hold a backtick or a `${` only with a backslash before it; every other backslash belongs to SurrealQL. */
function unescapeTemplate(text: string): string {
  return text.replace(/\\(`|\$\{)/g, '$1');
}

function toExpression(hole: unknown): Expression {
  return isFragment(hole) ? hole : value(hole);
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
    id: (name: string): FragmentNode => makeFragment([escapeIdentifier(name)], []),
    is: isFragment,
  }),
);
