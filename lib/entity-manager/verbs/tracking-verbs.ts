import { stateOf } from '../../entity/stamp.js';
import type { EntityClass } from '../../metadata/entity-metadata.js';
import { keyToId, toId } from '../../query/index.js';
import { recordsOf, type ChangeRecord } from '../../subscribers/index.js';
import type { CreateData, IdInput, UpdateData, WholeOf } from '../../types/index.js';
import { isDeleted, keepDeleted, restoreDeleted } from '../../unit-of-work/soft-delete.js';
import type { RecordId, RecordKey } from '../../values/index.js';
import { notThere } from '../errors.js';
import { findWork } from '../../unit-of-work/prepare-flush.js';
import type { ChangeSet } from '../../unit-of-work/change-set.js';
import type { EmSession } from '../em-session.js';
import { overTwo } from '../named-connections.js';
import { savedGraph } from '../saved-graph.js';
import { SessionHolder } from './session-holder.js';

/** What goes through the unit of work: entities that are tracked, and the flush that writes their changes. */
export abstract class TrackingVerbs extends SessionHolder {
  /**
   * Makes a managed entity, inserted by the next flush. Its id is made at once, so that others can link to it.
   *
   * ```ts
   * const post = em.create(Post, { title: 'Hello', author: ann, tags: [{ name: 'intro' }] });
   * ```
   * @throws ValidationError for unknown fields, values of the wrong form and fields that the server produces
   * @see https://surrealdb.com/docs/surrealql/statements/create
   */
  create<T extends object>(
    entity: EntityClass<T>,
    data: CreateData<T>,
    options: { readonly persist?: boolean } = {},
  ): T {
    const { uow } = this.sessionOf(entity);
    return uow.create(this.core.registry.get(entity) as never, data as object, options.persist) as T;
  }

  /** Schedules an entity made with `new` (or with `persist: false`) for insertion by the next flush. */
  persist(entity: object): this {
    this.sessionWith(entity).uow.persist(entity);
    return this;
  }

  /**
   * Schedules a record for deletion by the next flush, and with it what it owns (`owns: true`), as far as that is known
   * here; for the rest the link says `onDelete: 'cascade'`. With `@SoftDelete` it stays, hidden from reads, unless
   * `hard: true` says otherwise.
   *
   * ```ts
   * em.remove(post);
   * em.remove(account, { hard: true });
   * await em.flush();
   * ```
   * @see https://surrealdb.com/docs/surrealql/statements/delete
   */
  remove(entity: object, { hard = false }: { readonly hard?: boolean } = {}): this {
    const { uow } = this.sessionWith(entity);
    const state = uow.require(entity, 'remove');
    if (!hard && isDeleted(state)) keepDeleted(uow, state);
    else uow.remove(entity, hard);
    return this;
  }

  /**
   * Brings back a record that was deleted softly, and what it owns that was deleted with it; written by the next flush. One
   * that is only scheduled to go stays.
   *
   * ```ts
   * const user = await em.findOneOrFail(User, 'ann', { filters: { softDelete: false } });
   * em.restore(user);
   * await em.flush();
   * ```
   * @throws ValidationError for an entity whose class has no `@SoftDelete`; the flush throws UniqueConstraintError where a
   * live record has a unique value by now
   * @see https://surrealdb.com/docs/surrealql/statements/update
   */
  restore(entity: object): this {
    restoreDeleted(this.sessionWith(entity).uow, entity);
    return this;
  }

  /**
   * Writes all pending changes as one atomic request. Without changes nothing is sent.
   *
   * @throws ValidationError, UniqueConstraintError, OptimisticLockError, EntityNotFoundError, QueryError; then nothing was
   * written, memory is as before, and the changes are still pending
   * @see https://surrealdb.com/docs/surrealql/statements/begin
   */
  async flush(): Promise<void> {
    return this.#dirty().flush();
  }

