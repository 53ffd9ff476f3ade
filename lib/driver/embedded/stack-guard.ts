import { ValidationError } from '../../errors/index.js';
import { codeOf, scanText } from '../scan-text.js';

/** Operators in one chain that the engine's stack surely holds; some 700 of them end the process without a word. */
const CHAIN = 500;
/** A shorter text cannot hold a chain that is too long. */
const HARMLESS = 300;
const CASTS = /(?:<[\w\s|,]*>\s*){200}/;
const NEGATIONS = /(?:!\s*){300}/;
const NESTED_TYPES = /(?:\w+<){800}/;

/**
 * Operators by how tightly they bind, loosest first: a looser one ends the chain of the tighter ones before it, and the engine
 * goes as deep as the chains that are open add up to.
 */
const TIGHTNESS: Readonly<Record<string, number>> = {
  '??': 0,
  '?:': 0,
  OR: 1,
  '||': 1,
  AND: 2,
  '&&': 2,
  '+': 3,
  '-': 3,
  '*': 4,
  '/': 4,
  '%': 4,
  '×': 4,
  '÷': 4,
};

const TOKEN = /\?\?|\?:|\|\||&&|[+\-*/%×÷,;{}()[\]]|\b(?:or|and)\b/gi;

/**
 * Refuses a text whose operators form a chain so long that reading it would overflow the engine's stack, which ends the whole
 * process. Nesting in brackets needs no guard: the engine's parser counts it.
 *
 * @throws ValidationError
 */
export function assertStack(text: string): void {
  if (text.length < HARMLESS) return;
  const code = codeOf(text, scanText(text).spans);
  if (CASTS.test(code) || NEGATIONS.test(code) || NESTED_TYPES.test(code))
    throw tooDeep('casts, negations or nested types');
  const outer: number[][] = [];
  let chain = [0, 0, 0, 0, 0];
  for (const [token] of code.matchAll(TOKEN)) {
    const tightness = TIGHTNESS[token.toUpperCase()];
    if (tightness !== undefined) {
      chain = chain.map((count, at) => (at < tightness ? count : at === tightness ? count + 1 : 0));
      if (chain.reduce((sum, count) => sum + count) > CHAIN) throw tooDeep('operators');
    } else if (token === ',' || token === ';') {
      chain = [0, 0, 0, 0, 0];
    } else if (token === '(' || token === '[' || token === '{') {
      outer.push(chain);
      chain = [0, 0, 0, 0, 0];
    } else {
      chain = outer.pop() ?? chain;
    }
  }
}

function tooDeep(what: string): ValidationError {
  return new ValidationError({
    what: `The statement chains more ${what} than the embedded engine can read`,
    why: 'it would overflow the stack of the engine and end the process; nothing was sent',
    fix: [
      'compare with a list instead of many alternatives: WHERE id IN $ids',
      'split the chain with parentheses: (a OR b) OR (c OR d)',
    ],
    errors: [{ path: 'text', message: `chains too many ${what}`, rule: 'depth' }],
  });
}
