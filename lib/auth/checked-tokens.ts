import { expiryOf } from '../driver/token-claims.js';
import type { RecordId } from '../values/index.js';

interface Checked {
  readonly id: RecordId;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** How many are kept; of more the oldest is forgotten. */
const MOST = 1_000;

/**
 * Tokens that the server has said to be good, with whom they stand for. None is kept for longer than it is good for, and none
 * itself: only its hash.
 */
export class CheckedTokens {
  readonly #checked = new Map<string, Checked>();

  /** @param ttl milliseconds for which an answer is good */
  async get(token: string, ttl: number, ask: () => Promise<RecordId | null>): Promise<RecordId | null> {
    const key = await hashOf(token);
    const known = this.#checked.get(key);
    const now = Date.now();
    if (known !== undefined && now < known.until && known.until <= now + ttl) return known.id;
    const id = await ask();
    this.#checked.delete(key);
    if (id !== null && ttl > 0) this.#keep(key, { id, until: Math.min(Date.now() + ttl, expiryOf(token) ?? Infinity) });
    return id;
  }

  async forget(token: string): Promise<void> {
    if (this.#checked.size > 0) this.#checked.delete(await hashOf(token));
  }

  #keep(key: string, checked: Checked): void {
    this.#checked.set(key, checked);
    const [oldest] = this.#checked.keys();
    if (this.#checked.size > MOST && oldest !== undefined) this.#checked.delete(oldest);
  }
}

async function hashOf(token: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return String.fromCharCode(...new Uint8Array(hash));
}
