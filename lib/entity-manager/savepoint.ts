import type { EntityState } from '../entity/entity-state.js';
import { ValidationError } from '../errors/index.js';
import { RollbackJournal } from '../unit-of-work/journal.js';
import { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import { contextValue, runWithContext } from './async-context.js';
import type { EmSession } from './em-session.js';
import type { TransactionScope } from './transaction-scope.js';

/**
 * Runs a block inside an open transaction so that it can fail by itself. SurrealDB has no savepoints; none is needed while all
 * that the block writes still waits in memory: a block that throws leaves memory as it found it. In an interactive transaction
 * it is sent when the outermost nested block has ended well.
 */
export async function runNested<R>(open: EmSession, work: (tx: object) => Promise<R>): Promise<R> {
  const scope = open.transaction as TransactionScope;
  if (scope.savepoint !== contextValue(scope)) throw sideBySide();
  const savepoint = new Savepoint(open, scope);
  try {
    const result = await runWithContext([[scope, savepoint]], () => work(open.em as object));
    if (savepoint.isOutermost) await scope.sendQueued(open);
    savepoint.release();
    return result;
  } catch (error) {
    savepoint.restore();
    throw error;
  }
}

/** What a transaction held when a nested block began. */
export class Savepoint {
  readonly #session: EmSession;
  readonly #scope: TransactionScope;
  readonly #outer: Savepoint | undefined;
  readonly #outerJournal: RollbackJournal;
  readonly #undoQueue: () => void;
  /** The transaction may end, by its timeout, before the block does. */
  #isOver = false;

  constructor(session: EmSession, scope: TransactionScope) {
    this.#session = session;
    this.#scope = scope;
    this.#outer = scope.savepoint;
    this.#outerJournal = scope.journal;
    this.#undoQueue = scope.markQueue();
    scope.journal = new RollbackJournal(session.uow.shapes);
    for (const state of session.uow.states()) scope.journal.remember(state);
    scope.savepoint = this;
  }

  get isOutermost(): boolean {
    return this.#outer === undefined;
  }

  /** Keeps what the block has done: from here on it is the outer block's. */
  release(): void {
    if (this.#isOver) return;
    this.#outerJournal.absorb(this.#scope.journal, this.#session.uow);
    this.#end();
  }

  /** Undoes what the block has done, in instances, in what they wait to write, and in what is queued. */
  restore(): void {
    if (this.#isOver) return;
    const { uow } = this.#session;
    const { journal } = this.#scope;
    this.#undoQueue();
    for (const state of giveBack(journal, uow)) if (state.phase !== 'detached') uow.take(state);
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#scope.journal = this.#outerJournal;
    this.#scope.savepoint = this.#outer;
  }
}

/**
 * Entities that a failed block has touched are as before: those it brought in go back to where they came from, those it made
 * or read are tracked no more. Answers those that were its own unit of work's before, for whom that may be too little.
 */
export function giveBack(journal: RollbackJournal, uow: UnitOfWork): EntityState[] {
  const restored = new Set(journal.restore());
  const own: EntityState[] = [];
  for (const state of new Set([...uow.states(), ...restored])) {
    const owner = restored.has(state) ? journal.ownerOf(state) : undefined;
    uow.release(state);
    if (owner === uow) own.push(state);
    else if (!(owner instanceof UnitOfWork)) state.phase = 'detached';
    else if (state.phase !== 'detached') owner.take(state);
    else state.owner = owner;
  }
  return own;
}

function sideBySide(): ValidationError {
  return new ValidationError({
    what: 'A nested block was started while another one of the same transaction is running beside it',
    why: 'they share one EntityManager: what one has done could not be told from what the other has',
    fix: ['await one before you start the next', `give each its own transaction: { propagation: 'REQUIRES_NEW' }`],
  });
}
