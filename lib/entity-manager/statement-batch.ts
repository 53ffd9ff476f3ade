import { errorOfFault, firstError } from '../driver/error-classifier.js';
import type { StatementResult } from '../driver/driver.js';
import type { Statement } from '../surrealql/nodes/index.js';
import { print } from '../surrealql/printer.js';
import type { EmSession } from './em-session.js';
import { RelationLoads } from './relation-loads.js';

interface Waiting {
  readonly make: () => Statement;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Turns of the microtask queue without anybody joining after which a batch leaves: an `await` or two is no parting. */
const QUIET_TURNS = 8;

/** Reads that ids and links ask for: what is asked in one tick travels as one request. */
export class StatementBatch {
  readonly #session: EmSession;
  #waiting: Waiting[] = [];
  #joined = 0;
  /** What of it was asked for by links. */
  readonly relations = new RelationLoads();

  constructor(session: EmSession) {
    this.#session = session;
  }

  /** The value of a statement, which is made when the batch leaves. Each fails for itself. */
  run(make: () => Statement): Promise<unknown> {
    if (this.#waiting.length === 0) void this.#sendSoon();
    this.join();
    return new Promise((resolve, reject) => this.#waiting.push({ make, resolve, reject }));
  }

  /** Somebody joined a statement that waits here: others may follow. */
  join(): void {
    this.#joined++;
  }

  async #sendSoon(): Promise<void> {
    for (let turn = 0, known = -1; turn < QUIET_TURNS; turn++) {
      if (this.#joined !== known) turn = 0;
      known = this.#joined;
      await Promise.resolve();
    }
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      await this.#send(batch);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const statements = batch.map(({ make }) => make());
    const [only] = statements;
    const printed = print(
      statements.length === 1 && only !== undefined ? only : statements,
      this.#session.core.printing,
    );
    const hint = this.relations.takeHint();
    const asked = hint === undefined ? undefined : { hint };
    const request = { ...printed, access: 'read', idempotent: true, purpose: 'load', ...asked } as const;
    const results = await this.#session.driver.execute(request);
    for (const [index, { resolve, reject }] of batch.entries()) {
      const result: StatementResult | undefined = results[index];
      if (result?.ok === true) resolve(result.value);
      else
        reject(result === undefined ? firstError(results, request) : errorOfFault(result.error, { ...request, index }));
    }
  }
}
