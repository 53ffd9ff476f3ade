import type { EntityState } from '../entity/entity-state.js';
import { firstError } from '../driver/error-classifier.js';
import type { Driver, DriverTransaction, StatementResult } from '../driver/driver.js';
import { AfterCommitError, QueryError, ReverieError } from '../errors/index.js';
import { transaction, type Statement } from '../surrealql/nodes/index.js';
import { print, type PrintOptions } from '../surrealql/printer.js';
import type { GuardMode } from './change-computer.js';
import { isEmptyWork, type ChangeSet, type FlushWork } from './change-set.js';
import { explainFailure } from './explain-failure.js';
import type { FlushHooks } from './flush-hooks.js';
import { planFlush, type FlushPlan } from './flush-plan.js';
import type { RollbackJournal } from './journal.js';
import { prepareFlush } from './prepare-flush.js';
import { settleFlush, type AnsweredRows } from './settle-flush.js';
import type { TableChecks } from './table-checks.js';
import type { UnitOfWork } from './unit-of-work.js';
import { namingValue } from './unsendable-value.js';

export interface FlushOptions {
  readonly driver: Pick<Driver | DriverTransaction, 'execute'>;
  readonly tables: TableChecks;
  /** True where PERMISSIONS hold for whoever writes. */
  readonly judged?: boolean;
  /** False inside an interactive transaction, which is the frame itself. */
  readonly framed: boolean;
  readonly guards: GuardMode;
  /** Absent when nobody listens: all of it is skipped. */
  readonly hooks?: FlushHooks | undefined;
  /** The entities to write, asked for again when hooks have run; absent for all. */
  readonly only?: (() => ReadonlySet<EntityState>) | undefined;
  /** Entities that must still be as they were read, though they are not written. */
  readonly guarded?: () => Iterable<EntityState>;
  /** Told when what is to be written is known: what happens to the entities from now on is the next flush's. */
  readonly taken?: (() => void) | undefined;
  /** What else the request is to do, before all that the unit of work writes. */
  readonly first?: readonly Statement[];
  /** How entity classes in a user's `surql` are printed. */
  readonly printing?: PrintOptions;
  /** Where entities are remembered before they change, when a later rollback may have to undo this flush. */
  readonly journal?: RollbackJournal | undefined;
}

/**
 * One flush: find the changes, let the hooks act, check, send one request, take the answer.
 * Nothing in memory changes before the database has committed, so that a failure leaves everything as it was.
 */
export async function runFlush(uow: UnitOfWork, options: FlushOptions): Promise<readonly ChangeSet[]> {
  const flush = new Flush(uow, options);
  const isWritten = await flush.run();
  if (isWritten) await options.hooks?.committed(flush.changeSets);
  else await options.hooks?.nothingToDo();
  return isWritten ? flush.changeSets : [];
}

class Flush {
  readonly #uow: UnitOfWork;
  readonly #options: FlushOptions;
  /** As far as they are known by now. */
  changeSets: readonly ChangeSet[] = [];

  constructor(uow: UnitOfWork, options: FlushOptions) {
    this.#uow = uow;
    this.#options = options;
  }

  /** False when there was nothing to write. */
  async run(): Promise<boolean> {
    const { hooks } = this.#options;
    try {
      await hooks?.beforeFlush();
      const work = await prepareFlush(this.#uow, this.#options, (sets) => {
        this.changeSets = sets;
      });
      this.#options.taken?.();
      if (isEmptyWork(work) && (this.#options.first ?? []).length === 0) {
        // Members that were there already, or never: nothing has to be written, and nothing waits any more.
        if (work.collections.length > 0) this.#settle(work, planFlush(work, this.#uow.shapes), {});
        return false;
      }
      await hooks?.beforeCommit(work.changeSets);
      await this.#send(work);
      return true;
    } catch (error) {
      if (!isKept(error)) this.#uow.orphans.undo();
      if (!isKept(error)) await hooks?.rolledBack(error, this.changeSets);
      throw error;
    }
  }

  async #send(work: FlushWork): Promise<void> {
    const plan = planFlush(work, this.#uow.shapes, this.#options.judged);
    const write = () => this.#write(work, plan);
    await (this.#options.hooks === undefined ? write() : this.#options.hooks.around(work.changeSets, write));
  }

  #settle(work: FlushWork, plan: FlushPlan, answers: AnsweredRows): void {
    try {
      settleFlush(this.#uow, work, plan, answers, this.#options.journal);
    } catch (error) {
      throw keptButNotTaken(error);
    }
  }

  async #write(work: FlushWork, plan: FlushPlan): Promise<void> {
    const inserted = work.changeSets.filter((set) => set.action === 'create').map((set) => set.state);
    for (const state of inserted) state.isSending = true;
    try {
      const made = inserted.map(({ meta }) => meta);
      const answers = await request(plan, this.#options, this.#options.tables.before(made));
      this.#options.tables.saw(made);
      this.#settle(work, plan, answers);
    } catch (error) {
      // What was removed while its insert was under way is not there to be deleted.
      if (!isKept(error)) for (const state of inserted) if (state.phase === 'removed') this.#uow.detach(state);
      throw error;
    } finally {
      for (const state of inserted) state.isSending = false;
    }
  }
}

/** The data is there: what fails now, such as a codec of the application, must not look like a failed write. */
function keptButNotTaken(error: unknown): AfterCommitError {
  return new AfterCommitError({
    what: 'The changes were committed, but the rows that came back could not be taken',
    why: error instanceof Error ? error.message : String(error),
    fix: ['do not repeat the write: it has happened', 'clear the EntityManager and read again'],
    errors: [error],
  });
}

function isKept(error: unknown): boolean {
  return ReverieError.is(error) && error.code === 'AFTER_COMMIT';
}

async function request(plan: FlushPlan, options: FlushOptions, checks: readonly Statement[]): Promise<AnsweredRows> {
  const { driver, framed, guards, first = [], printing } = options;
  const all = [...checks, ...first, ...plan.statements];
  const statements: readonly Statement[] = framed ? [transaction(all)] : all;
  const { text, bindings } = print(statements, printing);
  const purpose = { text, bindings, access: 'write', purpose: 'flush' } as const;
  let results: readonly StatementResult[];
  try {
    results = await driver.execute(purpose);
  } catch (error) {
    throw explainFailure(namingValue(error, plan, bindings), plan, guards);
  }
  const failure = firstError(results, purpose);
  if (failure !== undefined) throw explainFailure(failure, plan, guards);
  return payloadOf(results);
}

function payloadOf(results: readonly StatementResult[]): AnsweredRows {
  for (const result of [...results].reverse()) {
    if (!result.ok || typeof result.value !== 'object' || result.value === null || !('reverie' in result.value))
      continue;
    return (result.value as { reverie: AnsweredRows }).reverie;
  }
  throw new QueryError({ what: 'The flush was answered without its rows', why: 'the server ended the request early' });
}
