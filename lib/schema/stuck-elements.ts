import type { FieldPath } from './field-path.js';

/** Names that the server quotes in one place and not in the other. */
const HALF_QUOTED: ReadonlySet<string> = new Set([
  'after',
  'all',
  'before',
  'begin',
  'by',
  'cancel',
  'commit',
  'diff',
  'kill',
  'live',
  'option',
  'rand',
  'sequence',
  'show',
  'table',
  'use',
  'value',
  'where',
]);

/**
 * The elements that the server defines below an array of such a name are kept under a name that REMOVE FIELD does not look
 * for: they cannot be removed. Without the array around them they mean nothing.
 */
export function isStuck(path: FieldPath): boolean {
  const [first] = path;
  return typeof path.at(-1) === 'symbol' && typeof first === 'string' && HALF_QUOTED.has(first.toLowerCase());
}
