import type { DriverTransaction } from '../driver/driver.js';
import type { EntityState } from '../entity/entity-state.js';
import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { ChangeSet } from '../unit-of-work/change-set.js';
import { runFlush } from '../unit-of-work/flush-runner.js';
import { cascadePersist } from '../unit-of-work/cascade.js';
import { computeWork } from '../unit-of-work/compute-work.js';
import { RollbackJournal } from '../unit-of-work/journal.js';
import { validateWork } from '../unit-of-work/validate-work.js';
import type { EmSession } from './em-session.js';
import type { FlushHooks } from '../unit-of-work/flush-hooks.js';
import { eventsOf } from './session-events.js';

/** One run of a transaction block: what it has queued, written and relies on. */
export class TransactionScope {
  readonly journal = new RollbackJournal();
  readonly interactive: DriverTransaction | undefined;
  readonly #guardReads: boolean;
  readonly #guarded = new Set<EntityState>();
  readonly #queuedTables = new Set<string>();
  #written: ChangeSet[] = [];
  /** One for all flushes of the block: after-hooks wait until the transaction has ended. */
  #events: FlushHooks | undefined;

  constructor(interactive: DriverTransaction | undefined, guardReads: boolean) {
    this.interactive = interactive;
    this.#guardReads = guardReads;
  }

  /** All that the transaction has written. */
  get written(): readonly ChangeSet[] {
    return this.#written;
  }

  wrote(sets: readonly ChangeSet[]): void {
    this.#written.push(...sets);
  }

  guard(state: EntityState): void {
    this.#guarded.add(state);
  }

  /** `flush()` of a deferred block sends nothing yet: it checks, and remembers which tables a query would now read wrongly. */
  queue(session: EmSession): void {
    cascadePersist(session.uow);
    const { changeSets, unrelates } = computeWork(session.uow, 'changed');
    validateWork(changeSets, session.uow.shapes);
    for (const { meta } of changeSets) this.#queuedTables.add(meta.table);
    for (const { property } of unrelates) this.#queuedTables.add(property.edge().table);
  }

  refuseQueued(meta: EntityMetadata): void {
    if (!this.#queuedTables.has(meta.table)) return;
    throw new ValidationError({
      what: `${meta.className} was queried after tx.flush() had queued writes of it`,
      why: 'a deferred transaction sends its writes at the end: the query would not see them',
      fix: [
        `run the block with { mode: 'interactive' }`,
        'query before you flush',
        'read by id: tracked entities are up to date',
      ],
    });
  }

  /** In an interactive block the outcome of a flush is not known before the end. */
  hooks(session: EmSession): FlushHooks | undefined {
    this.#events ??= eventsOf(session);
    const events = this.#events;
    if (events === undefined || this.interactive === undefined) return events;
    const later = () => Promise.resolve();
    return {
      beforeFlush: () => events.beforeFlush(),
      onFlush: (changes) => events.onFlush(changes),
      before: (changes) => events.before(changes),
      beforeCommit: later,
      around: (changes, request) => events.around(changes, request),
      committed: later,
      rolledBack: later,
      nothingToDo: later,
    };
  }

  /** Sends everything that a deferred block has queued, guarded by what it read. */
  async #commitDeferred(session: EmSession): Promise<void> {
    const guarded = () => (this.#guardReads ? session.uow.states() : this.#guarded);
    const { driver } = session.core;
    const { journal } = this;
    const options = { driver, framed: true, guards: 'changed', hooks: session.hooks(), guarded, journal } as const;
    this.wrote(await session.alone(() => runFlush(session.uow, options)));
  }

  async commit(session: EmSession): Promise<void> {
    if (this.interactive === undefined) return this.#commitDeferred(session);
    await session.flush();
    if (this.#written.length > 0) await this.#events?.beforeCommit(this.#written);
    await this.interactive.commit();
    if (this.#written.length > 0) await this.#events?.committed(this.#written);
  }

  async rollBack(error: unknown): Promise<void> {
    if (this.interactive === undefined) return;
    // A failing cancel must not hide why the block failed.
    await this.interactive.cancel().catch(() => undefined);
    if (this.#written.length > 0) await this.#events?.rolledBack(error, this.#written);
  }
}
