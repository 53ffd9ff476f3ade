import { ValidationError } from '../../errors/index.js';
import { Duration } from '../../values/index.js';
import { maskedText } from '../scan-text.js';
import { checkNumbers } from './number-arguments.js';
import { checkFormats } from './time-format.js';

/** A text that mentions none of these has nothing to be checked; most have not. */
const SUSPECTS =
  /\bformat\s*\(|\btimeout\b|\brand::(?:float|id|string)\b|\bfixed\s*\(|\bsearch::(?:rrf|linear)\b|<\s*(?:option\s*<\s*)?record\b|\btype::record\b|\bis_record\b/i;

/** Adding more to the clock overflows it; the engine's own end is 292 billion years. */
const LONGEST = Duration.parse('1000000y');
const DURATION = /(?:\d+(?:ns|us|µs|μs|ms|[smhdwy]))+/g;
/** Half of the largest float: the width between two bounds must be a number too. */
const WIDEST = Number.MAX_VALUE / 2;
/** The engine reads a record id from text by recursion, whose depth it does not count. */
const DEEPEST = 200;

/** One check: says what is wrong with a text and its bindings. */
type Check = (text: string, bindings: Readonly<Record<string, unknown>>) => string | undefined;

const CHECKS: readonly (readonly [mention: RegExp, check: Check])[] = [
  [/\bformat\s*\(/i, checkFormats],
  [/\bfixed\s*\(|\brand::(?:id|string)\b|\bsearch::(?:rrf|linear)\b/i, checkNumbers],
  [/\btimeout\b/i, checkTimeouts],
  [/\brand::float\b/i, checkRandomBounds],
  [/\brecord\b|is_record\b/i, checkRecordTexts],
];

/**
 * Refuses arguments that make the engine panic, which ends the whole process.
 *
 * @throws ValidationError
 */
export function assertNoPanic(text: string, bindings: unknown): void {
  const why = panicOf(text, bindings);
  if (why === undefined) return;
  throw new ValidationError({
    what: 'The statement holds an argument that the embedded engine cannot stand',
    why: `${why}; it would end the process, so nothing was sent`,
    fix: 'correct the argument',
    errors: [{ path: 'text', message: why, rule: 'argument' }],
  });
}

/** Whether a text has anything to be checked. */
export function mayPanic(text: string): boolean {
  return SUSPECTS.test(text);
}

/** Says which argument would make the engine panic; undefined when none is seen. */
export function panicOf(text: string, bindings: unknown): string | undefined {
  if (!mayPanic(text)) return undefined;
  const bound = typeof bindings === 'object' && bindings !== null ? (bindings as Record<string, unknown>) : {};
  for (const [mention, check] of CHECKS) {
    const why = mention.test(text) ? check(text, bound) : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}

function checkTimeouts(text: string, bindings: Readonly<Record<string, unknown>>): string | undefined {
  const written = [...maskedText(text).matchAll(DURATION)].map(([duration]) => duration);
  const bound = Object.values(bindings).filter(Duration.is).map(String);
  const longer = [...written, ...bound].find(isTooLong);
  return longer === undefined ? undefined : `a TIMEOUT of ${longer} is longer than its clock`;
}

function isTooLong(text: string): boolean {
  try {
    return Duration.parse(text).compare(LONGEST) > 0;
  } catch {
    return true; // longer than a duration can be
  }
}

function checkRandomBounds(text: string, bindings: Readonly<Record<string, unknown>>): string | undefined {
  const code = maskedText(text);
  const words = code.match(/\b(?:NaN|Infinity)\b|\b\d[\d.]*e\+?\d{3,}/g);
  const written = words === null ? [] : words.map(Number);
  const bound = Object.values(bindings).filter((value) => typeof value === 'number');
  const wild = [...written, ...bound].find((value) => !(Math.abs(value) <= WIDEST));
  return wild === undefined ? undefined : `rand::float cannot take ${wild} as a bound`;
}

function checkRecordTexts(_text: string, bindings: Readonly<Record<string, unknown>>): string | undefined {
  return holdsDeepText(bindings)
    ? `a bound text nests brackets deeper than ${DEEPEST} levels, and is read as a record id`
    : undefined;
}

/** Short texts, nearly all there are, cost no more than a look at their length. */
function holdsDeepText(value: unknown): boolean {
  if (typeof value === 'string') return value.length > DEEPEST && depthOf(value) > DEEPEST;
  if (Array.isArray(value)) return value.some(holdsDeepText);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some(holdsDeepText);
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === '[' || char === '{' || char === '(') deepest = Math.max(deepest, (depth += 1));
    else if (char === ']' || char === '}' || char === ')') depth = Math.max(0, depth - 1);
  }
  return deepest;
}
