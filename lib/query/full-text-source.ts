import type { EntityMetadata, IndexMetadata } from '../metadata/entity-metadata.js';
import { and, binary, or, type Expression, type MatchNode } from '../surrealql/nodes/index.js';
import type { QueryContext } from './query-context.js';
import { allOf, termsOf } from './terms.js';

/** A condition of which full-text indexes find the rows, and their names. */
export interface SearchedRows {
  readonly where: Expression;
  readonly indexes: readonly string[];
}

/**
 * Puts full-text indexes in the place of `$matches` where they answer rightly. On 3.0.2 that is:
 * - one condition beside others that all must hold; of two the server forgets one, so the others are tested on the rows;
 * - one in each branch of an OR that stands alone, there together with the test on the row, because the server tests all
 *   branches again on what each of them has found.
 *
 * @param usable the indexes that the user allows; all where nothing was said
 */
export function searchedRows(
  meta: EntityMetadata,
  where: Expression,
  query: QueryContext,
  usable: readonly string[] | undefined,
): SearchedRows | undefined {
  const terms = termsOf(where);
  const isUsable = isOwn(query.indexes === undefined ? meta.indexes : query.indexes(meta), usable);
  const direct = terms.find(isUsable);
  if (direct !== undefined) {
    const found = terms.map((term) => (term === direct ? byIndex(direct) : term));
    return { where: allOf(found) as Expression, indexes: [direct.index] };
  }
  const choice = terms.find((term) => term.kind === 'Junction' && term.operator === 'OR' && term.terms.length > 0);
  return choice?.kind === 'Junction' ? searchedBranches(choice.terms, without(terms, choice), isUsable) : undefined;
}

/** The other terms go into the branches: beside the OR they would keep its indexes from being read. */
function searchedBranches(
  branches: readonly Expression[],
  others: readonly Expression[],
  isUsable: (term: Expression) => term is MatchNode,
): SearchedRows | undefined {
  const found = branches.map((branch) => termsOf(branch).find(isUsable));
  if (!found.every((each) => each !== undefined)) return undefined;
  const where = or(found.map((first, at) => and([byIndex(first), ...termsOf(branches[at]), ...others])));
  return { where, indexes: [...new Set(found.map(({ index }) => index))] };
}

const byIndex = ({ text, query }: MatchNode): Expression => binary(text, '@@', query);

const without = (terms: readonly Expression[], one: Expression): readonly Expression[] =>
  terms.filter((term) => term !== one);

/** A condition on the row itself; a linked record's text is in another table's index. An expression is no query to an index (3.0.2). */
function isOwn(
  indexes: readonly IndexMetadata[],
  usable: readonly string[] | undefined,
): (term: Expression) => term is MatchNode {
  return (term): term is MatchNode =>
    term.kind === 'Match' &&
    term.query.kind === 'Value' &&
    (usable === undefined || usable.includes(term.index)) &&
    indexes.some(({ name, columns }) => name === term.index && columns[0] === columnOf(term.text));
}

function columnOf(text: Expression): string | undefined {
  return text.kind === 'Path' && text.base === undefined ? text.parts.map(String).join('.') : undefined;
}
