import { ValidationError } from '../errors/index.js';
import { civilFromSeconds, secondsFromCivil } from './civil.js';
import { tagOf } from './js-kinds.js';
import { hasKind, INSPECT, VALUE_KIND } from './kind.js';

const TEXT =
  /^([+-]\d{4,9}|\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9})\d*)?)?\s?([Zz]|[+-]\d{2}:?\d{2}))?$/;
/** The last second that a JavaScript Date can hold, before and after 1970. */
const DATE_LIMIT = 8_640_000_000_000;
/** Marks a time that a Date cannot hold. */
const FAR = 1e9;

/** Date without its statics, whose `parse` returns a number. */
const BaseDate: new (value: number) => Date = Date;

/**
 * A `Date` that keeps SurrealDB's nanoseconds. Everything a Date does works; `seconds` and `nanoseconds` are exact.
 * https://surrealdb.com/docs/surrealql/datamodel/datetimes
 *
 * The digits below the millisecond hold as long as the time is unchanged: a setter such as `setHours` drops them.
 *
 * ```ts
 * const at = DateTime.parse('2024-01-02T03:04:05.123456789Z');
 * at.getFullYear();  // 2024
 * at.nanoseconds;    // 123_456_789, within the second
 * at.toISOString();  // '2024-01-02T03:04:05.123456789Z'
 * ```
 */
export class DateTime extends BaseDate {
  /** The time the digits in `#below` belong to; of a far time its Unix seconds. */
  readonly #at: number;
  /** Nanoseconds below the millisecond, 0 … 999_999; of a far time those within the second, with FAR added. */
  readonly #below: number;

  /**
   * @param value milliseconds since 1970, RFC 3339 text, or a Date; nothing is now.
   * @param below further nanoseconds, 0 … 999_999.
   * @throws ValidationError for text that is no date.
   */
  constructor(value: number | string | Date = Date.now(), below = 0) {
    if (typeof value === 'number') {
      super(value);
      this.#below = below;
    } else {
      const { seconds, nanoseconds } = partsOf(value);
      const far = isFar(seconds, nanoseconds);
      super(far ? Number.NaN : seconds * 1000 + Math.floor(nanoseconds / 1e6));
      this.#below = far ? nanoseconds + FAR : nanoseconds % 1e6;
      if (far) {
        this.#at = seconds;
        return;
      }
    }
    this.#at = super.getTime();
  }

  /**
   * @param seconds since 1970, negative before.
   * @param nanoseconds within the second, 0 … 999_999_999.
   * @throws ValidationError when a part is no integer or out of range.
   */
  static fromParts(seconds: bigint | number, nanoseconds = 0): DateTime {
    const whole = Number(seconds);
    if (!Number.isSafeInteger(whole)) throw refused(`${seconds} s`, 'seconds are an integer of at most 53 bits');
    if (!Number.isInteger(nanoseconds) || nanoseconds < 0 || nanoseconds > 999_999_999) {
      throw refused(`${nanoseconds} ns`, 'nanoseconds are an integer from 0 to 999999999');
    }
    if (isFar(whole, nanoseconds)) return new DateTime(isoText(whole, nanoseconds));
    const millis = Math.floor(nanoseconds / 1e6);
    return new DateTime(whole * 1000 + millis, nanoseconds - millis * 1e6);
  }

  /** Reads RFC 3339 text with up to nine fraction digits, or a date alone (midnight UTC). @throws ValidationError */
  static parse(text: string): DateTime {
    return new DateTime(text);
  }

  static now(): DateTime {
    return new DateTime(Date.now());
  }

  static is(value: unknown): value is DateTime {
    return hasKind(value, 'DateTime');
  }

  /** The class is itself the codec of a field that keeps its nanoseconds: `@Field('datetime', { codec: DateTime })`. */
  static decode(stored: Date): DateTime {
    return new DateTime(stored);
  }

  static encode(value: DateTime): DateTime {
    return value;
  }

  get [VALUE_KIND](): 'DateTime' {
    return 'DateTime';
  }

