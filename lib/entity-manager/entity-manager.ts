import { stateOf } from '../entity/stamp.js';
import { EntityNotFoundError, ValidationError } from '../errors/index.js';
import type { EntityClass } from '../metadata/entity-metadata.js';
import type { SurqlFragment } from '../surrealql/surql.js';
import type { CreateData, Fetch, FindOptions, IdInput, Loaded, UpdateData, Where } from '../types/index.js';
import { keyToId, toId } from '../query/index.js';
import type { RecordId, RecordKey } from '../values/index.js';
import { cascadeRemove } from '../unit-of-work/cascade.js';
import { contextValue } from './async-context.js';
import { insertRows, type BulkResult, type InsertOptions } from './bulk-insert.js';
import { EmSession } from './em-session.js';
import { noContext, transactionOver } from './errors.js';
import { GraphTraversal } from './graph-traversal.js';
import { openLive, type LiveOptions } from './open-live.js';
import type { LiveStream } from '../live/live-stream.js';
import type { OrmCore } from './orm-core.js';
import { runRaw } from './raw-query.js';
import { Repository } from './repository.js';
import { runTransaction } from './run-transaction.js';
import { savedGraph } from './saved-graph.js';
import type { TransactionOptions } from './transaction-options.js';

/**
 * Reads, tracks and writes entities. Changes are found by comparing with the rows that were read, and leave together as one
 * atomic request when `flush()` is called.
 *
 * ```ts
 * const em = orm.em.fork();
 * const ann = em.create(User, { name: 'Ann', age: 42 });
 * await em.flush();
 * ann.age = 43;
 * await em.flush();
 * ```
 */
export class EntityManager {
  readonly #core: OrmCore;
  /** The one behind `orm.em` has none: it finds the request's or the transaction's. */
  readonly #own: EmSession | undefined;
  #global: EmSession | undefined;

  /** @internal Forks come from `em.fork()`, the first one from `orm.em`. */
  constructor(core: OrmCore, session?: EmSession) {
    this.#core = core;
    this.#own = session;
    if (session !== undefined) session.em = this;
  }

