import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { ValidationError } from '../errors/index.js';
import { openLiveStream, type HydrateRow, type LiveOptions, type LiveStream } from '../live/index.js';
import { buildFind, visibleWhere } from '../query/index.js';
import type { Row } from '../entity/row.js';
import { checkLiveOptions } from './check-live-options.js';
import { EmSession } from './em-session.js';
import { ManagedLive } from './managed-live.js';
import type { OrmCore } from './orm-core.js';
import { runStatement } from './run-statement.js';

/** Typed over the options, so that a new one cannot be forgotten here. */
const KNOWN: Readonly<Record<keyof LiveOptions, true>> = {
  diff: true,
  fetch: true,
  buffer: true,
  overflow: true,
  reorder: true,
  filters: true,
  managed: true,
  onConflict: true,
  signal: true,
};

/**
 * Registers a live query; its entities are plain instances that no EntityManager tracks, unless that is asked for.
 *
 * @param made is told of each entity and the row that it was made of
 */
export async function openLive(
  session: EmSession,
  metadata: EntityMetadata,
  where: unknown,
  given: LiveOptions = {},
  made?: (entity: object, row: Row) => void,
): Promise<LiveStream> {
  checkLiveOptions(metadata, 'em.live', given, KNOWN);
  const { filters, fetch: _fetch, managed, onConflict, ...options } = given;
  if (onConflict !== undefined && managed !== true) throw conflictOfNobody(metadata);
  const { core } = session;
  const { scope } = session.finder.contextWith(filters);
  const condition = visibleWhere(metadata, where, { registry: core.registry, ...(scope && { scope }) });
  const brought = managed === true ? managedLive(session, metadata, onConflict) : undefined;
  const hydrate = hydration(session, metadata, given, brought);
  return openLiveStream({
    driver: session.connection,
    metadata,
    condition,
    printing: core.printing,
    hydrate: made === undefined ? hydrate : noting(hydrate, made),
    catchUp: brought?.catchUp,
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

function noting(hydrate: HydrateRow<object>, made: (entity: object, row: Row) => void): HydrateRow<object> {
  return (row, action) => {
    const note = (entity: object) => {
      made(entity, row);
      return entity;
    };
    const entity = hydrate(row, action);
    return entity instanceof Promise ? entity.then(note) : note(entity);
  };
}

/** How the rows of events become entities. @throws ValidationError for a fetch of what is no relation */
function hydration(
  session: EmSession,
  metadata: EntityMetadata,
  { fetch, filters }: LiveOptions,
  brought: ManagedLive | undefined,
): HydrateRow<object> {
  const { core, em } = session;
  const plain = (row: Row) => plainEntity(core, metadata, row, em as object);
  if (fetch === undefined) return brought?.hydrate ?? plain;
  const request = { fetch: fetch as object };
  buildFind(metadata, undefined, request, session.finder.contextWith(filters));
  const attach = async ({ finder }: EmSession, entity: object, id: unknown) => {
    const plan = buildFind(metadata, id, request, finder.contextWith(filters));
    const [fresh] = (await runStatement(session, plan.statement, 'load')) as readonly Row[];
    if (fresh !== undefined) await finder.attach(entity, fresh, plan.fetch);
    return entity;
  };
  return async (row, action) => {
    if (brought !== undefined) {
      const entity = await brought.hydrate(row, action);
      return action === 'delete' ? entity : attach(session, entity, row['id']);
    }
    if (action === 'delete') return plain(row);
    const aside = session.derive();
    aside.em = em;
    const entity = await attach(aside, aside.uow.adopt(metadata, row), row['id']);
    aside.uow.clear();
    return entity;
  };
}

function conflictOfNobody({ className }: EntityMetadata): ValidationError {
  const why = 'its entities are plain instances that no EntityManager holds, so nothing can conflict with them';
  return new ValidationError({
    what: `The option onConflict of em.live(${className}) would never be called`,
    why,
    fix: 'em.live(…, { managed: true, onConflict })',
    errors: [{ path: 'onConflict', message: why, rule: 'option' }],
  });
}

/** @throws ValidationError inside a transaction, whose EntityManager ends with it */
function managedLive(session: EmSession, metadata: EntityMetadata, onConflict: LiveOptions['onConflict']): ManagedLive {
  if (session.transaction !== undefined) {
    throw new ValidationError({
      what: `em.live(${metadata.className}, …, { managed: true }) was called inside a transaction`,
      why: 'its EntityManager is good for nothing once the block has ended',
      fix: 'open the stream outside of it: em.fork()',
    });
  }
  const plain = (row: Row) => plainEntity(session.core, metadata, row, session.em as object);
  return new ManagedLive(session, metadata, plain, onConflict);
}
