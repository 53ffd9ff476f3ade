import { LinkCollection } from '../entity/link-collection.js';
import { LinkReference } from '../entity/link-reference.js';
import type { Row } from '../entity/row.js';
import type { FetchNode } from '../query/index.js';
import type { RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';

/** Hangs what a fetch has brought onto the links of an entity; children are managed entities like any other. */
export function attachFetched(session: EmSession, entity: object, row: Row, fetch: readonly FetchNode[], loaded: object[]): void {
  for (const node of fetch) {
    const held = (entity as Record<string, unknown>)[node.property.property];
    const fetched = row[node.alias];
    if (LinkReference.is(held)) fillLink(session, held, fetched, node, loaded);
    else if (LinkCollection.is(held)) fillCollection(session, held, fetched, row, node, loaded);
  }
}

function fillLink(session: EmSession, link: LinkReference, fetched: unknown, node: FetchNode, loaded: object[]): void {
  const child = isRow(fetched) ? fetched : undefined;
  // Of a managed entity the first read wins: a link that points elsewhere by now keeps what it has.
  if (child === undefined || !link.id.equals(child['id'])) return;
  link.fill(adoptChild(session, child, node, loaded));
}

function fillCollection(session: EmSession, collection: LinkCollection, fetched: unknown, row: Row, node: FetchNode, loaded: object[]): void {
  if (node.countAlias !== undefined) collection.total = Number(row[node.countAlias] ?? 0);
  const children = (Array.isArray(fetched) ? fetched : []).filter(isRow);
  const items = children.map((child) => adoptChild(session, child, node, loaded));
  collection.adoptItems(items, node.partial);
}

function adoptChild(session: EmSession, child: Row, node: FetchNode, loaded: object[]): object {
  const meta = session.core.registry.byTable((child['id'] as RecordId).table) ?? node.meta;
  const known = session.uow.get(child['id'] as RecordId);
  const entity = session.uow.adopt(meta, child, node.columns);
  if ((known === undefined || known.phase === 'reference') && node.columns === undefined) loaded.push(entity);
  attachFetched(session, entity, child, node.children, loaded);
  return entity;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'id' in value;
}
