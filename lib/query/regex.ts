import { refused } from './query-errors.js';

/** Text as a pattern of the server's regex engine (Rust's) that matches just that text. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$#&\-~]/g, '\\$&');
}

/** A LIKE pattern as a regex over the whole text: `%` any text, `_` one character, `\` takes the next one literally. */
export function likePattern(pattern: string, flag: '' | 'i'): string {
  const body = pattern.replace(/\\([^])|([%_])|([^])/gu, (_, escaped?: string, wildcard?: string, plain?: string) => {
    if (wildcard !== undefined) return wildcard === '%' ? '.*' : '.';
    return escapeRegex(escaped === undefined ? (plain as string) : escaped);
  });
  return `(?s${flag})^${body}$`;
}

/**
 * A RegExp of JavaScript as a pattern of the server's regex engine, matching the same texts. Look-around and
 * back-references do not exist there and are refused. Two things stay the server's: characters are whole code points, as
 * with the `u` flag, and with the `m` flag lines end at `\n` alone.
 */
export function translateRegExp(regExp: RegExp, path: string): string {
  const flags = ['i', 's', 'm'].filter((flag) => regExp.flags.includes(flag)).join('');
  const body = new Translation(regExp, path).run();
  return flags === '' ? body : `(?${flags})${body}`;
}

const CLASSES: Readonly<Record<string, string>> = { d: '0-9', w: 'A-Za-z0-9_' };

/** One pass over the source; character classes have their own rules. */
class Translation {
  readonly #source: string;
  readonly #regExp: RegExp;
  readonly #path: string;
  #at = 0;

  constructor(regExp: RegExp, path: string) {
    this.#regExp = regExp;
    this.#source = regExp.source;
    this.#path = path;
  }

  run(): string {
    let out = '';
    while (this.#at < this.#source.length) out += this.#next();
    return out;
  }

  #next(): string {
    const char = this.#take();
    if (char === '\\') return this.#escape(false);
    if (char === '[') return this.#class();
    if (char === '(') return this.#group();
    // In JavaScript a dot leaves out four line ends, on the server one.
    if (char === '.' && !this.#regExp.flags.includes('s')) return '[^\\n\\r\\x{2028}\\x{2029}]';
    return char;
  }

  #take(): string {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) as number);
    this.#at += char.length;
    return char;
  }

  #group(): string {
    const rest = this.#source.slice(this.#at);
    if (/^\?(?:[=!]|<[=!])/.test(rest)) throw this.#unsupported('look-ahead and look-behind');
    return '(';
  }

  #escape(inClass: boolean): string {
    const char = this.#take();
    if (/[1-9k]/.test(char) && !inClass) throw this.#unsupported('back-references');
    if (char === 'd' || char === 'w') return inClass ? (CLASSES[char] as string) : `[${CLASSES[char]}]`;
    if (char === 'D' || char === 'W') return `[^${CLASSES[char.toLowerCase()]}]`;
    if (char === 'b') return inClass ? '\\x08' : '(?-u:\\b)';
    if (char === 'B') return '(?-u:\\B)';
    if (char === '0') return '\\x00';
    if (char === 'c') return `\\x${((this.#take().codePointAt(0) as number) % 32).toString(16).padStart(2, '0')}`;
    if (char === 'u' || char === 'x') return this.#codePoint(char);
    if (char === 's') return inClass ? '\\s\\x{FEFF}' : '[\\s\\x{FEFF}]';
    if (char === 'S') return '[^\\s\\x{FEFF}]';
    if (/[nrtfvpP]/.test(char)) return `\\${char}`;
    return escapeInRust(char);
  }

  #codePoint(kind: string): string {
    const digits = /^(?:\{([\da-fA-F]+)\}|([\da-fA-F]{4}))/.exec(this.#source.slice(this.#at));
    const short = kind === 'x' ? /^()([\da-fA-F]{2})/.exec(this.#source.slice(this.#at)) : digits;
    if (short === null) return kind;
    this.#at += short[0].length;
    return `\\x{${short[1] === undefined || short[1] === '' ? short[2] : short[1]}}`;
  }

  #class(): string {
    const negated = this.#source[this.#at] === '^';
    if (negated) this.#at++;
    if (this.#source[this.#at] === ']') {
      this.#at++;
      return negated ? '[\\s\\S]' : '[^\\s\\S]';
    }
    let out = negated ? '[^' : '[';
    for (;;) {
      const char = this.#take();
      if (char === ']') return `${out}]`;
      out += char === '\\' ? this.#escape(true) : char === '-' ? this.#hyphen(out) : escapeInRust(char);
    }
  }

  /** A hyphen between two characters makes a range; elsewhere it stands for itself. */
  #hyphen(before: string): string {
    const isRange = !before.endsWith('[') && !before.endsWith('[^') && this.#source[this.#at] !== ']';
    return isRange ? '-' : '\\-';
  }

  #unsupported(feature: string): Error {
    return refused({
      path: this.#path,
      what: `${this.#path} cannot use ${String(this.#regExp)}`,
      why: `SurrealDB's regex engine knows no ${feature}`,
      fix: 'say it with several conditions',
      rule: 'operator',
    });
  }
}

function escapeInRust(char: string): string {
  return /[\\.+*?()|[\]{}^$#&\-~]/.test(char) ? `\\${char}` : char;
}
