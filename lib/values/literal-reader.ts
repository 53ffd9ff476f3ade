import { Decimal } from 'decimal.js';
import { BoundExcluded, BoundIncluded, type Bound } from './bounds.js';
import { DateTime } from './date-time.js';
import { Duration } from './duration.js';
import { FileRef } from './file-ref.js';
import { LiteralScanner } from './literal-scanner.js';
import { geometryLike } from './geo-json.js';
import { Point } from './point.js';
import { Range } from './range.js';
import type { RecordId } from './record-id.js';
import { RecordIdRange } from './record-id-range.js';
import { INT64_MAX, INT64_MIN, type RecordKey } from './record-key.js';
import { Uuid } from './uuid.js';

/** Makes the record ids that are read; handed in because RecordId itself calls the reader. */
export type MakeRecordId = (table: string, key: RecordKey) => RecordId;

const SIMPLE = /^([A-Za-z_][A-Za-z0-9_]*):([A-Za-z][A-Za-z0-9_]*)$/;
const INTEGER = /-?\d+(?![A-Za-z0-9_])/y;
const KEY_WORD = /[A-Za-z0-9_]+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
/** A table and its colon; the server prints names that start with a digit bare. */
const TABLE = /(?=\d*[A-Za-z_])[A-Za-z0-9_]+:(?!:)/y;
const NUMBER = /-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(f|dec)?(?![A-Za-z0-9_])/y;
const DURATION = /(?:\d+(?:ns|us|µs|μs|ms|[smhdwy]))+(?![A-Za-z0-9_])/y;
const MAX_DEPTH = 100;

/**
 * Reads the text of a record id, `table:key`, as SurrealQL would.
 *
 * @throws ValidationError for text that SurrealQL would refuse, evaluate or read only in part.
 */
export function parseRecordId(text: string, make: MakeRecordId): RecordId {
  const simple = SIMPLE.exec(text);
  if (simple !== null) return make(simple[1] as string, simple[2] as string);
  const scanner = new LiteralScanner(text);
  const id = new LiteralReader(scanner, make).record();
  if (RecordIdRange.is(id)) throw scanner.refused('it is a range of records');
  if (!scanner.atEnd()) throw scanner.refused(`"${scanner.rest()}" is left over; SurrealQL would drop or evaluate it`);
  return id;
}

/** Reads the values inside a key: a recursive descent over SurrealQL's literals. */
class LiteralReader {
  readonly #in: LiteralScanner;
  readonly #make: MakeRecordId;
  #depth = 0;

  constructor(scanner: LiteralScanner, make: MakeRecordId) {
    this.#in = scanner;
    this.#make = make;
  }

  record(): RecordId | RecordIdRange {
    const scanner = this.#in;
    const bare = scanner.match(TABLE);
    if (bare !== undefined) return this.#recordOf(bare.slice(0, -1));
    const table = scanner.quotedName();
    if (table === undefined || !scanner.take(':')) throw scanner.refused('it does not start with a table and a colon');
    return this.#recordOf(table);
  }

