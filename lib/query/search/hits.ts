import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import {
  block,
  letStatement,
  object,
  param,
  pathOf,
  returnStatement,
  subquery,
  type Expression,
  type LetNode,
  type ReturnNode,
} from '../../surrealql/nodes/index.js';
import type { FetchNode } from '../fetch-node.js';
import { buildFetch } from '../fetch-plan.js';
import type { QueryContext } from '../query-context.js';
import { planRead } from '../read-plan.js';
import { recordsOf } from '../records-of.js';

/** How the records of a search are read; the typed form is `SearchOptions`. */
export interface HitsRequest {
  readonly where?: unknown;
  readonly fetch?: unknown;
  readonly select?: readonly string[];
  readonly omit?: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
}

/** What a search finds: rows of an `id` and what was measured of it, the best first. */
export interface Hits {
  readonly lets: readonly LetNode[];
  readonly hits: Expression;
}

/** A statement that answers `{ hits, rows }`, and what the hydrator has to know of the rows. */
export interface SearchPlan {
  readonly statement: ReturnNode;
  readonly fetch: readonly FetchNode[];
  readonly columns: ReadonlySet<string> | undefined;
}

/** Reads the records of the hits in the same request: an index that finds them would lose their computed fields (3.0.2). */
export function planHits(
  meta: EntityMetadata,
  { lets, hits }: Hits,
  { fetch: asked, select, omit }: HitsRequest,
  query: QueryContext,
): SearchPlan {
  const fetch = buildFetch(meta, asked, query);
  const records = recordsOf(pathOf(param('hits'), 'id'), query);
  const source = { from: records, isIdList: query.ownWrites !== true, indexed: false };
  const request = { ...(select !== undefined && { select }), ...(omit !== undefined && { omit }) };
  const rows = planRead(meta, { condition: undefined, source: () => source, fetch }, request, query);
  const answer = object([
    ['hits', param('hits')],
    ['rows', subquery(rows.statement)],
  ]);
  return {
    statement: returnStatement(block([...lets, letStatement('hits', hits), returnStatement(answer)])),
    fetch: rows.fetch,
    columns: rows.columns,
  };
}
