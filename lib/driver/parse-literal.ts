import { DateTime, Decimal, Duration, NONE, Point, RecordId, Uuid } from '../values/index.js';

/**
 * Reads a value that the server printed into an error message. What it cannot read with certainty stays the text it was.
 *
 * ```ts
 * parseLiteral("['a', 1.5dec]") // ['a', Decimal 1.5]
 * ```
 */
export function parseLiteral(text: string): unknown {
  try {
    const reader = new LiteralReader(text);
    const value = reader.value();
    return reader.atEnd ? value : text;
  } catch {
    return text;
  }
}

class Unreadable extends Error {}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['NULL', null],
  ['NONE', NONE],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['NaN', NaN],
]);

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '0': '\0' };

class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  value(): unknown {
    const char = this.#text[this.#at];
    if (char === "'" || char === '"') return this.#string();
    if (char === '[') return this.#list('[', ']');
    if (char === '{') return this.#braces();
    if (char === '(') return this.#point();
    const tagged = this.#take(/[dubr](?=['"])/y);
    if (tagged !== undefined) return this.#tagged(tagged);
    return this.#bare();
  }

  #tagged(tag: string): unknown {
    const text = this.#string();
    if (tag === 'd') return DateTime.parse(text);
    if (tag === 'u') return new Uuid(text);
    if (tag === 'r') return RecordId.parse(text);
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }

  #bare(): unknown {
    const word = this.#take(/-?[A-Za-z]+(?![\w:])/y);
    if (word !== undefined) {
      if (!WORDS.has(word)) throw new Unreadable();
      return WORDS.get(word);
    }
    const number = this.#take(/-?\d+(\.\d+)?(e[+-]?\d+)?(f|dec)?(?![\w.:µ])/y);
    if (number !== undefined) return numberOf(number);
    const duration = this.#take(/(\d+(ns|µs|us|ms|[smhdwy]))+(?![\w.:])/y);
    if (duration !== undefined) return Duration.parse(duration);
    return this.#recordId();
  }

  /** Its own parser judges it; here it ends before the comma or bracket that closes the list it stands in. */
  #recordId(): RecordId {
    const id = this.#take(/(\w+|`(?:[^`\\]|\\.)*`):(\w+|`(?:[^`\\]|\\.)*`|u'[^']*'|-?\d+)(?!\.\.|[>[{\w])/y);
    if (id !== undefined) return RecordId.parse(id);
    const rest = this.#text.slice(this.#at);
    if (this.#at > 0 || !/^(\w+|`(?:[^`\\]|\\.)*`):[[{]/.test(rest)) throw new Unreadable();
    this.#at = this.#text.length;
    return RecordId.parse(rest);
  }

  #string(): string {
    const quote = this.#text[this.#at];
    let read = '';
    for (this.#at += 1; ; this.#at += 1) {
      const char = this.#text[this.#at];
      if (char === undefined) throw new Unreadable();
      if (char === quote) break;
      if (char !== '\\') {
        read += char;
        continue;
      }
      this.#at += 1;
      read += this.#escaped();
    }
    this.#at += 1;
    return read;
  }

  #escaped(): string {
    const char = this.#text[this.#at];
    if (char === undefined) throw new Unreadable();
    if (char !== 'u') return ESCAPES[char] === undefined ? char : (ESCAPES[char] as string);
    const code = /\{([0-9a-f]+)\}/iy;
    code.lastIndex = this.#at + 1;
    const found = code.exec(this.#text);
    if (found === null) throw new Unreadable();
    this.#at = code.lastIndex - 1;
    return String.fromCodePoint(Number.parseInt(found[1] as string, 16));
  }

  #list(open: string, close: string): unknown[] {
    const items: unknown[] = [];
    this.#expect(open);
    while (!this.#accept(close)) {
      if (items.length > 0) this.#expect(',');
      this.#space();
      items.push(this.value());
      this.#space();
    }
    return items;
  }

  /** `{ a: 1 }` is an object, `{1, 2}` a set. */
  #braces(): unknown {
    const object = /\{\s*(?:\}|(?:\w+|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)\s*: )/y;
    object.lastIndex = this.#at;
    return object.test(this.#text) ? this.#object() : new Set(this.#list('{', '}'));
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#expect('{');
    this.#space();
    while (!this.#accept('}')) {
      if (entries.length > 0) this.#expect(',');
      this.#space();
      const key = this.#key();
      this.#space();
      this.#expect(':');
      this.#space();
      entries.push([key, this.value()]);
      this.#space();
    }
    return Object.fromEntries(entries);
  }

  #key(): string {
    const char = this.#text[this.#at];
    if (char === "'" || char === '"' || char === '`') return this.#string();
    const word = this.#take(/\w+/y);
    if (word === undefined) throw new Unreadable();
    return word;
  }

  #point(): Point {
    const match = this.#take(/\((-?[\d.e+-]+), (-?[\d.e+-]+)\)/y);
    const [longitude, latitude] = match === undefined ? [] : match.slice(1, -1).split(', ').map(Number);
    if (longitude === undefined || latitude === undefined) throw new Unreadable();
    return new Point([longitude, latitude]);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #space(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }

  #accept(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #expect(char: string): void {
    if (!this.#accept(char)) throw new Unreadable();
  }
}

function numberOf(text: string): unknown {
  if (text.endsWith('dec')) return new Decimal(text.slice(0, -3));
  if (text.endsWith('f')) return Number(text.slice(0, -1));
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}
