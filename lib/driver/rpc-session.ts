import { ConnectionError } from '../errors/index.js';
import { fly, type Flight, type FlightLimits } from './flight.js';
import type { SessionQueue } from './session-queue.js';
import { sessionAccessOf, type SessionAccess } from './session-queue.js';
import { SessionRenewal, type RenewalWatch } from './session-renewal.js';
import type { SessionState } from './session-state.js';
import type { Line, Pin } from './transport/line.js';
import type { RpcCall, Send, Transport } from './transport/transport.js';

export interface CallOptions extends FlightLimits {
  /** Replaces what the method alone would say: a `query` with LIVE is exclusive. */
  readonly sessionAccess?: SessionAccess;
  /** What the call begins stays on the connection that it is sent over: that is noted here. */
  readonly pin?: Pin | undefined;
}

/** What takes the calls of a session to the server. */
export interface Carrier {
  call(call: RpcCall, flight: Flight): Promise<unknown>;
  /** The connection for what has to stay on the one that it begins on. */
  pin(): Promise<Line>;
  /** Something of the session outlasts its calls; answers with what says that it has ended. */
  hold?(): () => void;
}

export interface RpcSessionParts {
  readonly transport: Transport;
  readonly queue: SessionQueue;
  readonly state: SessionState;
  /** Milliseconds for signing in again. */
  readonly timeout: number;
  /** The transport itself, unless the session is attached to it. */
  readonly carrier?: Carrier;
  /** Told where a sign-in that matters could not be renewed. */
  readonly watch?: RenewalWatch;
}

/** The calls of one session: each in its turn, within its deadline, and none that waited while its connection was lost. */
export class RpcSession {
  readonly transport: Transport;
  readonly #carrier: Carrier;
  readonly #queue: SessionQueue;
  readonly #renewal: SessionRenewal;
  readonly #running = new Set<Promise<unknown>>();
  #losses = 0;
  #closing = false;

  constructor({ transport, queue, state, timeout, watch, carrier = transport }: RpcSessionParts) {
    this.transport = transport;
    this.#carrier = carrier;
    this.#queue = queue;
    const alone = <R>(work: (send: Send) => Promise<R>): Promise<R> => {
      const send: Send = (method, params, access = 'read') =>
        fly({ timeout, signal: undefined, name: method }, (flight) => carrier.call({ method, params, access }, flight));
      return queue.run('exclusive', () => work(send));
    };
    this.#renewal = new SessionRenewal(state, alone, watch);
  }

  /** How often the connection was lost. */
  get losses(): number {
    return this.#losses;
  }

  call(call: RpcCall, options: CallOptions): Promise<unknown> {
    if (this.#closing) return Promise.reject(closed(options.name));
    const access = options.sessionAccess === undefined ? sessionAccessOf(call.method) : options.sessionAccess;
    const running = fly(options, (flight) =>
      this.#renewal.around(() => this.#inTurn(call, access, flight, options.pin)),
    );
    this.#running.add(running);
    const done = () => this.#running.delete(running);
    running.then(done, done);
    return running;
  }

  /** Calls that are waiting or under way. */
  get running(): number {
    return this.#running.size;
  }

  /** Keeps an attached session from being let go while something of it, such as a live query, is open. */
  hold(): () => void {
    return this.#carrier.hold?.() ?? nothing;
  }

  /** Calls that still wait for their turn belong to the lost connection too: what they build on may not have happened. */
  lost(): void {
    this.#losses += 1;
  }

  /** No call is taken any more; resolves when those under way have ended. */
  async drain(): Promise<void> {
    this.#closing = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    this.#renewal.stop();
  }

  #inTurn(call: RpcCall, access: SessionAccess, flight: Flight, pin: Pin | undefined): Promise<unknown> {
    const losses = this.#losses;
    return this.#queue.run(access, () => {
      if (this.#losses !== losses) throw flight.lost('The connection was lost');
      return pin === undefined ? this.#carrier.call(call, flight) : this.#pinned(call, flight, pin);
    });
  }

  async #pinned(call: RpcCall, flight: Flight, pin: Pin): Promise<unknown> {
    const line = await this.#carrier.pin();
    pin.to(line);
    return this.#carrier.call({ ...call, line }, flight);
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

function nothing(): void {
  // Only attached sessions are let go.
}
