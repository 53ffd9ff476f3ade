import { ValidationError } from '../errors/index.js';

const SPACE = /\s*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const MEMBER =
  /\s*(?:[A-Za-z_][A-Za-z0-9_]*|\d+|'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|`(?:[^`\\]|\\[^])*`)\s*:(?!:)/y;
const DIGITS = /\d+/y;
const ESCAPE = /u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|([^])/y;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };
const SELF_ESCAPED = '\\\'"`⟩';

/** The text of a record id and the place that reading has come to. */
export class LiteralScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  rest(): string {
    return this.#text.slice(this.#at);
  }

  peek(): string {
    return this.#text.charAt(this.#at);
  }

  looksAt(token: string): boolean {
    return this.#text.startsWith(token, this.#at);
  }

  take(token: string): boolean {
    if (!this.looksAt(token)) return false;
    this.#at += token.length;
    return true;
  }

  /** Takes the token, with white space around it. */
  takeSpaced(token: string): boolean {
    this.space();
    if (!this.take(token)) return false;
    if (token === ',') this.space();
    return true;
  }

  space(): void {
    this.match(SPACE);
  }

  expectComma(close: string): void {
    if (!this.takeSpaced(',')) throw this.refused(`a comma or ${close} is missing before "${this.rest()}"`);
  }

  /** What the sticky pattern finds here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  /** True where a value can end: the end of the text, a closing bracket or a comma. */
  endsValue(): boolean {
    return this.atEnd() || /[\s,\])}]/.test(this.peek());
  }

  /** A name in backticks, or in the angle brackets of older versions. */
  quotedName(): string | undefined {
    if (this.take('`')) return this.#until('`');
    return this.take('⟨') ? this.#until('⟩') : undefined;
  }

  /** A string in single or double quotes. @param verbatim keeps what follows a backslash as it is. */
  string(verbatim = false): string {
    const quote = this.peek();
    this.#at += 1;
    return this.#until(quote, verbatim);
  }

  startsMember(): boolean {
    MEMBER.lastIndex = this.#at;
    return MEMBER.test(this.#text);
  }

  /** A member's name and the colon after it. */
  memberName(): string {
    const quote = this.peek();
    const quoted = quote === "'" || quote === '"' ? this.string() : this.quotedName();
    const name = quoted === undefined ? this.#plainName() : quoted;
    if (name === undefined || !this.takeSpaced(':'))
      throw this.refused(`a member's name and a colon are missing before "${this.rest()}"`);
    this.space();
    return name;
  }

  #plainName(): string | undefined {
    const name = this.match(NAME);
    return name === undefined ? this.match(DIGITS) : name;
  }

  #until(quote: string, verbatim = false): string {
    let text = '';
    while (!this.atEnd()) {
      const character = this.#text.charAt(this.#at++);
      if (character === quote) return text;
      text += character === '\\' ? this.#escape(verbatim) : character;
    }
    throw this.refused(`the closing ${quote} is missing`);
  }

  #escape(verbatim: boolean): string {
    if (verbatim) return this.#text.charAt(this.#at++);
    ESCAPE.lastIndex = this.#at;
    const match = ESCAPE.exec(this.#text);
    if (match === null) throw this.refused('it ends with a backslash');
    this.#at += match[0].length;
    const code = match[1] === undefined ? match[2] : match[1];
    if (code !== undefined && Number.parseInt(code, 16) <= 0x10ffff)
      return String.fromCodePoint(Number.parseInt(code, 16));
    const character = match[0];
    if (SELF_ESCAPED.includes(character)) return character;
    const escaped = ESCAPED[character];
    if (escaped === undefined) throw this.refused(`\\${character} is no escape`);
    return escaped;
  }

  refused(why: string): ValidationError {
    return new ValidationError({
      what: `Not the text of a record id: ${this.#text}`,
      why,
      fix: ["Quote the key: RecordId.parse('user:`a-b`')", "Or give its parts: new RecordId('user', 'a-b')"],
    });
  }
}
