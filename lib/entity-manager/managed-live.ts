import type { EntityState } from '../entity/entity-state.js';
import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { HydrateRow, LiveResolution, OnLiveConflict } from '../live/index.js';
import type { LiveRecordChange } from '../subscribers/events.js';
import { isClean } from '../unit-of-work/is-clean.js';
import type { RecordId } from '../values/index.js';
import { copyOf, forgetDeleted, takeWritten } from './direct/managed-copies.js';
import type { EmSession } from './em-session.js';
import { sameRow } from './same-row.js';

type Action = LiveRecordChange['action'];
type Conflict = { readonly state: EntityState; readonly fresh: Row | undefined };

/**
 * Brings the events of a live query into a unit of work: of a record that it knows, the entity is refreshed if it is clean, and
 * asked about if it is not; of any other, the entity is managed from now on, as after a find.
 *
 * An event may be older than what is known by now. So it only says that something has changed: unless it tells what is known
 * already (of the EntityManager's own flush, mostly), the record is read.
 */
export class ManagedLive {
  readonly #session: EmSession;
  readonly #meta: EntityMetadata;
  readonly #plain: (row: Row) => object;
  readonly #onConflict: OnLiveConflict<object> | undefined;

  constructor(
    session: EmSession,
    meta: EntityMetadata,
    plain: (row: Row) => object,
    onConflict: OnLiveConflict<object> | undefined,
  ) {
    this.#session = session;
    this.#meta = meta;
    this.#plain = plain;
    this.#onConflict = onConflict;
  }

  /** The managed entity of an event, or a plain one of a record that is gone. */
  readonly hydrate: HydrateRow<object> = async (row, action) => {
    const id = row['id'] as RecordId;
    const before = copyOf(this.#session, id)?.entity;
    await this.#settle(id, action, () => {
      const known = copyOf(this.#session, id);
      return action !== 'delete' && known !== undefined && sameRow(known.meta, known.row, row);
    });
    return copyOf(this.#session, id)?.entity ?? before ?? this.#plain(row);
  };

  /** Events were missed: whatever is managed is brought up to date. */
  readonly catchUp = async (): Promise<void> => {
    const known = this.#session.uow
      .states()
      .filter(({ phase, meta }) => phase === 'managed' && meta.table === this.#meta.table);
    await Promise.all(known.map(({ id }) => this.#settle(id as RecordId, 'update', () => false)));
  };

  /** @param isKnown tells, while no flush is under way, whether there is nothing new */
  async #settle(id: RecordId, action: Action, isKnown: () => boolean): Promise<void> {
    const conflict = await this.#session.betweenFlushes(async () => {
      if (isKnown()) return undefined;
      return this.#take(id, await this.#session.points.read(id), action);
    });
    if (conflict === undefined) return;
    const theirs = conflict.fresh === undefined ? null : this.#plain(conflict.fresh);
    const { entity } = conflict.state;
    // Not in turn: the callback may flush.
    const resolution = await this.#onConflict?.(Object.freeze({ entity, theirs, action }));
    await this.#session.betweenFlushes(() => this.#resolve(conflict, resolution));
  }

  /** Takes the record over where nothing is lost by it. */
  async #take(id: RecordId, fresh: Row | undefined, action: Action): Promise<Conflict | undefined> {
    const { uow, finder, filters } = this.#session;
    const known = uow.get(id);
    if (known !== undefined && known.phase !== 'managed' && known.phase !== 'reference') return undefined;
    if (known?.phase === 'managed') {
      if (fresh !== undefined && sameRow(known.meta, known.row, fresh)) return undefined;
      if (!isClean(uow, known)) return { state: known, fresh };
    }
    if (fresh === undefined) forgetDeleted(this.#session, [id]);
    else if (known?.phase === 'managed') uow.adopt(this.#meta, fresh, undefined, true);
    else if (action !== 'delete') await finder.adoptRows(this.#meta, [fresh], filters);
    return undefined;
  }

  async #resolve({ state, fresh }: Conflict, resolution: LiveResolution): Promise<void> {
    if (state.phase !== 'managed' || state.id === undefined) return;
    if (resolution === 'theirs') {
      if (fresh === undefined) forgetDeleted(this.#session, [state.id]);
      else this.#session.uow.adopt(this.#meta, fresh, undefined, true);
    } else if (resolution === 'merge' && fresh !== undefined) await takeWritten(this.#session, this.#meta, fresh);
  }
}
