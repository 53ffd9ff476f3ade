import type { Driver, DriverTransaction } from '../driver/driver.js';
import type { EntityState } from '../entity/entity-state.js';
import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { FilterScope } from '../query/index.js';
import type { FlushHooks } from '../unit-of-work/flush-hooks.js';
import { runFlush } from '../unit-of-work/flush-runner.js';
import type { TableChecks } from '../unit-of-work/table-checks.js';
import { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import { WeakIdentityMap } from '../unit-of-work/weak-identity-map.js';
import { contextValue, runWithContext } from './async-context.js';
import { EntityFinder } from './entity-finder.js';
import { eventsOf } from './session-events.js';
import type { OrmCore } from './orm-core.js';
import { DEFAULT, overTwo } from './named-connections.js';
import { PointReader } from './point-reader.js';
import { SessionRelations } from './session-relations.js';
import { StatementBatch } from './statement-batch.js';
import type { TransactionScope } from './transaction-scope.js';

/** What tells one session from another. */
export interface SessionParts {
  readonly transaction?: TransactionScope | undefined;
  readonly filters?: FilterScope | undefined;
  /** Holds clean entities between flushes only. */
  readonly weak?: boolean | undefined;
  /** Where its statements go; the ORM's connection unless given. */
  readonly connection?: Driver | undefined;
  /** What that connection is called; `default` unless given. */
  readonly name?: string | undefined;
  /** The sessions of one EntityManager on other connections. */
  readonly siblings?: Map<string, EmSession> | undefined;
}

/** The working parts behind one EntityManager: its unit of work, its readers and its place in a transaction. */
export class EmSession {
  readonly core: OrmCore;
  readonly uow: UnitOfWork;
  readonly batch: StatementBatch;
  readonly points: PointReader;
  readonly finder: EntityFinder;
  readonly transaction: TransactionScope | undefined;
  /** What its reads leave out. */
  readonly filters: FilterScope;
  /** The connection, or the session over it, that its statements and transactions go to. */
  readonly connection: Driver;
  /** The façade handed to hooks and users. */
  em: object | undefined;
  /** What its connection is called. */
  readonly name: string;
  readonly #parts: SessionParts;
  #siblings: Map<string, EmSession> | undefined;
  /** How often a verb has worked on it. */
  calls = 0;
  #lastFlush: Promise<unknown> = Promise.resolve();
  /** Flushes that were asked for and have not begun to write. */
  readonly #asked = new Set<object>();

  constructor(core: OrmCore, parts: SessionParts = {}) {
    const { transaction, filters, weak, connection, name, siblings } = parts;
    this.core = core;
    this.#parts = parts;
    this.#siblings = siblings;
    this.name = name ?? DEFAULT;
    this.transaction = transaction;
    this.filters = filters ?? core.filters;
    this.connection = connection ?? core.driver;
    const inits = core.dispatcher.has('onInit') ? this.#announceInit.bind(this) : undefined;
    this.uow = new UnitOfWork(
      core,
      new SessionRelations(this),
      inits,
      weak === true ? new WeakIdentityMap() : undefined,
    );
    this.batch = new StatementBatch(this);
    this.points = new PointReader(this);
    this.finder = new EntityFinder(this);
  }

  /** An empty session with the same filters and connection. */
  derive(parts: Pick<SessionParts, 'transaction'> = {}): EmSession {
    const { core, filters, connection, name } = this;
    return new EmSession(core, { filters, connection, name, ...parts });
  }

  /**
   * The same EntityManager on another connection, with a unit of work of its own.
   *
   * @throws ValidationError inside a transaction, and for a name that there is not
   */
  on(name: string): EmSession {
    if (name === this.name) return this;
    if (this.transaction !== undefined) throw overTwo('The transaction', [this.name, name]);
    const siblings = (this.#siblings ??= new Map([[this.name, this]]));
    const known = siblings.get(name);
    if (known !== undefined) return known;
    const { core, filters } = this;
    const connection = name === DEFAULT ? core.driver : core.connections.get(name);
    const made = new EmSession(core, { filters, connection, name, siblings, weak: this.#parts.weak });
    made.em = this.em;
    siblings.set(name, made);
    return made;
  }

  /** This session and those on other connections. */
  get all(): readonly EmSession[] {
    return this.#siblings === undefined ? [this] : [...this.#siblings.values()];
  }

  /** The transaction that this session belongs to, where writes wait for the end of the block. */
  get deferred(): TransactionScope | undefined {
    return this.transaction?.isQueueing === true ? this.transaction : undefined;
  }

  get tables(): TableChecks {
    return this.core.tables.on(this.connection);
  }

  /** Where statements go: the connection, or the interactive transaction that is open on it. */
  get driver(): Pick<Driver | DriverTransaction, 'execute'> {
    return this.transaction?.interactive ?? this.connection;
  }

  /** Flushes queue: services that share an EntityManager lose nothing to each other. */
  flush(only?: () => ReadonlySet<EntityState>): Promise<void> {
    if ((contextValue(this.uow) as FlushInProgress | undefined)?.active === true) return Promise.reject(flushInHook());
    const flush = {};
    this.#asked.add(flush);
    const taken = () => void this.#asked.delete(flush);
    return this.core.pending.track(this.inTurn(() => this.#flushNow(only, taken)).finally(taken));
  }

  /**
   * Forgets every entity.
   *
   * @throws ValidationError while a flush that was asked for has yet to see what it is to write
   */
  clear(): void {
    if (this.#asked.size > 0) throw clearedTooEarly();
    this.transaction?.refuseClear();
    this.uow.clear();
  }

  /** Runs work that flushes when the flushes before it have ended. */
  inTurn<R>(work: () => Promise<R>): Promise<R> {
    const next = this.#lastFlush.then(() => this.alone(work));
    this.#lastFlush = next.catch(() => undefined);
    return next;
  }

  /** Runs when no flush is under way, and holds the next one back until it is done. It must not flush itself. */
  betweenFlushes<R>(work: () => R | Promise<R>): Promise<R> {
    const turn = this.#lastFlush.then(work);
    this.#lastFlush = turn.catch(() => undefined);
    return turn;
  }

  /** Runs a flush so that one called by its hooks is recognised: it would wait for itself. */
  async alone<R>(work: () => Promise<R>): Promise<R> {
    const progress: FlushInProgress = { active: true };
    try {
      return await runWithContext([[this.uow, progress]], work);
    } finally {
      progress.active = false;
    }
  }

  /** The hooks of a flush; undefined when nobody listens. */
  hooks(): FlushHooks | undefined {
    return this.transaction?.hooks(this) ?? eventsOf(this);
  }

  /** A query of a table with queued writes would not see them. */
  refuseQueued(meta: EntityMetadata): void {
    this.transaction?.refuseQueued(meta);
  }

  /** Rows written past the unit of work pass through a session without a façade: nobody is told of their instances. */
  #announceInit(metadata: EntityMetadata, entity: object): void {
    if (this.em !== undefined) this.core.dispatcher.emitSync('onInit', metadata, { em: this.em, entity, metadata });
  }

  async #flushNow(only: (() => ReadonlySet<EntityState>) | undefined, taken: () => void): Promise<void> {
    const { transaction } = this;
    if (transaction?.isQueueing === true) return transaction.queue(this);
    const written = await runFlush(this.uow, {
      driver: this.driver,
      tables: this.tables,
      judged: this.connection.isJudged === true,
      framed: transaction === undefined,
      guards: 'none',
      hooks: this.hooks(),
      only,
      taken,
      journal: transaction?.journal,
    });
    transaction?.wrote(written);
    this.uow.letGoOfClean();
  }
}

/** Outlives the flush in whatever a hook left running, hence a flag and not mere presence. */
interface FlushInProgress {
  active: boolean;
}

function clearedTooEarly(): ValidationError {
  return new ValidationError({
    what: 'em.clear() was called before a flush that was asked for had begun',
    why: 'what it is to write would be lost without a word',
    fix: 'await em.flush() first',
  });
}

function flushInHook(): ValidationError {
  return new ValidationError({
    what: 'em.flush() was called inside a hook of a flush',
    why: 'it would wait for itself',
    fix: [
      'change or persist entities in the hook: before* changes are part of this flush',
      'write with an EntityManager of its own: em.fork()',
    ],
  });
}
