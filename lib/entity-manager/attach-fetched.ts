import { LinkCollection } from '../entity/link-collection.js';
import { LinkReference } from '../entity/link-reference.js';
import { stateOf } from '../entity/stamp.js';
import type { Row } from '../entity/row.js';
import type { FetchNode } from '../query/index.js';
import type { RecordId } from '../values/index.js';
import type { Arrivals } from './arrivals.js';

/** Hangs what a fetch has brought onto the links of an entity; children are managed entities like any other. */
export function attachFetched(arrivals: Arrivals, entity: object, row: Row, fetch: readonly FetchNode[]): void {
  // Somebody else has made a record of this id: what it links to is not the new entity's.
  if (fetch.length === 0 || stateOf(entity)?.phase === 'new') return;
  for (const node of fetch) {
    if (node.as !== undefined) {
      (entity as Record<string, unknown>)[node.as] = namedValue(arrivals, row[node.alias], node);
      continue;
    }
    const held = (entity as Record<string, unknown>)[node.property.property];
    const fetched = row[node.alias];
    if (LinkReference.is(held)) fillLink(arrivals, held, fetched, node);
    else if (LinkCollection.is(held)) fillCollection(arrivals, held, fetched, row, node);
  }
}

/** What stands under a name of its own: the record of a link, or a list. Parallel edges lead to one record. */
function namedValue(arrivals: Arrivals, fetched: unknown, node: FetchNode): unknown {
  if (!node.many) return isRow(fetched) ? adoptChild(arrivals, fetched, node) : null;
  const rows = (Array.isArray(fetched) ? fetched : []).filter(isRow);
  return Object.freeze([...new Set(rows.map((row) => adoptChild(arrivals, row, node)))]);
}

function fillLink(arrivals: Arrivals, link: LinkReference, fetched: unknown, node: FetchNode): void {
  const child = isRow(fetched) ? fetched : undefined;
  // Of a managed entity the first read wins: a link that points elsewhere by now keeps what it has.
  if (child === undefined || !link.id.equals(child['id'])) return;
  link.fill(adoptChild(arrivals, child, node));
}

function fillCollection(
  arrivals: Arrivals,
  collection: LinkCollection,
  fetched: unknown,
  row: Row,
  node: FetchNode,
): void {
  if (node.countAlias !== undefined) collection.total = Number(row[node.countAlias] ?? 0);
  const children = (Array.isArray(fetched) ? fetched : []).filter(isRow);
  // Parallel edges lead to one record.
  const items = new Set(children.map((child) => adoptChild(arrivals, child, node)));
  collection.adoptItems([...items], node.partial, edgesOf(arrivals, children, node));
}

function edgesOf(
  arrivals: Arrivals,
  children: readonly Row[],
  { edgeMeta, edgeAlias }: FetchNode,
): readonly object[] | undefined {
  if (edgeMeta === undefined || edgeAlias === undefined) return undefined;
  return children
    .flatMap((child) => child[edgeAlias])
    .filter(isRow)
    .map((edge) => arrivals.adopt(edgeMeta, edge, undefined));
}

function adoptChild(arrivals: Arrivals, child: Row, node: FetchNode): object {
  const meta = arrivals.session.core.registry.byTable((child['id'] as RecordId).table) ?? node.meta;
  const entity = arrivals.adopt(meta, child, node.columns);
  attachFetched(arrivals, entity, child, node.children);
  return entity;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'id' in value;
}