  #recordOf(table: string): RecordId | RecordIdRange {
    const key = this.#in.looksAt('..') ? undefined : this.#key();
    const bounds = this.#rangeAfter(key, () => this.#key());
    if (bounds !== undefined)
      return new RecordIdRange(table, bounds[0] as Bound<RecordKey>, bounds[1] as Bound<RecordKey>);
    return this.#make(table, key as RecordKey);
  }

  #key(): RecordKey {
    const scanner = this.#in;
    const quoted = scanner.quotedName();
    if (quoted !== undefined) return quoted;
    if (scanner.looksAt('[') || scanner.looksAt('{')) return this.#compositeKey();
    if (scanner.looksAt("u'") || scanner.looksAt('u"')) return this.#prefixed(scanner.match(NAME) as string) as Uuid;
    const digits = scanner.match(INTEGER);
    if (digits !== undefined) return integerKey(digits);
    const word = scanner.match(KEY_WORD);
    if (word === undefined) throw scanner.refused('the key is missing or needs quotes');
    if (scanner.looksAt('(')) throw scanner.refused(`${word}() makes a new key; use randomKey(), ulid() or Uuid.v7()`);
    return word;
  }

  #compositeKey(): RecordKey {
    const key = this.#bracketed();
    if (Array.isArray(key) || Object.getPrototypeOf(key) === Object.prototype) return key as RecordKey;
    throw this.#in.refused('a key is no set and no geometry');
  }

  value(): unknown {
    const scanner = this.#in;
    const first = scanner.looksAt('..') ? undefined : this.#single();
    const bounds = this.#rangeAfter(first, () => this.#single());
    return bounds === undefined ? first : new Range(bounds[0], bounds[1]);
  }

  /** `>..=5` after a first bound. */
  #rangeAfter(first: unknown, next: () => unknown): readonly [Bound, Bound] | undefined {
    const scanner = this.#in;
    if (!scanner.looksAt('..') && !scanner.looksAt('>..')) return undefined;
    const excluded = scanner.take('>');
    scanner.take('..');
    const begin = first === undefined ? undefined : excluded ? new BoundExcluded(first) : new BoundIncluded(first);
    if (scanner.take('=')) return [begin, new BoundIncluded(next())];
    return [begin, scanner.endsValue() ? undefined : new BoundExcluded(next())];
  }

  #single(): unknown {
    const scanner = this.#in;
    switch (scanner.peek()) {
      case "'":
      case '"':
        return scanner.string();
      case '[':
      case '{':
        return this.#bracketed();
      case '(':
        return this.#point();
      case '`':
        return this.record();
      default:
        return this.#wordOrNumber();
    }
  }

  #wordOrNumber(): unknown {
    const scanner = this.#in;
    if (scanner.take('-Infinity')) return Number.NEGATIVE_INFINITY;
    const table = scanner.match(TABLE);
    if (table !== undefined) return this.#recordOf(table.slice(0, -1));
    const duration = scanner.match(DURATION);
    if (duration !== undefined) return Duration.parse(duration);
    const number = scanner.match(NUMBER);
    if (number !== undefined) return numberOf(number);
    const word = scanner.match(NAME);
    if (word === undefined) throw scanner.refused(`no value starts with "${scanner.rest()}"`);
    if (scanner.looksAt("'") || scanner.looksAt('"')) return this.#prefixed(word);
    return this.#constant(word);
  }

  #constant(word: string): unknown {
    if (word === 'NaN') return Number.NaN;
    if (word === 'Infinity') return Number.POSITIVE_INFINITY;
    switch (word.toLowerCase()) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
        return null;
      case 'none':
        return undefined;
      default:
        throw this.#in.refused(`"${word}" is no value`);
    }
  }

  /** `d'…'`, `u'…'` and the like. */
  #prefixed(prefix: string): unknown {
    const scanner = this.#in;
    if (prefix === 'f') return fileOf(scanner);
    const text = scanner.string();
    switch (prefix) {
      case 's':
        return text;
      case 'd':
        return DateTime.parse(text);
      case 'u':
        return Uuid.parse(text);
      case 'r':
        return parseRecordId(text, this.#make);
      case 'b':
        return bytesOf(text, scanner);
      default:
        throw scanner.refused(`${prefix}"…" is no value`);
    }
  }

  #bracketed(): unknown {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#in.refused(`it is nested deeper than ${MAX_DEPTH} levels`);
    const value = this.#in.take('[') ? this.#list(']') : this.#braces();
    this.#depth -= 1;
    return value;
  }

  /** The members up to `close`, a comma between and perhaps one at the end. */
  #list(close: string): unknown[] {
    const scanner = this.#in;
    const list: unknown[] = [];
    while (!scanner.takeSpaced(close)) {
      if (list.length > 0) scanner.expectComma(close);
      if (scanner.takeSpaced(close)) break;
      list.push(this.value());
      scanner.space();
    }
    return list;
  }

  #braces(): unknown {
    const scanner = this.#in;
    scanner.take('{');
    scanner.space();
    if (scanner.takeSpaced(',')) {
      if (scanner.takeSpaced('}')) return new Set();
      throw scanner.refused('a member is missing before the comma');
    }
    return scanner.looksAt('}') || scanner.startsMember() ? geometryLike(this.#object()) : new Set(this.#list('}'));
  }

  #object(): Record<string, unknown> {
    const scanner = this.#in;
    const object: Record<string, unknown> = {};
    for (let count = 0; !scanner.takeSpaced('}'); count++) {
      if (count > 0) scanner.expectComma('}');
      if (scanner.takeSpaced('}')) break;
      const name = scanner.memberName();
      const value = this.value();
      Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      scanner.space();
    }
    return object;
  }

  /** `(1.5, 2.5)`. */
  #point(): Point {
    const scanner = this.#in;
    scanner.take('(');
    const coordinates = this.#list(')');
    if (coordinates.length !== 2 || !coordinates.every((part) => typeof part === 'number'))
      throw scanner.refused('a point has two numbers');
    return new Point([coordinates[0] as number, coordinates[1] as number]);
  }
}

function integerKey(digits: string): string | number | bigint {
  const value = BigInt(digits);
  // SurrealQL reads digits beyond 64 bits as text.
  if (value > INT64_MAX || value < INT64_MIN) return digits;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number + 0 : value;
}

function numberOf(text: string): unknown {
  const plain = text.replaceAll('_', '');
  if (plain.endsWith('dec')) return new Decimal(plain.slice(0, -3));
  if (/^-?\d+$/.test(plain)) return integerKey(plain);
  return Number(plain.endsWith('f') ? plain.slice(0, -1) : plain);
}

function fileOf(scanner: LiteralScanner): FileRef {
  const text = scanner.string(true);
  const colon = text.indexOf(':');
  if (colon < 0) throw scanner.refused('a file is written bucket:/key');
  return new FileRef(text.slice(0, colon), text.slice(colon + 1));
}

function bytesOf(text: string, scanner: LiteralScanner): Uint8Array {
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(text)) throw scanner.refused('bytes are written as pairs of hexadecimal digits');
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}