  /** Whole seconds since 1970, rounded down; NaN of an invalid date. */
  get seconds(): number {
    return this.#isFar() ? this.#at : Math.floor(this.getTime() / 1000);
  }

  /** Nanoseconds within the second, 0 … 999_999_999. */
  get nanoseconds(): number {
    if (this.#isFar()) return this.#below - FAR;
    const time = this.getTime();
    return (time - Math.floor(time / 1000) * 1000) * 1e6 + (time === this.#at && this.#below < FAR ? this.#below : 0);
  }

  /** Equal to the nanosecond; a plain Date has none below its milliseconds. */
  equals(other: unknown): boolean {
    if (DateTime.is(other)) return other.seconds === this.seconds && other.nanoseconds === this.nanoseconds;
    if (typeof other !== 'object' || other === null || tagOf(other) !== '[object Date]') return false;
    return this.equals(new DateTime((other as Date).getTime()));
  }

  /** ISO 8601 with as many digits as the time has: three, six or nine. @throws RangeError for an invalid date. */
  override toISOString(): string {
    const seconds = this.seconds;
    if (Number.isNaN(seconds)) return super.toISOString();
    return isoText(seconds, this.nanoseconds);
  }

  override toJSON(): string {
    return Number.isNaN(this.seconds) ? super.toJSON() : this.toISOString();
  }

  [INSPECT](): string {
    return Number.isNaN(this.seconds) ? 'DateTime(invalid)' : `DateTime(${this.toISOString()})`;
  }

  #isFar(): boolean {
    return this.#below >= FAR && Number.isNaN(this.getTime());
  }
}

/** True for a time that a Date cannot hold. */
function isFar(seconds: number, nanoseconds: number): boolean {
  return Math.abs(seconds) > DATE_LIMIT || (seconds === DATE_LIMIT && nanoseconds >= 1e6);
}

function isoText(seconds: number, nanoseconds: number): string {
  const { year, month, day, hour, minute, second } = civilFromSeconds(seconds);
  return `${yearText(year)}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${fraction(nanoseconds)}Z`;
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return (year < 0 ? '-' : '+') + String(Math.abs(year)).padStart(6, '0');
}

function two(part: number): string {
  return part < 10 ? `0${part}` : String(part);
}

function fraction(nanoseconds: number): string {
  const digits = String(nanoseconds).padStart(9, '0');
  if (digits.endsWith('000000')) return digits.slice(0, 3);
  return digits.endsWith('000') ? digits.slice(0, 6) : digits;
}

function partsOf(value: string | Date): { readonly seconds: number; readonly nanoseconds: number } {
  if (typeof value === 'string') return parse(value);
  if (DateTime.is(value)) return { seconds: value.seconds, nanoseconds: value.nanoseconds };
  const time = value.getTime();
  const seconds = Math.floor(time / 1000);
  return { seconds, nanoseconds: (time - seconds * 1000) * 1e6 };
}

function parse(text: string): { readonly seconds: number; readonly nanoseconds: number } {
  const match = TEXT.exec(text);
  if (match === null) throw refused(`"${text}"`, 'a datetime is written like 2024-01-02T03:04:05.123Z');
  const part = (index: number): number => Number(match[index] === undefined ? 0 : match[index]);
  const time = { year: part(1), month: part(2), day: part(3), hour: part(4), minute: part(5), second: part(6) };
  const seconds = secondsFromCivil(time);
  const back = civilFromSeconds(seconds);
  if (back.day !== time.day || back.month !== time.month || back.hour !== time.hour || back.minute !== time.minute) {
    throw refused(`"${text}"`, 'there is no such day or time');
  }
  const digits = match[7] === undefined ? '' : match[7];
  return { seconds: seconds - offsetSeconds(match[8]), nanoseconds: Number(digits.padEnd(9, '0')) };
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -60 : 60) * minutes;
}

function refused(given: string, why: string): ValidationError {
  return new ValidationError({
    what: `Not a datetime: ${given}`,
    why,
    fix: "Write new Date(…), DateTime.parse('2024-01-02T03:04:05Z') or DateTime.fromParts(seconds, nanoseconds)",
  });
}
