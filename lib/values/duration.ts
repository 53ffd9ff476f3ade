import { ValidationError } from '../errors/index.js';
import { hasKind, INSPECT, VALUE_KIND } from './kind.js';

const SECOND = 1_000_000_000n;
/** From the longest to the shortest; a year is 365 days, as the server has it. */
const UNITS: readonly (readonly [unit: string, nanoseconds: bigint])[] = [
  ['y', 31_536_000n * SECOND],
  ['w', 604_800n * SECOND],
  ['d', 86_400n * SECOND],
  ['h', 3_600n * SECOND],
  ['m', 60n * SECOND],
  ['s', SECOND],
  ['ms', 1_000_000n],
  ['µs', 1_000n],
  ['ns', 1n],
];
const SIZES: ReadonlyMap<string, bigint> = new Map([...UNITS, ['us', 1_000n], ['μs', 1_000n]]);
const PART = /(\d+)(ns|us|µs|μs|ms|[smhdwy])/gy;
const MAX = (1n << 64n) * SECOND - 1n;

/**
 * A span of time, exact to the nanosecond, never negative. https://surrealdb.com/docs/surrealql/datamodel/durations
 *
 * ```ts
 * Duration.parse('1h30m').milliseconds; // 5_400_000
 * String(Duration.fromMilliseconds(90_061_001)); // '1d1h1m1s1ms'
 * ```
 */
export class Duration {
  /** The whole span in nanoseconds. */
  readonly nanoseconds: bigint;

  /** @param value nanoseconds, or text such as `1h30m`. @throws ValidationError */
  constructor(value: bigint | string | Duration) {
    this.nanoseconds = inRange(
      typeof value === 'bigint' ? value : typeof value === 'string' ? parse(value) : value.nanoseconds,
    );
  }

  /** @throws ValidationError when the text is no duration. */
  static parse(text: string): Duration {
    return new Duration(parse(text));
  }

  static fromParts(seconds: number | bigint, nanoseconds: number | bigint = 0): Duration {
    return new Duration(BigInt(seconds) * SECOND + BigInt(nanoseconds));
  }

  /** @param milliseconds may have a fraction; kept to the nanosecond. */
  static fromMilliseconds(milliseconds: number): Duration {
    if (!Number.isFinite(milliseconds)) throw refused(String(milliseconds), 'a duration is finite');
    const whole = Math.trunc(milliseconds);
    return new Duration(BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1e6)));
  }

  static is(value: unknown): value is Duration {
    return hasKind(value, 'Duration');
  }

  get [VALUE_KIND](): 'Duration' {
    return 'Duration';
  }

  /** The whole span in milliseconds, with a fraction where there is one. */
  get milliseconds(): number {
    return Number(this.nanoseconds / 1_000_000n) + Number(this.nanoseconds % 1_000_000n) / 1e6;
  }

  /** The whole span in seconds, with a fraction where there is one. */
  get seconds(): number {
    return Number(this.nanoseconds / SECOND) + Number(this.nanoseconds % SECOND) / 1e9;
  }

  equals(other: unknown): boolean {
    return Duration.is(other) && other.nanoseconds === this.nanoseconds;
  }

  /** Negative when this is shorter than `other`, positive when longer. */
  compare(other: Duration): number {
    const difference = this.nanoseconds - other.nanoseconds;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** The server's own form: the greatest units first, `0ns` for none. */
  toString(): string {
    let rest = this.nanoseconds;
    let text = '';
    for (const [unit, size] of UNITS) {
      if (rest < size) continue;
      text += `${rest / size}${unit}`;
      rest %= size;
    }
    return text === '' ? '0ns' : text;
  }

  toJSON(): string {
    return this.toString();
  }

  [INSPECT](): string {
    return `Duration(${this.toString()})`;
  }
}

function parse(text: string): bigint {
  let total = 0n;
  let end = 0;
  for (const match of text.matchAll(PART)) {
    total += BigInt(match[1] as string) * (SIZES.get(match[2] as string) as bigint);
    end = match.index + match[0].length;
  }
  if (end === 0 || end !== text.length)
    throw refused(`"${text}"`, 'a duration is written like 1h30m or 500ms (units ns us ms s m h d w y)');
  return total;
}

function inRange(nanoseconds: bigint): bigint {
  if (nanoseconds < 0n) throw refused(`${nanoseconds}ns`, 'SurrealDB durations are not negative');
  if (nanoseconds > MAX) throw refused(`${nanoseconds}ns`, 'it is longer than 2^64 seconds');
  return nanoseconds;
}

function refused(given: string, why: string): ValidationError {
  return new ValidationError({
    what: `Not a duration: ${given}`,
    why,
    fix: "Write Duration.parse('1h30m') or Duration.fromMilliseconds(5_400_000)",
  });
}