  /**
   * A new, empty EntityManager: one for each request or job.
   *
   * ```ts
   * const em = orm.em.fork();
   * ```
   */
  fork(): EntityManager {
    return new EntityManager(this.#core, new EmSession(this.#core));
  }

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
    const { uow } = this.#session();
    return uow.create(this.#core.registry.get(entity) as never, data as object, options.persist) as T;
  }

  /** Schedules an entity made with `new` (or with `persist: false`) for insertion by the next flush. */
  persist(entity: object): this {
    this.#session().uow.persist(entity);
    return this;
  }

  /**
   * Schedules a record for deletion by the next flush.
   *
   * ```ts
   * em.remove(post);
   * await em.flush();
   * ```
   */
  remove(entity: object): this {
    const { uow } = this.#session();
    const state = uow.require(entity, 'remove');
    uow.remove(entity);
    cascadeRemove(uow, state);
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
    return this.#session().flush();
  }

  /** Flushes just these entities and what they own; everything else stays pending. */
  async save<E extends object | readonly object[]>(entities: E): Promise<E> {
    const session = this.#session();
    const list = (Array.isArray(entities) ? entities : [entities]) as readonly object[];
    for (const entity of list) if (!session.uow.contains(entity)) session.uow.persist(entity);
    await session.flush(() => savedGraph(session.uow, list));
    return entities;
  }

  /** Takes changes onto a managed entity; keys with `undefined` are skipped. */
  assign<T extends object>(entity: T, data: UpdateData<T>): T {
    this.#session().uow.assign(entity, data as object);
    return entity;
  }

  /** Reads the record again and overwrites what the entity holds, pending changes included. */
  async refresh<T extends object>(entity: T): Promise<T> {
    const session = this.#session();
    const state = session.uow.require(entity, 'refresh');
    const found = state.id === undefined ? null : await session.finder.reread(state.meta, state.id);
    if (found === null) throw EntityManager.#missing(state.meta.className, state.id);
    return entity;
  }

  /** Forgets every entity; nothing of theirs is written any more. */
  clear(): void {
    this.#session().uow.clear();
  }

  /**
   * Attaches an entity that is detached, or tracked by another EntityManager; its changes stay changes.
   *
   * ```ts
   * await em.transaction(async (tx) => { tx.merge(account).balance -= 10; });
   * ```
   */
  merge<T extends object>(entity: T): T {
    const session = this.#session();
    const state = stateOf(entity);
    if (state !== undefined) session.transaction?.journal.remember(state);
    return session.uow.merge(entity) as T;
  }

  /** An entity of which only the id is known; nothing is sent. */
  getReference<T extends object>(entity: EntityClass<T>, id: IdInput<T> | RecordId): T {
    const meta = this.#core.registry.get(entity);
    const session = this.#session();
    return session.uow.reference(meta as never, toId(meta as never, id, session.finder.context)) as T;
  }

  /** The record id of a key taken as it is: text is the key itself, whatever stands before a colon. */
  id<T extends object>(entity: EntityClass<T>, key: RecordKey): RecordId {
    return keyToId(this.#core.registry.get(entity) as never, key);
  }

  /** Whether this EntityManager tracks the entity. */
  contains(entity: object): boolean {
    return this.#session().uow.contains(entity);
  }

  /**
   * All records that match.
   *
   * ```ts
   * const posts = await em.find(Post, { author: { name: 'Ann' } }, { fetch: { author: true }, orderBy: { at: 'desc' }, limit: 20 });
   * ```
   * @see https://surrealdb.com/docs/surrealql/statements/select
   */
  async find<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: FindOptions<T, F>,
  ): Promise<Loaded<T, F>[]> {
    return this.#session().finder.find(this.#core.registry.get(entity) as never, where, options) as Promise<
      Loaded<T, F>[]
    >;
  }

  /** The first record that matches, or null. By the id of a managed entity nothing is sent. */
  async findOne<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where: Where<T>,
    options?: FindOptions<T, F>,
  ): Promise<Loaded<T, F> | null> {
    return this.#session().finder.findOne(this.#core.registry.get(entity) as never, where, options) as Promise<Loaded<
      T,
      F
    > | null>;
  }

