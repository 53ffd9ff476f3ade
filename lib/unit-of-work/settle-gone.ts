import type { EntityState } from '../entity/entity-state.js';
import { collectionOf } from '../entity/hydrate.js';
import { LinkReference } from '../entity/link-reference.js';
import type { Row } from '../entity/row.js';
import type { EdgesMetadata, EntityMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { FlushWork, Unrelate } from './change-set.js';
import type { RollbackJournal } from './journal.js';
import { excludeLastEdge, includeEdge } from './settle-edges.js';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * Memory after records have gone: with them their edges, what the server cascades to, and the places where they stood.
 * `vanished`: entities that are known to have gone along.
 */
export function settleGone(
  uow: UnitOfWork,
  work: FlushWork,
  vanished: readonly EntityState[],
  journal?: RollbackJournal,
): void {
  const gone = new Departure(uow, journal);
  const made = new Set(work.changeSets.filter(({ action }) => action === 'create').map(({ state }) => state));
  for (const set of work.changeSets) if (set.action === 'delete' && set.soft === undefined) gone.remove(set.state);
  for (const unrelate of work.unrelates) gone.unrelate(unrelate, made);
  for (const state of vanished) gone.evict(state);
  gone.follow();
  for (const set of work.changeSets) {
    if (set.action !== 'create' || set.meta.type !== 'relation') continue;
    if (set.replaces?.row !== undefined) excludeLastEdge(uow, set.meta, set.replaces.row, journal);
    includeEdge(uow, set.meta, set.content);
  }
}

/** The records of these ids are gone, by whomever. */
export function forgetGone(uow: UnitOfWork, ids: readonly RecordId[]): void {
  const gone = new Departure(uow);
  for (const id of ids) gone.removeId(id);
  gone.follow();
}

class Departure {
  readonly #uow: UnitOfWork;
  readonly #journal: RollbackJournal | undefined;
  readonly #ids = new Map<string, RecordId>();
  readonly #tables = new Set<string>();

  constructor(uow: UnitOfWork, journal?: RollbackJournal) {
    this.#uow = uow;
    this.#journal = journal;
  }

  removeId(id: RecordId): void {
    const state = this.#uow.get(id);
    // A new entity of this id is not the record that is gone.
    if (state === undefined || state.phase === 'new') this.#note(id);
    else this.evict(state);
  }

  /** One that was persisted again meanwhile is to be written anew. */
  remove(state: EntityState): void {
    this.#journal?.remember(state);
    const row = state.row;
    this.#note(state.id as RecordId);
    state.row = undefined;
    state.loadedColumns = undefined;
    if (state.phase === 'managed' && this.#uow.isTracked(state)) state.phase = 'new';
    else this.#uow.detach(state);
    if (state.meta.type === 'relation' && row !== undefined) excludeLastEdge(this.#uow, state.meta, row, this.#journal);
  }

  /** Edges go before others are made between the same records. */
  unrelate({ property, from, to }: Unrelate, made: ReadonlySet<EntityState>): void {
    const edges = property.edge();
    for (const state of this.#uow.states()) {
      if (state.meta !== edges || state.row === undefined || made.has(state)) continue;
      if (joins(state.row, property, from, to)) this.evict(state);
    }
  }

  /** Whatever depends on what is gone, and on what goes with it. */
  follow(): void {
    for (let size = -1; size !== this.#ids.size;) {
      size = this.#ids.size;
      if (size > 0) for (const state of this.#uow.states()) if (state.phase !== 'new') this.#visit(state);
    }
  }

  #visit(state: EntityState): void {
    const shape = this.#uow.shapes.of(state.meta);
    for (const link of shape.links) if (this.#mayLead(link.targets())) this.#visitLink(state, link);
    for (const property of shape.collections) {
      const targets = property.kind === 'links' ? property.targets() : [property.target()];
      if (this.#mayLead(targets))
        this.#visitCollection(state, property.property, property.kind === 'links' ? property : undefined);
    }
  }

  #visitLink(state: EntityState, link: LinkMetadata): void {
    const raw = state.row?.[link.column] as RecordId | undefined | null;
    if (raw === undefined || raw === null || !this.#isGone(raw)) return;
    if (link.end !== undefined || link.onDelete === 'cascade') return this.evict(state);
    const instance = state.entity as Record<string, unknown>;
    const held = instance[link.property];
    const leadsThere = LinkReference.is(held) && held.id.equals(raw);
    if (link.onDelete === 'unset') {
      this.#journal?.remember(state);
      state.row = without(state.row, link.column);
      if (leadsThere) instance[link.property] = undefined;
    } else if (leadsThere) held.unload();
  }

  #visitCollection(state: EntityState, property: string, links: LinksMetadata | undefined): void {
    const collection = collectionOf(state, property);
    if (collection === undefined) return;
    const stored = links === undefined ? undefined : state.row?.[links.column];
    const isStored = Array.isArray(stored) && stored.some((id) => this.#isGone(id as RecordId));
    if (isStored && links?.onDelete === 'cascade') return this.evict(state);
    this.#journal?.rememberCollection(collection);
    // A column keeps the ids of what is no longer there, unless the server takes them out.
    if (links !== undefined && links.onDelete !== 'unset') return collection.hide(this.#ids);
    collection.exclude(this.#ids);
    if (links === undefined || !isStored) return;
    this.#journal?.remember(state);
    state.row = { ...state.row, [links.column]: stored.filter((id) => !this.#isGone(id as RecordId)) };
  }

  /** The server has removed the record along with another. */
  evict(state: EntityState): void {
    if (state.phase === 'managed') state.phase = 'removed';
    this.remove(state);
  }

  #note(id: RecordId): void {
    this.#ids.set(identityOf(id), id);
    this.#tables.add(id.table);
  }

  #isGone(id: RecordId): boolean {
    return this.#ids.has(identityOf(id));
  }

  #mayLead(targets: readonly EntityMetadata[]): boolean {
    return targets.some((meta) => this.#tables.has(meta.table));
  }
}

function joins(row: Row, { direction }: EdgesMetadata, from: RecordId, to: RecordId | undefined): boolean {
  const [start, end] = [row['in'], row['out']];
  const leads = (a: unknown, b: unknown) => from.equals(a) && (to === undefined || to.equals(b));
  return (direction !== 'in' && leads(start, end)) || (direction !== 'out' && leads(end, start));
}

function without(row: Row | undefined, column: string): Row {
  const rest = { ...row };
  delete rest[column];
  return rest;
}
