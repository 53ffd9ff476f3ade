import { after, pause } from '../driver/timers.js';
import { ReverieError, TimeoutError } from '../errors/index.js';
import {
  and,
  binary,
  block,
  call,
  iff,
  object,
  param,
  path,
  pathOf,
  subquery,
  value,
} from '../surrealql/nodes/expressions.js';
import {
  evaluate,
  letStatement,
  select,
  throwStatement,
  transaction,
  update,
  upsert,
  type Statement,
} from '../surrealql/nodes/statements.js';
import { Duration, randomKey, RecordId } from '../values/index.js';
import { LEASE_TABLE } from './history.js';
import type { MigrationRequests } from './requests.js';

const LEASE = new RecordId(LEASE_TABLE, 'migrations');
/** Written by whoever takes the lease and by whoever commits under it, so that the two conflict. */
const FENCE = new RecordId(LEASE_TABLE, 'migrations_fence');
const LOST = 'reverie: another process has taken over the migrations';
const ATTEMPTS = 40;

export interface LeaseOptions {
  /** Milliseconds without a sign of life after which another process takes over. */
  readonly duration: number;
  /** Milliseconds to wait for another holder. */
  readonly wait: number;
  /** Told once, when there is another holder. */
  readonly onWait?: () => void;
}

/**
 * The right to run migrations: one process at a time has it, however many boot at once. It lives in the database and goes by
 * the server's clock; a holder that crashed is replaced when its time is up.
 */
export class Lease {
  readonly #requests: MigrationRequests;
  readonly #holder = randomKey();
  readonly #duration: number;
  #stopRenewing = (): void => undefined;

  private constructor(requests: MigrationRequests, duration: number) {
    this.#requests = requests;
    this.#duration = duration;
  }

  /**
   * Waits for the lease, runs the work and gives it back.
   *
   * @throws TimeoutError when another process holds it for longer than `wait`
   */
  static async hold<R>(
    requests: MigrationRequests,
    { duration, wait, onWait }: LeaseOptions,
    work: (lease: Lease) => Promise<R>,
  ): Promise<R> {
    const lease = new Lease(requests, duration);
    await lease.#acquire(wait, onWait);
    lease.#keepRenewing();
    try {
      return await work(lease);
    } finally {
      lease.#stopRenewing();
      await lease.#release();
    }
  }

  /** Goes into each transaction that runs under the lease: it fails where another process has taken over meanwhile. */
  fence(): readonly Statement[] {
    const written = update({
      target: value(FENCE),
      data: { kind: 'set', assignments: [{ target: path('commits'), operator: '+=', value: value(1) }] },
      where: binary(path('holder'), '=', value(this.#holder)),
    });
    return [
      letStatement('fenced', subquery(written)),
      evaluate(iff(binary(call('array::len', param('fenced')), '=', value(0)), block([throwStatement(value(LOST))]))),
    ];
  }

  async #acquire(wait: number, onWait: (() => void) | undefined): Promise<void> {
    const deadline = Date.now() + wait;
    let told = false;
    for (;;) {
      if (await this.#tryAcquire()) return;
      if (!told) onWait?.();
      told = true;
      if (Date.now() > deadline) throw busy(wait);
      await pause(150 + Math.random() * 150);
    }
  }

  /** Whether it was free, or its holder's time was up. */
  async #tryAcquire(): Promise<boolean> {
    const held = and([
      binary(pathOf(param('lease'), 'holder'), '!=', value(this.#holder)),
      binary(pathOf(param('lease'), 'until'), '>', call('time::now')),
    ]);
    const statements = [
      letStatement('lease', pathOf(subquery(select({ from: [value(LEASE)] })), 0)),
      evaluate(iff(held, block([throwStatement(value(HELD))]))),
      upsert({ target: value(LEASE), data: { kind: 'content', data: this.#lease() }, returns: 'none' }),
      upsert({
        target: value(FENCE),
        data: {
          kind: 'content',
          data: object([
            ['holder', value(this.#holder)],
            ['commits', value(0)],
          ]),
        },
        returns: 'none',
      }),
    ];
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#requests.run([transaction(statements)]);
        return true;
      } catch (error) {
        if (says(error, HELD)) return false;
        if (!isConflict(error) || attempt === ATTEMPTS) throw error;
        await pause(Math.random() * Math.min(500, 10 * 2 ** attempt));
      }
    }
  }

  #lease() {
    return object([
      ['holder', value(this.#holder)],
      ['until', binary(call('time::now'), '+', value(new Duration(`${this.#duration}ms`)))],
    ]);
  }

  #keepRenewing(): void {
    this.#stopRenewing = after(this.#duration / 3, () => {
      this.#keepRenewing();
      void this.#renew();
    });
  }

  /** A renewal that fails is tried again; if none succeeds, the fence stops what would be written. */
  async #renew(): Promise<void> {
    await this.#requests
      .run([
        update({
          target: value(LEASE),
          data: { kind: 'merge', data: this.#lease() },
          where: binary(path('holder'), '=', value(this.#holder)),
          returns: 'none',
        }),
      ])
      .catch(() => undefined);
  }

  /** Best effort: it runs out by itself. */
  async #release(): Promise<void> {
    const ended = object([['until', call('time::now')]]);
    await this.#requests
      .run([
        update({
          target: value(LEASE),
          data: { kind: 'merge', data: ended },
          where: binary(path('holder'), '=', value(this.#holder)),
          returns: 'none',
        }),
      ])
      .catch(() => undefined);
  }
}

const HELD = 'reverie: the migrations are held by another process';

function says(error: unknown, text: string): boolean {
  return ReverieError.is(error) && error.message.includes(text);
}

export function isConflict(error: unknown): boolean {
  return ReverieError.is(error) && error.code === 'TRANSACTION_CONFLICT';
}

function busy(wait: number): TimeoutError {
  return new TimeoutError({
    what: `Another process has been running migrations for more than ${wait} ms`,
    fix: ['wait for it', 'or wait longer: migrator.up({ wait: 600_000 })'],
  });
}
