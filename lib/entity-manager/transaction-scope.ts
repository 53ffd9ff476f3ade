import type { DriverTransaction } from '../driver/driver.js';
import type { EntityShapes } from '../entity/entity-shape.js';
import type { EntityState } from '../entity/entity-state.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { ChangeSet } from '../unit-of-work/change-set.js';
import { runFlush } from '../unit-of-work/flush-runner.js';
import { RollbackJournal } from '../unit-of-work/journal.js';
import { findAllWork } from '../unit-of-work/prepare-flush.js';
import { validateWork } from '../unit-of-work/validate-work.js';
import type { RecordId } from '../values/index.js';
import { queuedStatements, writesTable, type DirectWrite } from './direct/direct-write.js';
import { explainDirect } from './direct/explain-direct.js';
import type { EmSession } from './em-session.js';
import type { FlushHooks } from '../unit-of-work/flush-hooks.js';
import type { Savepoint } from './savepoint.js';
import { eventsOf } from './session-events.js';
import { clearedTooEarly, notAwaited, queriedTooLate, rollbackOnly } from './transaction-errors.js';

/** One run of a transaction block: what it has queued, written and relies on. */
export class TransactionScope {
  /** The nested block's own while one is running. */
  journal: RollbackJournal;
  /** Where the nested block that is running began. */
  savepoint: Savepoint | undefined;
  /** The block has ended: its EntityManager is good for nothing any more. */
  isOver = false;
  readonly interactive: DriverTransaction | undefined;
  readonly #guardReads: boolean;
  readonly #guarded = new Set<EntityState>();
  /** Tables that `flush()` has writes for. */
  readonly #flushed = new Set<string>();
  /** Tables whose new rows direct writes have left to the unit of work, which sends them after all other direct writes. */
  readonly #made = new Set<string>();
  /** Direct writes that leave with the commit, or with the end of a nested block. */
  readonly #direct: DirectWrite[] = [];
  #hasWrittenDirectly = false;
  readonly #named: RecordId[] = [];
  readonly #whenCommitted: (() => Promise<void>)[] = [];
  #written: ChangeSet[] = [];
  #failure: { readonly error: unknown } | undefined;
  /** What a flush that failed was to write. */
  #failed: readonly ChangeSet[] = [];
  /** One for all flushes of the block: their failures are told together. */
  #events: FlushHooks | undefined;

  constructor(shapes: EntityShapes, interactive: DriverTransaction | undefined, guardReads: boolean) {
    this.journal = new RollbackJournal(shapes);
    this.interactive = interactive;
    this.#guardReads = guardReads;
  }

  /**
   * Writes wait in memory: in a deferred transaction all of them, in an interactive one those of a nested block, which can be
   * undone only as long as the server has not seen them.
   */
  get isQueueing(): boolean {
    return this.interactive === undefined || this.savepoint !== undefined;
  }

  /** All that the transaction has written. */
  get written(): readonly ChangeSet[] {
    return this.#written;
  }

  /** A block that joined has failed: what it did cannot be told from the rest, so nothing may be kept. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  wrote(sets: readonly ChangeSet[]): void {
    this.#written.push(...sets);
  }

  guard(state: EntityState): void {
    this.#guarded.add(state);
  }

  /** A direct write has been sent. */
  wroteDirectly(): void {
    this.#hasWrittenDirectly = true;
  }

  /** A direct write that waits: it goes before what the unit of work writes. */
  queueWrite(write: DirectWrite): void {
    this.#direct.push(write);
  }

  /** A direct write has left new rows to the unit of work. */
  madeRows({ table }: EntityMetadata): void {
    this.#made.add(table);
  }

  /** Records that a direct write names: whoever holds copies of them has to read them again. */
  name(ids: readonly RecordId[]): void {
    this.#named.push(...ids);
  }

  get named(): readonly RecordId[] {
    return this.#named;
  }

  /** Whether direct writes are queued. */
  get hasDirect(): boolean {
    return this.#direct.length > 0;
  }

  /** Whether a direct write that is queued writes this table. */
  hasQueued(meta: EntityMetadata): boolean {
    return this.#direct.some((write) => writesTable(write, meta));
  }

