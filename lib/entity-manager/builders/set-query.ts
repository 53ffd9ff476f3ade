import { ValidationError } from '../../errors/index.js';
import type { Printed } from '../../surrealql/printed.js';
import type { ChangeData, Where } from '../../types/index.js';
import { requireData } from '../../unit-of-work/require-data.js';
import { planDelete, planUpdate, type Returning, type SetOptions, type SetWrite } from '../direct/plan-set.js';
import { requestOf } from '../direct/send-direct.js';
import { runSet } from '../direct/set-based.js';
import { printRequest } from '../print-request.js';
import { ReturningQuery } from './returning-query.js';
import { whereOf, type QueryState } from './query-state.js';

interface SetState extends QueryState {
  readonly timeout?: number;
  /** Every record is meant, where no condition is given. */
  readonly all: boolean;
}

/** A write of every record that matches; immutable, and without effect before `execute`. */
abstract class SetQuery<T extends object> {
  protected readonly state: SetState;

  constructor(state: SetState) {
    this.state = state;
  }

  /**
   * Sends it, and answers how many records it touched (undefined in a deferred transaction, which sends it when the block ends).
   *
   * @throws ValidationError without a condition, unless `.all()` says that every record is meant
   */
  async execute(): Promise<number> {
    return runSet(this.state.session, this.plan()) as Promise<number>;
  }

  /** The text of the request, and the values bound in it. */
  toSurql(): Printed {
    const planned = this.plan();
    const { session } = this.state;
    return planned === undefined
      ? { text: '', bindings: {} }
      : printRequest(session, requestOf(session, planned.write));
  }

  /** Answers with something of each record, instead of how many they were. */
  returning<const R extends Returning>(returning: R): ReturningQuery<T, R> {
    return new ReturningQuery<T, R>(this.state.session, returning, () => this.plan(returning));
  }

  protected asked(returning: Returning | undefined): SetOptions & { all: boolean; returning: Returning | undefined } {
    const { all, timeout } = this.state;
    return { all, returning, ...(timeout !== undefined && { timeout }) };
  }

  protected abstract plan(returning?: Returning): SetWrite | undefined;
}

/**
 * A change of every record that matches.
 *
 * ```ts
 * await em.update(Post).set({ hidden: true, stars: increment(-1) }).where({ author: ann }).execute();
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/update
 */
export class UpdateQuery<T extends object> extends SetQuery<T> {
  readonly #changes: ChangeData<T>;

  /** @internal */
  constructor(state: SetState, changes: ChangeData<T> = {}) {
    super(state);
    this.#changes = changes;
  }

  /** What to change, beside what was said before. */
  set(changes: ChangeData<T>): UpdateQuery<T> {
    requireData(changes, 'update', this.state.meta.className);
    return new UpdateQuery<T>(this.state, { ...this.#changes, ...changes });
  }

  /** Conditions, beside those that it has: all must hold. */
  where(where: Where<T>): UpdateQuery<T> {
    return new UpdateQuery<T>({ ...this.state, wheres: [...this.state.wheres, where] }, this.#changes);
  }

  /** Milliseconds that the server may take to find the records, and again to change them: `TIMEOUT`. Then nothing is kept. */
  timeout(timeout: number): UpdateQuery<T> {
    return new UpdateQuery<T>({ ...this.state, timeout }, this.#changes);
  }

  /** Every record is meant. */
  all(): UpdateQuery<T> {
    return new UpdateQuery<T>({ ...this.state, all: true }, this.#changes);
  }

  protected plan(returning?: Returning): SetWrite | undefined {
    const { session, meta } = this.state;
    return planUpdate(session, meta, whereOf(this.state), this.#changes, this.asked(returning));
  }
}

/**
 * Deletes every record that matches; with `@SoftDelete` they are hidden.
 *
 * ```ts
 * await em.delete(Session).where({ expires: { $lt: new Date() } }).execute();
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/delete
 */
export class DeleteQuery<T extends object> extends SetQuery<T> {
  readonly #hard: boolean;

  /** @internal */
  constructor(state: SetState, hard = false) {
    super(state);
    this.#hard = hard;
  }

  /** Conditions, beside those that it has: all must hold. */
  where(where: Where<T>): DeleteQuery<T> {
    return new DeleteQuery<T>({ ...this.state, wheres: [...this.state.wheres, where] }, this.#hard);
  }

  /** Milliseconds that the server may take to find the records, and again to delete them: `TIMEOUT`. Then nothing is kept. */
  timeout(timeout: number): DeleteQuery<T> {
    return new DeleteQuery<T>({ ...this.state, timeout }, this.#hard);
  }

  /** Every record is meant. */
  all(): DeleteQuery<T> {
    return new DeleteQuery<T>({ ...this.state, all: true }, this.#hard);
  }

  /** For good, where records would be deleted softly. */
  hard(): DeleteQuery<T> {
    return new DeleteQuery<T>(this.state, true);
  }

  /**
   * Answers with something of each record, instead of how many they were.
   *
   * @throws ValidationError for what there is none of: deleted records have no state after it, and nothing of them changed
   */
  override returning<const R extends Returning>(returning: R): ReturningQuery<T, R> {
    const isGone = this.#hard || this.state.meta.softDelete === undefined;
    if (isGone && returning !== 'before' && returning !== 'id')
      throw nothingAfter(this.state.meta.className, returning);
    return super.returning(returning);
  }

  protected plan(returning?: Returning): SetWrite {
    const { session, meta } = this.state;
    return planDelete(session, meta, whereOf(this.state), { ...this.asked(returning), hard: this.#hard });
  }
}

function nothingAfter(className: string, returning: Returning): ValidationError {
  const what = `A deletion of ${className} cannot return '${returning}'`;
  return new ValidationError({
    what,
    why: 'deleted records are not there any more',
    fix: "return 'before', the records as they were, or 'id'",
    errors: [{ path: className, message: what, rule: 'option' }],
  });
}
