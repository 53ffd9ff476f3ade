import { plainRow } from '../../entity/plain-row.js';
import type { Row } from '../../entity/row.js';
import type { Printed } from '../../surrealql/printed.js';
import type { IdOf } from '../../types/index.js';
import { takeWritten } from '../direct/managed-copies.js';
import type { Returning, SetWrite } from '../direct/plan-set.js';
import { requestOf } from '../direct/send-direct.js';
import { runReturning } from '../direct/set-based.js';
import type { EmSession } from '../em-session.js';
import { printRequest } from '../print-request.js';

/** One change of a record, as JSON Patch has it. */
export interface PatchStep {
  readonly op: 'add' | 'remove' | 'replace' | 'change' | 'copy' | 'move' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

/** What a set-based write gives back of each record. */
export type Returned<T extends object, R extends Returning> = R extends 'after'
  ? T
  : R extends 'before'
    ? { readonly [K in keyof T]: T[K] }
    : R extends 'diff'
      ? readonly PatchStep[]
      : IdOf<T>;

/**
 * A set-based write that answers with its records; without effect before `execute`.
 *
 * ```ts
 * const late = await em.update(Order).set({ status: 'late' }).where({ due: { $lt: now } }).returning('after').execute();
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/update#alter-the-return-value
 */
export class ReturningQuery<T extends object, R extends Returning> {
  readonly #session: EmSession;
  readonly #returning: R;
  readonly #plan: () => SetWrite | undefined;

  /** @internal */
  constructor(session: EmSession, returning: R, plan: () => SetWrite | undefined) {
    this.#session = session;
    this.#returning = returning;
    this.#plan = plan;
  }

  /**
   * Sends it. `after` answers managed entities, `before` plain rows, `diff` the steps of a JSON Patch for each record, `id` the ids.
   *
   * @throws ValidationError without a condition unless `.all()` says that every record is meant, and in a deferred transaction
   */
  async execute(): Promise<Returned<T, R>[]> {
    const planned = this.#plan();
    const answer = await runReturning(this.#session, planned);
    if (planned === undefined || this.#returning === 'diff' || this.#returning === 'id') return [...answer] as never;
    const { meta } = planned.write;
    if (this.#returning === 'after') {
      const taken = (answer as readonly Row[]).map((row) => takeWritten(this.#session, meta, row));
      return Promise.all(taken) as Promise<never>;
    }
    const shape = this.#session.uow.shapes.of(meta);
    return (answer as readonly Row[]).map((row) => plainRow(shape, row)) as never;
  }

  /** The text of the request, and the values bound in it. */
  toSurql(): Printed {
    const planned = this.#plan();
    if (planned === undefined) return { text: '', bindings: {} };
    return printRequest(this.#session, requestOf(this.#session, planned.write));
  }
}