  /** Remembers what is queued by now; what is queued later goes when the answered function is called. */
  markQueue(): () => void {
    const lists = [this.#direct, this.#named, this.#whenCommitted].map((list) => ({ list, length: list.length }));
    const tables = [this.#flushed, this.#made].map((set) => ({ set, held: [...set] }));
    const guarded = [...this.#guarded];
    const failure = this.#failure;
    return () => {
      for (const { list, length } of lists) list.length = length;
      for (const { set, held } of tables) restoreSet(set, held);
      restoreSet(this.#guarded, guarded);
      this.#failure = failure;
    };
  }

  whenCommitted(listener: () => Promise<void>): void {
    this.#whenCommitted.push(listener);
  }

  /** `flush()` of a deferred block sends nothing yet: it checks, and remembers which tables a query would now read wrongly. */
  async queue(session: EmSession): Promise<void> {
    const { uow } = session;
    const { changeSets, unrelates } = await findAllWork(uow, { guards: 'changed' });
    try {
      await validateWork(uow, changeSets);
    } finally {
      uow.orphans.undo();
    }
    for (const { meta } of changeSets) this.#flushed.add(meta.table);
    for (const { property } of unrelates) this.#flushed.add(property.edge().table);
  }

  /** What `flush()` has queued leaves with the commit; forgotten before, it would be lost without a word. */
  refuseClear(): void {
    if (this.isQueueing && this.#flushed.size > 0) throw clearedTooEarly(this.interactive !== undefined);
  }

  /** A query would see neither what `flush()` nor what a direct write has queued. */
  refuseQueued(meta: EntityMetadata): void {
    if (this.hasQueued(meta)) throw queriedTooLate(meta, this.interactive !== undefined);
    this.refuseUnsent(meta);
  }

  /** A set-based write, too, would miss rows that are sent after it. */
  refuseUnsent(meta: EntityMetadata): void {
    if (this.#made.has(meta.table)) throw queriedTooLate(meta, this.interactive !== undefined);
    this.refuseFlushed(meta);
  }

  /** A direct write sees those before it, but not what `flush()` has queued: that is sent after it. */
  refuseFlushed(meta: EntityMetadata): void {
    if (this.#flushed.has(meta.table)) throw queriedTooLate(meta, this.interactive !== undefined);
  }

  /** The outcome of a flush is that of the block: what waits for it is called when the block has ended. */
  hooks(session: EmSession): FlushHooks | undefined {
    this.#events ??= eventsOf(session);
    const events = this.#events;
    if (events === undefined) return undefined;
    const isInteractive = this.interactive !== undefined;
    return {
      beforeFlush: () => events.beforeFlush(),
      onFlush: (changes) => events.onFlush(changes),
      before: (changes) => events.before(changes),
      beforeCommit: isInteractive ? later : (changes) => events.beforeCommit(changes),
      around: (changes, request) => events.around(changes, request),
      committed: later,
      rolledBack: (_error, changes) => {
        this.#failed = changes;
        return later();
      },
      nothingToDo: isInteractive ? later : () => events.nothingToDo(),
    };
  }

  /** Makes the block's writes permanent; what it throws means that nothing was kept (or, an answer lost, that this is unknown). */
  async commit(session: EmSession): Promise<void> {
    if (this.#failure !== undefined) throw rollbackOnly(this.#failure.error);
    if (this.savepoint !== undefined) throw notAwaited();
    if (this.interactive === undefined) return this.#commitDeferred(session);
    // What a failed flush left pending would fail again, and hide why.
    if (!this.interactive.isRollbackOnly) await session.flush();
    if (this.#written.length > 0) await session.alone(async () => this.#events?.beforeCommit(this.#written));
    await this.interactive.commit();
  }

  /** @throws AfterCommitError for hooks that failed; the writes stay. */
  async committed(session: EmSession): Promise<void> {
    const hasWritten = this.#written.length > 0 || this.hasDirect || this.#hasWrittenDirectly;
    await session.alone(async () => {
      for (const listener of this.#whenCommitted) await listener();
      if (hasWritten) await this.#events?.committed(this.#written);
    });
  }

  /** Undoes an interactive transaction; never fails, so that nothing hides why the block did. */
  async cancel(): Promise<void> {
    await this.interactive?.cancel().catch(() => undefined);
  }

  /** Tells whoever listens that all of it has been undone. */
  async rolledBack(session: EmSession, error: unknown): Promise<void> {
    const events = this.#events === undefined ? eventsOf(session) : this.#events;
    await session.alone(async () => events?.rolledBack(error, [...this.#written, ...this.#failed]));
  }

  /** Sends everything that a deferred block has queued, guarded by what it read. */
  async #commitDeferred(session: EmSession): Promise<void> {
    const guarded = () => (this.#guardReads ? session.uow.states() : this.#guarded);
    const { connection: driver } = session;
    const judged = driver.isJudged === true;
    const { journal } = this;
    const direct = this.#direct.map(({ meta }) => meta);
    const { tables } = session;
    const first = [...tables.before(direct), ...this.#direct.flatMap(queuedStatements)];
    const { printing } = session.core;
    const hooks = session.hooks();
    const options = {
      driver,
      tables,
      judged,
      framed: true,
      guards: 'changed',
      hooks,
      guarded,
      journal,
      first,
      printing,
    } as const;
    try {
      this.wrote(await session.alone(() => runFlush(session.uow, options)));
      tables.saw(direct);
    } catch (error) {
      throw explainDirect(error, this.#direct);
    }
  }

  /** The outermost nested block of an interactive transaction has ended well: what it asked to be written is sent. */
  async sendQueued(session: EmSession): Promise<void> {
    const { interactive, journal } = this;
    if (interactive === undefined || this.#flushed.size + this.#made.size + this.#direct.length === 0) return;
    const direct = this.#direct.map(({ meta }) => meta);
    const { tables } = session;
    const first = [...tables.before(direct), ...this.#direct.flatMap(queuedStatements)];
    const { printing } = session.core;
    const hooks = session.hooks();
    const options = {
      driver: interactive,
      tables,
      framed: false,
      guards: 'none',
      hooks,
      journal,
      first,
      printing,
    } as const;
    try {
      this.wrote(await session.inTurn(() => runFlush(session.uow, options)));
      tables.saw(direct);
    } catch (error) {
      throw explainDirect(error, this.#direct);
    }
    if (first.length > 0) this.wroteDirectly();
    this.#direct.length = 0;
    this.#flushed.clear();
    this.#made.clear();
  }
}

function restoreSet<T>(set: Set<T>, members: readonly T[]): void {
  set.clear();
  for (const member of members) set.add(member);
}

const later = (): Promise<void> => Promise.resolve();
