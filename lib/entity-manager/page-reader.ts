import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  buildPage,
  decodeCursor,
  encodeCursor,
  fingerprint,
  pagingIdentity,
  planPaging,
  takeKeyset,
} from '../query/index.js';
import { evaluate, type Statement } from '../surrealql/nodes/index.js';
import { print } from '../surrealql/printer.js';
import type { Page } from '../types/index.js';
import type { EmSession } from './em-session.js';
import { asReadOptions, checkReadOptions, checkSize, refuseOptions, type ReadOptions } from './read-options.js';

/** The typed form is `PageOptions`. */
export interface PageReadOptions extends ReadOptions {
  readonly first?: number;
  readonly after?: string | null;
  readonly last?: number;
  readonly before?: string | null;
  readonly total?: boolean;
}

/** Reads one page by the values of its sort keys: rows that come or go elsewhere move nothing, however far the page is. */
export async function readPage(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  given?: PageReadOptions,
): Promise<Page<object>> {
  const options = asReadOptions(meta, given);
  const { first, after, last, before, total, ...read } = options;
  checkPageOptions(meta, options, read);
  session.refuseQueued(meta);
  const query = session.finder.contextWith(read.filters);
  const paging = planPaging(meta, where, read.orderBy, query);
  const nameOf = (statement: Statement) => fingerprint(print(statement, session.core.printing));
  const result = nameOf(pagingIdentity(paging, (condition) => nameOf(evaluate(condition))));
  const size = last ?? first;
  const fromEnd = last !== undefined;
  const request = {
    fromEnd,
    // One more tells whether there are more.
    ...(size !== undefined && { limit: size + 1 }),
    ...(isGiven(after) && { after: decodeCursor('after', after, result, paging) }),
    ...(isGiven(before) && { before: decodeCursor('before', before, result, paging) }),
  };
  let places: readonly (readonly unknown[])[] = [];
  let hasMore = false;
  const pick = (rows: readonly Row[]): readonly Row[] => {
    hasMore = size !== undefined && rows.length > size;
    const shown = rows.slice(0, size);
    if (fromEnd) shown.reverse();
    places = shown.map(takeKeyset);
    return shown;
  };
  const cursorOf = (place: readonly unknown[] | undefined) =>
    place === undefined ? null : encodeCursor(result, place);
  const [items, count] = await Promise.all([
    session.finder.read(meta, read, (asked) => buildPage(paging, { ...request, ...asked }, query), pick),
    total === true ? session.finder.count(meta, where, read) : undefined,
  ]);
  return {
    items,
    startCursor: cursorOf(places[0]),
    endCursor: cursorOf(places.at(-1)),
    hasNextPage: fromEnd ? isGiven(before) : hasMore,
    hasPreviousPage: fromEnd ? hasMore : isGiven(after),
    ...(count !== undefined && { total: count }),
  };
}

const isGiven = <V>(cursor: V | null | undefined): cursor is V => cursor !== undefined && cursor !== null;

function checkPageOptions(meta: EntityMetadata, { first, last }: PageReadOptions, read: ReadOptions): void {
  checkSize(meta, 'first', first, 0);
  checkSize(meta, 'last', last, 0);
  if (first !== undefined)
    refuseOptions(meta, { last }, ['last'], 'a page is the first rows or the last ones, not both', 'give one of them');
  refuseOptions(
    meta,
    read,
    ['limit', 'offset'],
    'a page is as long as `first` or `last` says, and begins at a cursor',
    'give `first` and `after`, or `last` and `before`',
  );
  checkReadOptions(meta, read, ['first', 'after', 'last', 'before', 'total']);
}
