import type { EntityState } from '../entity/entity-state.js';
import { deadline } from '../driver/timers.js';
import { TimeoutError, ValidationError } from '../errors/index.js';
import { isOutcomeUnknown } from '../errors/is-outcome-unknown.js';
import { forgetGone } from '../unit-of-work/settle-gone.js';
import { hideRetired } from '../unit-of-work/settle-retired.js';
import { isClean } from '../unit-of-work/is-clean.js';
import { substitute } from '../unit-of-work/substitute.js';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import { contextKeysOf, runWithContext } from './async-context.js';
import { checkTransaction } from './check-transaction-options.js';
import { refreshCopies } from './direct/managed-copies.js';
import { EmSession } from './em-session.js';
import { ForeignChanges } from './foreign-changes.js';
import type { OrmCore } from './orm-core.js';
import { retryOnConflict, type RetryOptions } from './retry.js';
import { giveBack, runNested } from './savepoint.js';
import type { TransactionOptions } from './transaction-options.js';
import { TransactionScope } from './transaction-scope.js';

/** Where a transaction is started from. */
export interface TransactionHost<Em extends object> {
  readonly core: OrmCore;
  /** The EntityManager that takes over the entities afterwards; undefined for the global one. */
  readonly parent: EmSession | undefined;
  /** What `orm.em` and the EntityManager that started it resolve by. */
  readonly contextKeys: readonly object[];
  makeEm(session: EmSession): Em;
}

/** Runs a block as one transaction, again with a fresh EntityManager while it conflicts. */
export async function runTransaction<Em extends object, R>(
  host: TransactionHost<Em>,
  work: (tx: Em) => Promise<R>,
  options: TransactionOptions,
): Promise<R> {
  checkTransaction(work, options);
  const open = host.parent?.transaction === undefined ? undefined : host.parent;
  const way = propagate(options.propagation ?? 'REQUIRED', open !== undefined);
  if (way === 'join' && open !== undefined) return join(open, work as (tx: object) => Promise<R>);
  if (way === 'nest' && open !== undefined) return runNested(open, work as (tx: object) => Promise<R>);
  if (way === 'none') return runOutside(host, work);
  const runs = retryOnConflict(() => runOnce(host, work, options), retryOf(host.core.retry, options.retry));
  return host.core.pending.track(runs);
}

/** Nothing of a block that joined can be undone by itself: when it fails, the whole transaction does. */
async function join<R>(open: EmSession, work: (tx: object) => Promise<R>): Promise<R> {
  try {
    return await work(open.em as object);
  } catch (error) {
    open.transaction?.fail(error);
    throw error;
  }
}

async function runOutside<Em extends object, R>(host: TransactionHost<Em>, work: (em: Em) => Promise<R>): Promise<R> {
  const { parent } = host;
  if (parent !== undefined && parent.transaction === undefined) return work(parent.em as Em);
  const session = parent === undefined ? new EmSession(host.core) : parent.derive();
  const em = host.makeEm(session);
  return runAs(host, session, () => work(em));
}

async function runOnce<Em extends object, R>(
  host: TransactionHost<Em>,
  work: (tx: Em) => Promise<R>,
  options: TransactionOptions,
): Promise<R> {
  const interactive =
    options.mode === 'interactive' ? await (host.parent?.connection ?? host.core.driver).begin() : undefined;
  const scope = new TransactionScope(host.core.shapes, interactive, options.guard === 'read');
  const parts = { transaction: scope };
  const session = host.parent === undefined ? new EmSession(host.core, parts) : host.parent.derive(parts);
  const tx = host.makeEm(session);
  try {
    return await runToEnd(host, { session, scope, work: () => work(tx) }, options);
  } finally {
    scope.isOver = true;
  }
}

interface Run<R> {
  readonly session: EmSession;
  readonly scope: TransactionScope;
  readonly work: () => Promise<R>;
}