  /**
   * What the next flush would write, in commit order; nothing is sent.
   *
   * ```ts
   * for (const { action, id, changes } of em.changeSets()) console.log(action, String(id), Object.keys(changes));
   * ```
   * @throws ValidationError for what the flush itself could not make sense of, such as a new entity that nobody persisted
   */
  changeSets(): readonly ChangeRecord[] {
    return Object.freeze(this.session.all.flatMap((session) => recordsOf(pendingIn(session))));
  }

  /** Flushes just these entities and what they own; everything else stays pending. */
  async save<E extends object | readonly object[]>(entities: E): Promise<E> {
    const list = (Array.isArray(entities) ? entities : [entities]) as readonly object[];
    const sessions = new Set(list.map((entity) => this.sessionWith(entity)));
    if (sessions.size > 1)
      throw overTwo(
        'em.save()',
        [...sessions].map(({ name }) => name),
      );
    const [session = this.session] = sessions;
    for (const entity of list) if (!session.uow.contains(entity)) session.uow.persist(entity);
    await session.flush(() => savedGraph(session.uow, list));
    return entities;
  }

  /** Takes changes onto a managed entity, of fields that were not read too; keys with `undefined` are skipped. */
  assign<T extends object>(entity: T, data: UpdateData<WholeOf<T>>): T {
    this.sessionWith(entity).uow.assign(entity, data as object);
    return entity;
  }

  /** Reads the record again and overwrites what the entity holds, pending changes included. */
  async refresh<T extends object>(entity: T): Promise<T> {
    const session = this.sessionWith(entity);
    const state = session.uow.require(entity, 'refresh');
    const found = state.id === undefined ? null : await session.finder.reread(state.meta, state.id);
    if (found === null) throw notThere(state.meta.className, state.id, state.row === undefined);
    return entity;
  }

  /**
   * Forgets every entity; nothing of theirs is written any more.
   *
   * @throws ValidationError before a flush that was asked for has begun, and in a deferred transaction after `tx.flush()`:
   * what they are to write would be lost
   */
  clear(): void {
    for (const session of this.session.all) session.clear();
  }

  /**
   * Attaches an entity that is detached, or tracked by another EntityManager; its changes stay changes.
   *
   * ```ts
   * await em.transaction(async (tx) => { tx.merge(account).balance -= 10; });
   * ```
   */
  merge<T extends object>(entity: T): T {
    const session = this.sessionWith(entity);
    const state = stateOf(entity);
    if (state !== undefined) session.transaction?.journal.remember(state);
    return session.uow.merge(entity) as T;
  }

  /** An entity of which only the id is known; nothing is sent. */
  getReference<T extends object>(entity: EntityClass<T>, id: IdInput<T> | RecordId): T {
    const meta = this.core.registry.get(entity);
    const session = this.sessionOf(entity);
    return session.uow.reference(meta as never, toId(meta as never, id, session.finder.context)) as T;
  }

  /** The record id of a key taken as it is: text is the key itself, whatever stands before a colon. */
  id<T extends object>(entity: EntityClass<T>, key: RecordKey): RecordId {
    return keyToId(this.core.registry.get(entity) as never, key);
  }

  /** Whether this EntityManager tracks the entity. */
  contains(entity: object): boolean {
    return this.sessionWith(entity).uow.contains(entity);
  }

  /** The one session that has something to write. @throws ValidationError for several */
  #dirty(): EmSession {
    const { session } = this;
    const { all } = session;
    if (all.length === 1) return session;
    const dirty = all.filter((each) => pendingIn(each).length > 0);
    if (dirty.length > 1)
      throw overTwo(
        'The flush',
        dirty.map(({ name }) => name),
      );
    return dirty[0] ?? session;
  }
}

function pendingIn({ uow }: EmSession): readonly ChangeSet[] {
  try {
    return findWork(uow, { guards: 'none' }).changeSets;
  } finally {
    uow.orphans.undo();
  }
}
