import { ValidationError } from '../errors/index.js';
import type { ChangeFeed, ChangesOptions } from '../live/changes/index.js';
import type { LiveList, LiveListOptions, LiveOptions, LiveStream } from '../live/index.js';
import type { EntityClass } from '../metadata/entity-metadata.js';
import type { SurqlFragment } from '../surrealql/surql.js';
import type { Fetch, Loaded, Where } from '../types/index.js';
import { EmSession } from './em-session.js';
import type { ForkOptions } from './fork-options.js';
import { forkSession } from './fork-session.js';
import { openChanges } from './open-changes.js';
import { openLive } from './open-live.js';
import { openLiveList } from './open-live-list.js';
import type { OrmCore } from './orm-core.js';
import { runRaw } from './raw-query.js';
import { Repository } from './repository.js';
import { runTransaction } from './run-transaction.js';
import type { TransactionOptions } from './transaction-options.js';
import { SerializingVerbs } from './verbs/serializing-verbs.js';

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
export class EntityManager extends SerializingVerbs {
  /** Ends the session over the connection that was made for this fork alone. */
  #end: (() => Promise<void>) | undefined;

  /** @internal Forks come from `em.fork()`, the first one from `orm.em`. */
  constructor(core: OrmCore, session?: EmSession) {
    super(core, session);
  }

  /**
   * A new, empty EntityManager: one for each request or job. The filters of this one hold in it too, and so do its place and
   * its user.
   *
   * ```ts
   * const em = orm.em.fork({ filters: { tenant: { id: 'acme' } } });
   * const own = orm.em.fork({ auth: { token } }); // as that user: PERMISSIONS hold
   * const acme = orm.em.fork({ namespace: 'acme' });
   * ```
   * @throws ValidationError for a filter that no entity has, and for what is no name
   * @throws AuthenticationError for an empty token; the first request throws it for one that the server refuses
   * @throws CapabilityError for `auth: 'anonymous'` on an embedded engine, which has no such user
   * @see https://surrealdb.com/docs/surrealql/statements/use
   */
  fork(options: ForkOptions = {}): EntityManager {
    const { session, end } = forkSession(this.core, this.currentSession, options, 'em.fork()');
    const fork = new EntityManager(this.core, session);
    fork.#end = end;
    return fork;
  }

  /**
   * Ends the session of a fork that was made with `auth`; of other EntityManagers nothing. One that is forgotten ends by itself
   * when it has not been used for half a minute, and that of `RequestContext.run` with the request.
   */
  async close(): Promise<void> {
    await this.#end?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Runs SurrealQL and answers one result a statement.
   *
   * ```ts
   * const [users] = await em.query<[User[]]>(surql`SELECT * FROM ${User} WHERE age > ${18}`);
   * ```
   */
  async query<R extends readonly unknown[] = unknown[]>(statement: SurqlFragment<unknown>): Promise<R> {
    return runRaw(this.current, statement) as unknown as Promise<R>;
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
  async live<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: LiveOptions<T, F>,
  ): Promise<LiveStream<Loaded<T, F>>> {
    const stream = await openLive(
      this.sessionOf(entity),
      this.core.registry.get(entity) as never,
      where,
      options as never,
    );
    return stream as unknown as LiveStream<Loaded<T, F>>;
  }

  /**
   * The records that match, in their order, kept as they are in the database: read once and changed with each live event, and
   * read again after a lost connection.
   *
   * ```ts
   * const list = await em.liveList(Task, { done: false }, { orderBy: { due: 'asc' }, limit: 20 });
   * for await (const change of list) console.log(change.action, list.items.length);
   * ```
   * @throws CapabilityError over http
   * @see https://surrealdb.com/docs/surrealql/statements/live
   */
  async liveList<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: LiveListOptions<T, F>,
  ): Promise<LiveList<Loaded<T, F>>> {
    const meta = this.core.registry.get(entity) as never;
    const list = await openLiveList(this.sessionOf(entity), meta, where, options as LiveListOptions);
    return list as unknown as LiveList<Loaded<T, F>>;
  }

  /**
   * What has changed in the tables of these entities, and what goes on changing, of `'*'` of all that have a changefeed; over http
   * too. Nothing is missed from one run to the next when `feed.cursor` is saved and given as `since`.
   *
   * ```ts
   * const feed = em.changes(Order, { since: await load() });
   * for await (const change of feed) {
   *   await handle(change);
   *   await save(feed.cursor);
   * }
   * ```
   * @throws ValidationError for an entity without `changefeed`, and for options that cannot be right
   * @see https://surrealdb.com/docs/surrealql/statements/show
   */
  changes<T extends object = object>(
    entity: EntityClass<T> | readonly EntityClass<T>[] | '*',
    options?: ChangesOptions,
  ): ChangeFeed<T> {
    return openChanges(
      this.sessionOf(typeof entity === 'string' ? undefined : ([entity].flat()[0] as EntityClass)),
      entity as EntityClass,
      options,
    ) as unknown as ChangeFeed<T>;
  }

  /** The same verbs for one entity class. */
  getRepository<T extends object>(entity: EntityClass<T>): Repository<T> {
    this.core.registry.get(entity);
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
    const parent = this.#whereToBegin();
    return runTransaction(
      {
        core: this.core,
        parent,
        contextKeys: [this.core, this.ownSession, parent].filter((key) => key !== undefined),
        makeEm: (session) => new EntityManager(this.core, session),
      },
      work,
      options,
    );
  }

  /** What `orm.using` says counts for transactions too. */
  #whereToBegin(): EmSession | undefined {
    const { currentSession, core } = this;
    const name = core.connections.isEmpty ? undefined : core.connections.nameFor(undefined);
    if (name === undefined) return currentSession;
    return (currentSession ?? new EmSession(core)).on(name);
  }

  /** Inside a transaction: what was read of this entity must still be so when it commits, though it is not written. */
  guard(entity: object): this {
    const session = this.session;
    if (session.transaction === undefined) {
      throw new ValidationError({
        what: 'em.guard() was called outside of a transaction',
        fix: 'call it on the tx of em.transaction(…)',
      });
    }
    session.transaction.guard(session.uow.require(entity, 'guard'));
    return this;
  }
}
