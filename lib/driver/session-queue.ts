export type SessionAccess = 'shared' | 'exclusive';

interface Waiting {
  readonly access: SessionAccess;
  readonly start: () => void;
}

/**
 * Orders the requests of one engine session: those that change the session run alone, the others together, and nobody
 * overtakes (a waiting writer holds later readers back). The engine wedges a session for ever when a `query`
 * and a `let` overlap on it.
 */
export class SessionQueue {
  readonly #waiting: Waiting[] = [];
  readonly #unordered: boolean;
  #shared = 0;
  #exclusive = false;

  constructor(options: { readonly unordered?: boolean } = {}) {
    this.#unordered = options.unordered === true;
  }

  /** A queue that orders nothing: for tests that show what happens without. */
  static unordered(): SessionQueue {
    return new SessionQueue({ unordered: true });
  }

  /** Requests that are running or waiting. */
  get size(): number {
    return this.#waiting.length + this.#shared + (this.#exclusive ? 1 : 0);
  }

  async run<T>(access: SessionAccess, work: () => Promise<T>): Promise<T> {
    if (this.#unordered) return work();
    await this.#enter(access);
    try {
      return await work();
    } finally {
      this.#leave(access);
    }
  }

  #enter(access: SessionAccess): Promise<void> | void {
    if (this.#waiting.length === 0 && this.#admits(access)) return this.#take(access);
    return new Promise((resolve) => this.#waiting.push({ access, start: resolve }));
  }

  #admits(access: SessionAccess): boolean {
    return !this.#exclusive && (access === 'shared' || this.#shared === 0);
  }

  #take(access: SessionAccess): void {
    if (access === 'exclusive') this.#exclusive = true;
    else this.#shared += 1;
  }

  #leave(access: SessionAccess): void {
    if (access === 'exclusive') this.#exclusive = false;
    else this.#shared -= 1;
    for (let next = this.#waiting[0]; next !== undefined && this.#admits(next.access); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#take(next.access);
      next.start();
    }
  }
}

/** Methods that change their session, so they run alone on it; LIVE does too, lest its first events overtake its answer. */
const EXCLUSIVE: ReadonlySet<string> = new Set([
  'use',
  'signin',
  'signup',
  'authenticate',
  'refresh',
  'revoke',
  'invalidate',
  'reset',
  'let',
  'set',
  'unset',
  'live',
  'attach',
  'detach',
]);

/** How an RPC method stands to its session. A `query` that holds LIVE counts as `live`. */
export function sessionAccessOf(method: string): SessionAccess {
  return EXCLUSIVE.has(method) ? 'exclusive' : 'shared';
}
