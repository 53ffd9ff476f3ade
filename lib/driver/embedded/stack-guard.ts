import { ValidationError } from '../../errors/index.js';
import { codeOf, scanText } from '../scan-text.js';
import { expressionLimit } from './engine-stack.js';

/** Operators, the signs of casts and nested types, arrows of a path; `,` and `;` begin an expression anew. */
const TOKEN = /<->|->|<-|<~|\.\.\.?|\|\||&&|\?\?|\?:|\*\*|[+\-*/%×÷!<,;{}()[\]]|\b(?:or|and|explain)\b/gi;

/**
 * Refuses a text with an expression so deep that reading it would overflow the engine's stack, which ends the whole process.
 *
 * @throws ValidationError
 */
export function assertStack(text: string): void {
  const why = tooDeep(text, expressionLimit());
  if (why === undefined) return;
  throw new ValidationError({
    what: 'The statement chains more operators than the embedded engine can read',
    why: `${why}; it would overflow the stack of the engine and end the process, so nothing was sent`,
    fix: [
      'compare with a list instead of many alternatives: WHERE id IN $ids',
      'group the terms evenly with parentheses: (a OR b) OR (c OR d)',
    ],
    errors: [{ path: 'text', message: why, rule: 'depth' }],
  });
}

/** Says why a text is too deep for an engine that takes `limit` levels, or nothing when it is not. */
export function tooDeep(text: string, limit: number): string | undefined {
  // Each level takes a character at least.
  if (text.length <= limit) return undefined;
  const { spans, certain } = scanText(text);
  const depth = depthOf(codeOf(text, spans));
  // A scan that may be misled may also have taken code for a string.
  const worst = certain ? depth : Math.max(depth, depthOf(text));
  return worst > limit ? `it chains ${worst} operators, and ${limit} is as many as fit` : undefined;
}

/** An expression that is being read, and what stands beside it in the same brackets. */
interface Level {
  /** Operators so far. */
  readonly chain: number;
  /** The deepest brackets between them. */
  readonly inner: number;
  /** The deepest expression before the last comma. */
  readonly before: number;
}

const START: Level = { chain: 0, inner: 0, before: 0 };

/**
 * How deep the deepest expression can be at most: the operators that follow one another, and those in the brackets between
 * them. Brackets themselves the engine's parser counts.
 */
function depthOf(code: string): number {
  const outer: Level[] = [];
  let level = START;
  let deepest = 0;
  for (const [token] of code.matchAll(TOKEN)) {
    level = next(token, level, outer);
    deepest = Math.max(deepest, depthAt(level));
  }
  return deepest;
}

function depthAt({ chain, inner, before }: Level): number {
  return Math.max(before, chain + inner);
}

function next(token: string, level: Level, outer: Level[]): Level {
  switch (token) {
    case ',':
    case ';':
      return { ...START, before: depthAt(level) };
    case '(':
    case '[':
    case '{':
      outer.push(level);
      return START;
    case ')':
    case ']':
    case '}': {
      const around = outer.pop();
      return around === undefined ? level : { ...around, inner: Math.max(around.inner, depthAt(level)) };
    }
    default:
      return { ...level, chain: level.chain + 1 };
  }
}
