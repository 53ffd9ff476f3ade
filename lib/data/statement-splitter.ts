/** A statement of a script, as written. */
export interface SplitStatement {
  readonly text: string;
  /** The line, from 1 on, in which its first word stands. */
  readonly line: number;
  /** Objects in its outermost list or beside it: what an INSERT inserts. */
  readonly objects: number;
}

const CODE_MARK = /['"`⟨{}()[\];#/-]/g;
const LINE_BREAK = 10;

/**
 * Splits a script that comes in pieces into its statements; no more is held than the one that is not complete. Strings,
 * quoted names, comments, blocks and brackets may hold semicolons.
 *
 * ```ts
 * const splitter = new StatementSplitter();
 * splitter.push("CREATE a SET t = ';'; CREATE"); // [{ text: "CREATE a SET t = ';'", … }]
 * splitter.end();                                // [{ text: 'CREATE', … }]
 * ```
 */
export class StatementSplitter {
  #text = '';
  #at = 0;
  /** What ends the string, name or comment that is open. */
  #closer: string | undefined;
  #depth = 0;
  #objects = 0;
  #line = 1;
  #isOver = false;

  push(text: string): readonly SplitStatement[] {
    this.#text += text;
    return this.#take();
  }

  /** What is left when the script has ended. */
  end(): readonly SplitStatement[] {
    this.#isOver = true;
    const complete = this.#take();
    const last = this.#cut(this.#text.length);
    return last === undefined ? complete : [...complete, last];
  }

  #take(): readonly SplitStatement[] {
    const statements: SplitStatement[] = [];
    while (this.#step(statements));
    return statements;
  }

  /** One mark further; false when more text is needed. */
  #step(statements: SplitStatement[]): boolean {
    if (this.#closer !== undefined) return this.#close(this.#closer);
    CODE_MARK.lastIndex = this.#at;
    const found = CODE_MARK.exec(this.#text);
    if (found === null) {
      this.#at = this.#text.length;
      return false;
    }
    const at = found.index;
    const opener = this.#commentAt(at);
    if (opener === undefined) {
      this.#at = at;
      return false;
    }
    this.#at = at + opener.length;
    if (opener === ';') {
      if (this.#depth > 0) return true;
      const statement = this.#cut(at);
      if (statement !== undefined) statements.push(statement);
      return true;
    }
    this.#open(opener);
    return true;
  }

  /** The mark at a place, of two characters where it opens a comment; undefined while the second is not there. */
  #commentAt(at: number): string | undefined {
    const mark = this.#text[at] as string;
    if (mark !== '-' && mark !== '/') return mark;
    const next = this.#text[at + 1];
    if (next === undefined && !this.#isOver) return undefined;
    return next === mark || (mark === '/' && next === '*') ? mark + next : mark;
  }

  #open(opener: string): void {
    const closer = CLOSERS[opener];
    if (closer !== undefined) this.#closer = closer;
    else if ('{(['.includes(opener)) {
      if (opener === '{' && this.#depth <= 1) this.#objects += 1;
      this.#depth += 1;
    } else if ('})]'.includes(opener)) this.#depth = Math.max(0, this.#depth - 1);
  }

  #close(closer: string): boolean {
    const end = closer.length === 1 && QUOTES.includes(closer) ? this.#endOfQuoted(closer) : this.#endOf(closer);
    if (end < 0) return false;
    this.#at = end;
    this.#closer = undefined;
    return true;
  }

  #endOf(closer: string): number {
    const found = this.#text.indexOf(closer, this.#at);
    if (found >= 0) return found + closer.length;
    // Half of the closer may be there already.
    this.#at = Math.max(this.#at, this.#text.length - closer.length + 1);
    return -1;
  }

  #endOfQuoted(quote: string): number {
    const { length } = this.#text;
    for (let at = this.#at; at < length; at += 1) {
      const char = this.#text[at];
      if (char === quote) return at + 1;
      if (char !== '\\') continue;
      if (at + 1 === length) {
        this.#at = at;
        return -1;
      }
      at += 1;
    }
    this.#at = length;
    return -1;
  }

  #cut(end: number): SplitStatement | undefined {
    const raw = this.#text.slice(0, end);
    const from = startOfCode(raw);
    const text = raw.slice(from).trimEnd();
    const line = this.#line + linesIn(raw.slice(0, from));
    const statement = text === '' ? undefined : { text, line, objects: this.#objects };
    this.#line += linesIn(raw);
    this.#text = this.#text.slice(end + 1);
    this.#at = 0;
    this.#objects = 0;
    this.#depth = 0;
    return statement;
  }
}

const QUOTES = `'"\``;
const CLOSERS: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '`': '`',
  '⟨': '⟩',
  '#': '\n',
  '--': '\n',
  '//': '\n',
  '/*': '*/',
};

/** After the comments and blanks before a statement. */
function startOfCode(text: string): number {
  const blank = /(?:\s+|(?:--|\/\/|#)[^\n]*(?:\n|$)|\/\*[^]*?(?:\*\/|$))+/y;
  const found = blank.exec(text);
  return found === null ? 0 : found[0].length;
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) === LINE_BREAK) lines += 1;
  return lines;
}
