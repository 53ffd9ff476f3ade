import type { CachedAnswer, QueryCacheStore } from './cache-store.js';

export interface MemoryStoreLimits {
  /** Answers; default 1,000. */
  readonly size?: number;
  /** Bytes of all answers together; default 64 MiB. */
  readonly bytes?: number;
}

interface Entry {
  readonly answer: CachedAnswer;
  /** By `performance.now()`, which no clock change moves. */
  readonly expires: number;
}

/** Keeps answers in memory; of too many, those go that were not asked for the longest. */
export class MemoryCacheStore implements QueryCacheStore {
  readonly #size: number;
  readonly #bytes: number;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #byTag = new Map<string, Set<string>>();
  #held = 0;

  constructor({ size = 1_000, bytes = 64 * 1024 * 1024 }: MemoryStoreLimits = {}) {
    this.#size = size;
    this.#bytes = bytes;
  }

  /** How many answers it holds, those that ran out and were not asked for since among them. */
  get size(): number {
    return this.#entries.size;
  }

  /** How many bytes they have. */
  get bytes(): number {
    return this.#held;
  }

  get(key: string): CachedAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.expires <= performance.now()) {
      this.#forget(key, entry);
      return undefined;
    }
    this.#entries.set(key, entry);
    return entry.answer;
  }

  set(key: string, answer: CachedAnswer, ttl: number): void {
    this.#drop(key);
    if (answer.bytes.byteLength > this.#bytes || this.#size === 0) return;
    this.#entries.set(key, { answer, expires: performance.now() + ttl });
    this.#held += answer.bytes.byteLength;
    for (const tag of answer.tags) {
      const keys = this.#byTag.get(tag);
      if (keys === undefined) this.#byTag.set(tag, new Set([key]));
      else keys.add(key);
    }
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#size && this.#held <= this.#bytes) return;
      this.#drop(oldest);
    }
  }

  invalidate(tags: readonly string[]): void {
    for (const tag of tags) for (const key of [...(this.#byTag.get(tag) ?? [])]) this.#drop(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#byTag.clear();
    this.#held = 0;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#forget(key, entry);
  }

  #forget(key: string, { answer }: Entry): void {
    this.#held -= answer.bytes.byteLength;
    for (const tag of answer.tags) {
      const keys = this.#byTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#byTag.delete(tag);
    }
  }
}