async function runToEnd<Em extends object, R>(
  host: TransactionHost<Em>,
  { session, scope, work }: Run<R>,
  options: TransactionOptions,
): Promise<R> {
  let result: R;
  const foreign = host.parent === undefined ? undefined : new ForeignChanges(host.parent);
  try {
    result = await within(options.timeout, () => runAs(host, session, work));
    foreign?.refuse();
    await scope.commit(session);
  } catch (error) {
    if (scope.interactive !== undefined && isOutcomeUnknown(error)) host.core.lists.resyncForAWhile();
    await scope.cancel();
    while (scope.savepoint !== undefined) scope.savepoint.restore();
    for (const state of giveBack(scope.journal, session.uow)) state.phase = 'detached';
    // Hooks find the entities as they were before the block.
    await scope.rolledBack(session, error);
    throw error;
  }
  // The server sends no live events for an interactive commit.
  if (scope.interactive !== undefined) host.core.lists.resync();
  try {
    await scope.committed(session);
  } finally {
    handOver(session, scope, host.parent);
  }
  if (host.parent !== undefined) await refreshCopies(host.parent, scope.named);
  return result;
}

/** Whatever stood for the EntityManager that starts the block stands for the block's own inside. */
function runAs<Em extends object, R>(
  { contextKeys, parent }: TransactionHost<Em>,
  session: EmSession,
  work: () => R,
): R {
  const keys = new Set([...contextKeys, ...(parent === undefined ? [] : contextKeysOf(parent))]);
  return runWithContext(
    Array.from(keys, (key) => [key, session] as const),
    work,
  );
}

/** After the commit the parent manages the entities; where it has a record already, its own instance is refreshed if clean. */
function handOver(session: EmSession, scope: TransactionScope, parent: EmSession | undefined): void {
  const states = [...session.uow.states()];
  const successors = new Map<object, object>();
  for (const state of states) {
    session.uow.release(state);
    if (parent === undefined) {
      state.phase = 'detached';
      continue;
    }
    const known = adoptInto(parent.uow, state);
    if (known !== undefined) successors.set(state.entity, known);
  }
  if (parent !== undefined) substitute(parent.uow, states, successors);
  const removals = scope.written.filter((set) => set.action === 'delete');
  const deleted = removals.filter(({ soft }) => soft === undefined).map(({ id }) => id);
  const gone = deleted.filter((id) => !scope.written.some((set) => set.action === 'create' && set.id.equals(id)));
  if (parent === undefined) return;
  if (gone.length > 0) forgetGone(parent.uow, gone);
  hideRetired(
    parent.uow,
    removals.filter(({ soft }) => soft !== undefined).map(({ id }) => id),
  );
}

/** Answers with the parent's own instance where that stays. */
function adoptInto(parent: UnitOfWork, state: EntityState): object | undefined {
  const known = state.id === undefined ? undefined : parent.get(state.id);
  if (known === undefined || known.phase === 'reference') {
    if (known !== undefined) parent.detach(known);
    parent.take(state);
    return undefined;
  }
  state.phase = 'detached';
  if (state.row !== undefined && isClean(parent, known)) parent.adopt(known.meta, state.row, state.loadedColumns, true);
  return known.entity;
}

type Join = 'join' | 'nest' | 'begin' | 'none';

function propagate(propagation: NonNullable<TransactionOptions['propagation']>, isOpen: boolean): Join {
  switch (propagation) {
    case 'REQUIRED':
      return isOpen ? 'join' : 'begin';
    case 'SUPPORTS':
      return isOpen ? 'join' : 'none';
    case 'REQUIRES_NEW':
      return 'begin';
    case 'NOT_SUPPORTED':
      return 'none';
    case 'MANDATORY':
      if (!isOpen) throw refused('MANDATORY', 'no transaction is open', 'call it inside em.transaction(…)');
      return 'join';
    case 'NEVER':
      if (isOpen) throw refused('NEVER', 'a transaction is open', 'call it outside of em.transaction(…)');
      return 'none';
    case 'NESTED':
      return isOpen ? 'nest' : 'begin';
  }
}

function refused(propagation: string, why: string, fix: string): ValidationError {
  return new ValidationError({ what: `A transaction with propagation ${propagation} cannot start`, why, fix });
}

function retryOf(defaults: RetryOptions, given: TransactionOptions['retry']): RetryOptions {
  return given === false ? { attempts: 1 } : { ...defaults, ...given };
}

async function within<R>(milliseconds: number | undefined, work: () => Promise<R>): Promise<R> {
  if (milliseconds === undefined) return work();
  let cancel: () => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = deadline(milliseconds, () => reject(timedOut(milliseconds)));
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    cancel();
  }
}

function timedOut(milliseconds: number): TimeoutError {
  return new TimeoutError({
    what: `A transaction block took longer than ${milliseconds} ms`,
    why: 'it was rolled back; nothing of it was written',
    fix: 'make the block shorter or raise { timeout }',
  });
}
