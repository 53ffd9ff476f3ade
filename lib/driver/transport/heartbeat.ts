import { after } from '../timers.js';

export interface HeartbeatOptions {
  /** Milliseconds of silence before a sign of life is asked for. */
  readonly interval: number;
  /** Milliseconds the other side has to give one. */
  readonly timeout: number;
  readonly ping: () => void;
  readonly dead: () => void;
}

/** Milliseconds after which whatever has arrived by now has been read. */
const A_TURN = 1;

/** Notices a connection that is up but silent: whatever arrives is a sign of life, and after a silence one is asked for. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #beats = 0;
  #cancel: () => void;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#cancel = this.#watch();
  }

  /** Something arrived. */
  beat(): void {
    this.#beats += 1;
  }

  stop(): void {
    this.#cancel();
  }

  #watch(): () => void {
    const { interval, timeout, ping, dead } = this.#options;
    const beats = this.#beats;
    return after(interval, () => {
      if (this.#beats !== beats) {
        this.#cancel = this.#watch();
        return;
      }
      const judge = () => {
        if (this.#beats === beats) dead();
        else this.#cancel = this.#watch();
      };
      // Long work of our own may have kept us from reading the sign that has come: it is read before we judge.
      this.#cancel = after(timeout, () => (this.#cancel = after(A_TURN, judge)));
      ping();
    });
  }
}
