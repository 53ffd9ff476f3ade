import { RandomPool } from './random.js';
import { TimeOrdered } from './time-ordered.js';

/** Crockford's base 32: no I, L, O, U. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
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
  let tail = (BigInt(high) << 64n) | (BigInt(middle) << 32n) | BigInt(low);
  let text = '';
  for (let index = 0; index < 16; index++) {
    text = BASE32.charAt(Number(tail & 31n)) + text;
    tail >>= 5n;
  }
  let time = millis;
  for (let index = 0; index < 10; index++) {
    text = BASE32.charAt(time % 32) + text;
    time = Math.floor(time / 32);
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
  // 74 of the 80 bits fit: 12 after the version, 62 after the variant; the lowest 6 are dropped with the step they count.
  const tail = (BigInt(high) << 64n) | (BigInt(middle) << 32n) | BigInt(low);
  const kept = tail >> 6n;
  const first = Math.floor(millis / 0x10000);
  const second = ((millis % 0x10000) << 16) | 0x7000 | Number(kept >> 62n);
  const third = Number((kept >> 32n) & 0x3fffffffn) | 0x80000000;
  return [first, second, third, Number(kept & 0xffffffffn)];
}
