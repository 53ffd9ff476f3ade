/** One token of a type string, with its 0-based place for messages. */
export type TypeToken =
  | { readonly kind: 'word'; readonly text: string; readonly at: number; readonly quoted: boolean }
  | { readonly kind: 'string'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

/** What a tokenizer or parser calls to refuse the text at a place. */
export type Refuse = (at: number, reason: string) => never;

const ESCAPES: Readonly<Record<string, string>> = Object.freeze({
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  0: '\0',
});
const PATTERNS = {
  blank: /\s+/y,
  word: /[A-Za-z_][A-Za-z0-9_]*/y,
  number: /-?\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?(?:dec|f)?/y,
  sign: /[<>|,:[\]{}]/y,
} as const;

/** Splits a type string into tokens: words, quoted names, texts, numbers and signs. */
export function tokenizeType(text: string, refuse: Refuse): readonly TypeToken[] {
  const tokens: TypeToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = at;
    return sticky.exec(text)?.[0];
  };
  while (at < text.length) {
    const blank = take(PATTERNS.blank);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const token = plainToken(take, at) ?? quotedToken(text, at, refuse);
    if (token === undefined) refuse(at, `unexpected character "${text[at]}"`);
    tokens.push(token.token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

interface Read {
  readonly token: TypeToken;
  readonly end: number;
}

function plainToken(take: (pattern: RegExp) => string | undefined, at: number): Read | undefined {
  const word = take(PATTERNS.word);
  if (word !== undefined) return { token: { kind: 'word', text: word, at, quoted: false }, end: at + word.length };
  const number = take(PATTERNS.number);
  if (number !== undefined) return { token: { kind: 'number', text: number, at }, end: at + number.length };
  const sign = take(PATTERNS.sign);
  return sign === undefined ? undefined : { token: { kind: 'sign', text: sign, at }, end: at + 1 };
}

function quotedToken(text: string, at: number, refuse: Refuse): Read | undefined {
  const quote = text[at];
  if (quote !== "'" && quote !== '"' && quote !== '`') return undefined;
  let value = '';
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i] as string;
    if (char === quote) {
      const token: TypeToken =
        quote === '`' ? { kind: 'word', text: value, at, quoted: true } : { kind: 'string', text: value, at };
      return { token, end: i + 1 };
    }
    if (char !== '\\') {
      value += char;
      continue;
    }
    const escape = readEscape(text, i, refuse);
    value += escape.value;
    i = escape.last;
  }
  return refuse(at, `the text that starts here has no closing ${quote}`);
}

function readEscape(text: string, at: number, refuse: Refuse): { readonly value: string; readonly last: number } {
  const char = text[at + 1];
  const simple = char === undefined ? undefined : ESCAPES[char];
  if (simple !== undefined) return { value: simple, last: at + 1 };
  if (char === '\\' || char === "'" || char === '"' || char === '`') return { value: char, last: at + 1 };
  const code = /^(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))/.exec(text.slice(at + 2));
  if (char !== 'u' || code === null) return refuse(at, `unknown escape "\\${char === undefined ? '' : char}"`);
  const point = Number.parseInt(code[1] === undefined ? (code[2] as string) : code[1], 16);
  if (point > 0x10ffff) return refuse(at, 'this character code does not exist');
  return { value: String.fromCodePoint(point), last: at + 1 + code[0].length };
}
