import { ConnectionError } from '../errors/index.js';
import { fly, type FlightLimits } from './flight.js';
import type { SessionQueue } from './session-queue.js';
import { sessionAccessOf, type SessionAccess } from './session-queue.js';
import type { RpcCall, Transport } from './transport/transport.js';

export interface CallOptions extends FlightLimits {
  /** Replaces what the method alone would say: a `query` with LIVE is exclusive. */
  readonly sessionAccess?: SessionAccess;
}

/** The calls of one session: each in its turn, within its deadline, and none that waited while its connection was lost. */
export class RpcSession {
  readonly #transport: Transport;
  readonly #queue: SessionQueue;
  readonly #running = new Set<Promise<unknown>>();
  #losses = 0;
  #closing = false;

  constructor(transport: Transport, queue: SessionQueue) {
    this.#transport = transport;
    this.#queue = queue;
  }

  get transport(): Transport {
    return this.#transport;
  }

  /** How often the connection was lost. */
  get losses(): number {
    return this.#losses;
  }

  call(call: RpcCall, options: CallOptions): Promise<unknown> {
    if (this.#closing) return Promise.reject(closed(options.name));
    const losses = this.#losses;
    const access = options.sessionAccess === undefined ? sessionAccessOf(call.method) : options.sessionAccess;
    const running = fly(options, (flight) =>
      this.#queue.run(access, () => {
        if (this.#losses !== losses) throw flight.lost('The connection was lost');
        return this.#transport.call(call, flight);
      }),
    );
    this.#running.add(running);
    const done = () => this.#running.delete(running);
    running.then(done, done);
    return running;
  }

  /** Calls that still wait for their turn belong to the lost connection too: what they build on may not have happened. */
  lost(): void {
    this.#losses += 1;
  }

  /** No call is taken any more; resolves when those under way have ended. */
  async drain(): Promise<void> {
    this.#closing = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

function closed(name: string): ConnectionError {
  return new ConnectionError({
    what: 'The connection is closed',
    why: `${name} came after close()`,
    fix: 'finish the work before close(), or connect again',
    outcome: 'not-sent',
  });
}
