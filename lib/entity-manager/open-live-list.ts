import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { LiveList, type ListEntry, type LiveListOptions, type LiveListSource } from '../live/index.js';
import { buildPage, planPaging, takeKeyset, type Paging } from '../query/index.js';
import { compare, identityOf, type RecordId } from '../values/index.js';
import { checkLiveOptions } from './check-live-options.js';
import type { EmSession } from './em-session.js';
import { openLive } from './open-live.js';
import { checkSize } from './read-options.js';
import { sameRow } from './same-row.js';

/** Typed over the options, so that a new one cannot be forgotten here. */
const KNOWN: Readonly<Record<keyof LiveListOptions, true>> = {
  orderBy: true,
  limit: true,
  fetch: true,
  resyncEvery: true,
  filters: true,
  signal: true,
};

/** Registers a live query, reads what it is about, and keeps it up to date. */
export async function openLiveList(
  session: EmSession,
  metadata: EntityMetadata,
  where: unknown,
  options: LiveListOptions = {},
): Promise<LiveList> {
  checkLiveOptions(metadata, 'em.liveList', options, KNOWN);
  const { limit, resyncEvery, signal, orderBy, filters } = options;
  checkSize(metadata, 'limit', limit, 1);
  checkSize(metadata, 'resyncEvery', resyncEvery, 0);
  const paging = planPaging(metadata, where, orderBy, session.finder.contextWith(filters));
  signal?.throwIfAborted();
  const { lists } = session.core;
  const list: LiveList = new LiveList(sourceOf(session, where, paging, options), {
    limit: limit ?? Infinity,
    resyncEvery: resyncEvery ?? 0,
    signal,
    closed: () => lists.delete(list),
  });
  lists.add(list);
  return list.start();
}

function sourceOf(
  session: EmSession,
  where: unknown,
  paging: Paging,
  options: LiveListOptions,
): LiveListSource<object> {
  const { meta } = paging;
  const { orderBy: _orderBy, limit: _limit, resyncEvery: _resyncEvery, ...listening } = options;
  const rows = new WeakMap<object, Row>();
  const placeOf = placesInRows(paging);
  return {
    open: () =>
      openLive(session, meta, where, { ...listening, overflow: 'resync' }, (entity, row) => rows.set(entity, row)),
    read: (limit) => readEntries(session, paging, options, limit, (entity, row) => rows.set(entity, row)),
    remaining: async (entries) => {
      const { points } = session.derive();
      const found = await Promise.all(
        entries.map(async (entry) => [entry.key, await points.read(idOf(entry))] as const),
      );
      return new Set(found.filter(([, row]) => row !== undefined).map(([key]) => key));
    },
    entryOf: (entity) => {
      const place = placeOf?.(rows.get(entity) as Row);
      return place === undefined ? undefined : entryOf(entity, place);
    },
    // The engines whose writes pass a gate register in between.
    overlaps: !['mem', 'surrealkv'].includes(session.connection.capabilities.engine),
    same: (left, right) => sameRow(meta, rows.get(left), rows.get(right)),
    compare: (left, right) => comparePlaces(paging, left, right),
  };
}

async function readEntries(
  session: EmSession,
  paging: Paging,
  { fetch, filters, signal }: LiveListOptions,
  limit: number,
  remember: (entity: object, row: Row) => void,
): Promise<readonly ListEntry<object>[]> {
  const read = {
    managed: false,
    ...(filters !== undefined && { filters }),
    ...(signal !== undefined && { signal }),
  };
  const request = { ...(fetch !== undefined && { fetch: fetch as object }), ...(limit < Infinity && { limit }) };
  const plan = buildPage(paging, request, session.finder.contextWith(filters));
  let rows: readonly Row[] = [];
  let places: readonly (readonly unknown[])[] = [];
  const entities = await session.finder.run(paging.meta, plan, read, (found) => {
    places = found.map(takeKeyset);
    return (rows = found);
  });
  return entities.map((entity, index) => {
    remember(entity, rows[index] as Row);
    return entryOf(entity, places[index] as readonly unknown[]);
  });
}

function entryOf(entity: object, place: readonly unknown[]): ListEntry<object> {
  return { key: identityOf((entity as { readonly id: RecordId }).id), entity, place };
}

const idOf = ({ entity }: ListEntry<object>): RecordId => (entity as { readonly id: RecordId }).id;

/** The sort keys of a row as it comes with an event; undefined where one of them is not in the row itself. */
function placesInRows({ keys }: Paging): ((row: Row) => readonly unknown[]) | undefined {
  const paths = keys.map(({ by, plain }) =>
    plain && by.kind === 'Path' && by.base === undefined ? by.parts : undefined,
  );
  if (!paths.every((parts) => parts !== undefined)) return undefined;
  return (row) => paths.map((parts) => parts.reduce<unknown>((value, part) => memberOf(value, part), row));
}

function memberOf(value: unknown, part: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as Row)[String(part)] : undefined;
}

function comparePlaces({ keys }: Paging, left: readonly unknown[], right: readonly unknown[]): number | undefined {
  for (const [index, { direction }] of keys.entries()) {
    const order = compare(left[index], right[index]);
    if (order === undefined) return undefined;
    if (order !== 0) return direction === 'DESC' ? -order : order;
  }
  return 0;
}
