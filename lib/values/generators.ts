import { RandomPool } from './random.js';
import { TimeOrdered } from './time-ordered.js';

/** Crockford's base 32: no I, L, O, U. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PAIRS: readonly string[] = [...BASE32].flatMap((first) => [...BASE32].map((second) => first + second));
const KEY_LENGTH = 20;

// These hold unread random bytes and the last time handed out; nothing a caller could observe or set.
const pool = new RandomPool();
const clock = new TimeOrdered(pool);

/**
 * A key like the ones SurrealDB makes for records without an id: 20 characters of `[0-9a-z]`, as `rand::id()`.
 *
 * ```ts
 * new RecordId('user', randomKey()); // user:8s2hqzc3v0qj1x7a5yfd
 * ```
 */
export function randomKey(): string {
  return pool.letters(KEY_LENGTH);
}

/**
 * A ULID: 26 characters that sort by the time they were made, strictly within this process. https://github.com/ulid/spec
 *
 * ```ts
 * new RecordId('event', ulid()); // event:01JCXA5ZJ5N7Q9J8Y6W3R2K1M0
 * ```
 */
export function ulid(): string {
  const { millis, high, middle, low } = clock.next();
  return (
    base32(millis, 10) + base32(high * 0x1000000 + (middle >>> 8), 8) + base32((middle & 0xff) * 0x100000000 + low, 8)
  );
}

/** @param length even */
function base32(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let index = 0; index < length; index += 2) {
    text = (PAIRS[rest % 1024] as string) + text;
    rest = Math.floor(rest / 1024);
  }
  return text;
}

/** The four 32-bit words of a version 4 UUID (random). RFC 9562 §5.4 */
export function uuidV4Words(): readonly [number, number, number, number] {
  const second = (pool.word() & 0xffff0fff) | 0x4000;
  const third = (pool.word() & 0x3fffffff) | 0x80000000;
  return [pool.word(), second, third, pool.word()];
}

/** The four 32-bit words of a version 7 UUID (time-ordered). RFC 9562 §5.7 */
export function uuidV7Words(): readonly [number, number, number, number] {
  const { millis, high, middle, low } = clock.next();
  // Of the 80 bits 74 fit: 12 behind the version, 62 behind the variant; the lowest six are dropped.
  const first = Math.floor(millis / 0x10000);
  const second = ((millis % 0x10000) << 16) | 0x7000 | (high >>> 4);
  const third = 0x80000000 | ((high & 0xf) << 26) | (middle >>> 6);
  return [first, second, third, ((middle & 0x3f) << 26) | (low >>> 6)];
}