  /** The first record that matches. @throws EntityNotFoundError when there is none */
  async findOneOrFail<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where: Where<T>,
    options?: FindOptions<T, F>,
  ): Promise<Loaded<T, F>> {
    const found = await this.findOne(entity, where, options);
    if (found !== null) return found;
    throw EntityManager.#missing(this.#core.registry.get(entity).className, where);
  }

  /** The records of these ids, in their order; `null` where there is none. */
  async findByIds<T extends object>(
    entity: EntityClass<T>,
    ids: readonly (IdInput<T> | RecordId)[],
  ): Promise<(T | null)[]> {
    const meta = this.#core.registry.get(entity) as never;
    const { finder } = this.#session();
    return finder.findByIds(
      meta,
      ids.map((id) => toId(meta, id, finder.context)),
    ) as Promise<(T | null)[]>;
  }

  /** The records of one page, and how many match in all. */
  async findAndCount<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: FindOptions<T, F>,
  ): Promise<[Loaded<T, F>[], number]> {
    return Promise.all([this.find(entity, where, options), this.count(entity, where)]);
  }

  /** How many records match. */
  async count<T extends object>(entity: EntityClass<T>, where?: Where<T>): Promise<number> {
    return this.#session().finder.count(this.#core.registry.get(entity) as never, where);
  }

  /** Whether a record matches. */
  async exists<T extends object>(entity: EntityClass<T>, where?: Where<T>): Promise<boolean> {
    return this.#session().finder.exists(this.#core.registry.get(entity) as never, where);
  }

  /**
   * Writes rows at once, past the unit of work, in chunks.
   *
   * ```ts
   * await em.insert(Airport, rows, { chunk: 500, onProgress: ({ done, total }) => bar.update(done / total) });
   * ```
   */
  async insert<T extends object>(
    entity: EntityClass<T>,
    rows: CreateData<T> | readonly CreateData<T>[],
    options: InsertOptions = {},
  ): Promise<BulkResult> {
    const list = (Array.isArray(rows) ? rows : [rows]) as readonly object[];
    return insertRows(this.#session(), this.#core.registry.get(entity) as never, list, options);
  }

  /**
   * Runs SurrealQL and answers one result a statement.
   *
   * ```ts
   * const [users] = await em.query<[User[]]>(surql`SELECT * FROM ${User} WHERE age > ${18}`);
   * ```
   */
  async query<R extends readonly unknown[] = unknown[]>(statement: SurqlFragment): Promise<R> {
    return runRaw(this.#session(), statement) as unknown as Promise<R>;
  }

  /**
   * Walks the graph.
   *
   * ```ts
   * const reachable = await em.traverse(abe).out(Route).to(Airport).out(Route).to(Airport).list();
   * ```
   * @see https://surrealdb.com/docs/surrealql/datamodel/idioms#graph-traversal
   */
  traverse<T extends object>(start: T | RecordId): GraphTraversal<T> {
    return GraphTraversal.from<T>(this.#session(), start);
  }

  /**
   * Subscribes to changes of the records that match; registered before this resolves.
   *
   * ```ts
   * for await (const event of await em.live(User, { active: true })) console.log(event.action, event.entity.name);
   * ```
   * @throws CapabilityError over http
   * @see https://surrealdb.com/docs/surrealql/statements/live
   */
  async live<T extends object>(
    entity: EntityClass<T>,
    where?: Where<T>,
    options: LiveOptions = {},
  ): Promise<LiveStream<T>> {
    return openLive(this.#core, this.#core.registry.get(entity) as never, where, options, this) as unknown as Promise<
      LiveStream<T>
    >;
  }

  /** The same verbs for one entity class. */
  getRepository<T extends object>(entity: EntityClass<T>): Repository<T> {
    this.#core.registry.get(entity);
    return new Repository(this, entity);
  }

  /**
   * Runs a block as one transaction. `tx` starts empty; returning commits, throwing rolls back. On a write conflict the
   * block runs again with a fresh `tx`, so side effects belong in `afterCommit`.
   *
   * ```ts
   * await em.transaction(async (tx) => {
   *   const from = await tx.findOneOrFail(Account, 'a');
   *   const to = await tx.findOneOrFail(Account, 'b');
   *   from.balance -= 10;
   *   to.balance += 10;
   * });
   * ```
   * @throws TransactionConflictError when every run met another writer
   */
  async transaction<R>(work: (tx: EntityManager) => Promise<R>, options: TransactionOptions = {}): Promise<R> {
    const parent = this.#find();
    return runTransaction(
      {
        core: this.#core,
        parent,
        contextKeys: [this.#core, this.#own, parent].filter((key) => key !== undefined),
        makeEm: (session) => new EntityManager(this.#core, session),
      },
      work,
      options,
    );
  }

  /** Inside a transaction: what was read of this entity must still be so when it commits, though it is not written. */
  guard(entity: object): this {
    const session = this.#session();
    if (session.transaction === undefined) {
      throw new ValidationError({
        what: 'em.guard() was called outside of a transaction',
        fix: 'call it on the tx of em.transaction(…)',
      });
    }
    session.transaction.guard(session.uow.require(entity, 'guard'));
    return this;
  }

  /** @internal */
  get session(): EmSession {
    return this.#session();
  }

  #session(): EmSession {
    const session = this.#find();
    if (session?.transaction?.isOver === true) throw transactionOver();
    if (session !== undefined) return session;
    if (!this.#core.allowGlobalContext) throw noContext();
    this.#global ??= new EmSession(this.#core);
    this.#global.em = this;
    return this.#global;
  }

  /** Inside a transaction block the EntityManager that started it, and `orm.em`, are the block's. */
  #find(): EmSession | undefined {
    const standIn = contextValue(this.#own === undefined ? this.#core : this.#own) as EmSession | undefined;
    return standIn === undefined ? this.#own : standIn;
  }

  static #missing(className: string, id: unknown): EntityNotFoundError {
    const text = typeof id === 'object' && id !== null && !('table' in id) ? JSON.stringify(id) : String(id);
    return new EntityNotFoundError({
      what: `No ${className} matches ${text}`,
      entity: className,
      id,
      fix: 'use findOne for a result that may be missing',
    });
  }
}
