import type { Flight } from '../flight.js';
import type { RpcCall } from './transport.js';
import type { WebSocketTransport } from './websocket.js';

/** Up to so much of its lifetime a socket is spared, so that those that were opened together do not go together. */
const SPARED = 0.1;

/** One WebSocket of a pool, and how busy it is. */
export class Lane {
  readonly transport: WebSocketTransport;
  readonly #rested: () => void;
  readonly #spared = 1 - Math.random() * SPARED;
  #busy = 0;
  #idleSince = performance.now();

  constructor(transport: WebSocketTransport, rested: () => void) {
    this.transport = transport;
    this.#rested = rested;
  }

  /** Calls under way. */
  get busy(): number {
    return this.#busy;
  }

  get isUp(): boolean {
    return this.transport.line?.isUp === true;
  }

  /** Whether it is being made, or made again. */
  get isComing(): boolean {
    return !this.isUp && (this.transport.state === 'connecting' || this.transport.state === 'waiting');
  }

  /** Whether nothing has used it for so many milliseconds. */
  hasRested(milliseconds: number): boolean {
    return this.#busy === 0 && performance.now() - this.#idleSince >= milliseconds;
  }

  /** Whether its socket has been up for that long; of 0 never. */
  isOlderThan(milliseconds: number): boolean {
    const { line } = this.transport;
    return milliseconds > 0 && line?.isUp === true && line.age >= milliseconds * this.#spared;
  }

  /** Something is about to begin here. */
  stir(): void {
    this.#idleSince = performance.now();
  }

  async call(call: RpcCall, flight: Flight): Promise<unknown> {
    this.#busy += 1;
    try {
      return await this.transport.call(call, flight);
    } finally {
      this.#busy -= 1;
      this.stir();
      if (this.#busy === 0) this.#rested();
    }
  }
}
