import { codeOf, scanText } from './scan-text.js';

export interface ScriptStatement {
  /** As written, without the comments around it. */
  readonly text: string;
  /** Its first word in upper case; empty when it starts with something else. */
  readonly keyword: string;
}

/**
 * The top-level statements of a script, in order: what stands between semicolons outside strings, comments, blocks and
 * parentheses. It serves error messages and the reading of a script's answers, never what is sent.
 *
 * ```ts
 * splitStatements('LET $x = 1; RETURN { a: $x; };').map(({ keyword }) => keyword) // ['LET', 'RETURN']
 * ```
 */
export function splitStatements(text: string): readonly ScriptStatement[] {
  const { spans } = scanText(text);
  const statements: ScriptStatement[] = [];
  let depth = 0;
  let start = 0;
  let span = 0;
  const add = (end: number) => {
    const statement = statementOf(text.slice(start, end));
    if (statement !== undefined) statements.push(statement);
    start = end + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const quiet = spans[span];
    if (quiet !== undefined && at === quiet.start) {
      at = quiet.end - 1;
      span += 1;
      continue;
    }
    const char = text.charCodeAt(at);
    if (char === 0x7b || char === 0x28 || char === 0x5b) depth += 1;
    else if (char === 0x7d || char === 0x29 || char === 0x5d) depth = Math.max(0, depth - 1);
    else if (char === 0x3b && depth === 0) add(at);
  }
  add(text.length);
  return statements;
}

function statementOf(source: string): ScriptStatement | undefined {
  const { spans } = scanText(source);
  const code = codeOf(source, spans).trim();
  if (code === '') return undefined;
  const leading = spans.filter(({ start, kind }) => kind === 'comment' && isLeading(source, spans, start));
  const from = leading.length === 0 ? 0 : (leading[leading.length - 1]?.end as number);
  return {
    text: source.slice(from).trim(),
    keyword: (/^[A-Za-z]+\b/.exec(code)?.[0] as string | undefined)?.toUpperCase() ?? '',
  };
}

/** Nothing but comments and space stands before `position`. */
function isLeading(
  source: string,
  spans: readonly { readonly start: number; readonly end: number }[],
  position: number,
): boolean {
  let at = 0;
  for (const { start, end } of spans) {
    if (start >= position) break;
    if (source.slice(at, start).trim() !== '') return false;
    at = end;
  }
  return source.slice(at, position).trim() === '';
}
