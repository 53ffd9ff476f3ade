import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { openLiveStream } from '../live/index.js';
import type { LiveStream } from '../live/live-stream.js';
import { visibleWhere, type FilterChoice } from '../query/index.js';
import type { Row } from '../entity/row.js';
import { EmSession } from './em-session.js';
import type { OrmCore } from './orm-core.js';

export interface LiveOptions {
  /** Tells with each update which fields it changed. */
  readonly diff?: boolean;
  /** Events that may wait for their reader; default 10,000. */
  readonly buffer?: number;
  /** What becomes of the event that finds them full: `error` (default) ends the stream, `resync` stands for those that waited. */
  readonly overflow?: 'error' | 'resync';
  /** Milliseconds for which an event is held, so that one that overtook another is put back in order; default 20, `0` for none. */
  readonly reorder?: number;
  /** As of a read. A record that is deleted softly stops matching: its event is `leave`. */
  readonly filters?: FilterChoice;
  readonly signal?: AbortSignal;
}

/** Registers a live query; its entities are plain instances that no EntityManager tracks. */
export async function openLive(
  session: EmSession,
  metadata: EntityMetadata,
  where: unknown,
  { filters, ...options }: LiveOptions,
): Promise<LiveStream> {
  const { core } = session;
  const { scope } = session.finder.contextWith(filters);
  const condition = visibleWhere(metadata, where, { registry: core.registry, ...(scope && { scope }) });
  const em = session.em as object;
  return openLiveStream({
    driver: core.driver,
    metadata,
    condition,
    printing: core.printing,
    hydrate: (row: Row) => plainEntity(core, metadata, row, em),
    ...options,
  });
}

/** An instance that is not tracked: its links know their ids, and can be loaded by nobody. */
export function plainEntity(core: OrmCore, metadata: EntityMetadata, row: Row, em: object): object {
  const session = new EmSession(core);
  session.em = em;
  const entity = session.uow.adopt(metadata, row);
  session.uow.clear();
  return entity;
}
