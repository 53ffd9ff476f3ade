import { ValidationError } from '../errors/index.js';
import { didYouMean } from '../types/nearest-word.js';
import type { TransactionOptions } from './transaction-options.js';

type Choice = 'mode' | 'guard' | 'propagation';

/** Typed over the options, so that a new one cannot be forgotten here; null: no list of words says what it takes. */
const KNOWN: Readonly<Record<keyof TransactionOptions, readonly string[] | null>> = Object.freeze({
  mode: ['deferred', 'interactive'] satisfies readonly TransactionOptions['mode'][],
  guard: ['changed', 'read'] satisfies readonly TransactionOptions['guard'][],
  propagation: [
    'REQUIRED',
    'REQUIRES_NEW',
    'NESTED',
    'SUPPORTS',
    'MANDATORY',
    'NOT_SUPPORTED',
    'NEVER',
  ] satisfies readonly TransactionOptions['propagation'][],
  retry: null,
  timeout: null,
});

/** What other ORMs call it. */
const ISOLATION = "what was only read is protected by guard: 'read', a snapshot of its own is mode: 'interactive'";
const ELSEWHERE: Readonly<Record<string, string>> = Object.freeze({
  isolationLevel: ISOLATION,
  isolation: ISOLATION,
  readOnly: 'a block that changes nothing sends nothing',
  attempts: 'write retry: { attempts: 10 }',
  retries: 'write retry: { attempts: 10 }',
});

/**
 * A misspelt option would silently do nothing, a wrong word begin a transaction of another kind than was meant.
 *
 * @throws ValidationError
 */
export function checkTransaction(work: unknown, options: TransactionOptions): void {
  if (typeof work !== 'function')
    throw refused('A transaction needs a function', `it was given ${typeof work}`, [
      'em.transaction(async (tx) => { … }, { retry: { attempts: 10 } })',
    ]);
  for (const [name, given] of Object.entries(options)) {
    if (!Object.hasOwn(KNOWN, name)) throw unknown(name);
    const words = KNOWN[name as Choice];
    if (given !== undefined && words !== null && !words.includes(given as string))
      throw refused(
        `The option \`${name}\` of a transaction cannot be right`,
        `${JSON.stringify(given)} is none of its words.${didYouMean(String(given), words)}`,
        [`one of ${words.join(', ')}`],
        name,
      );
  }
  checkRetry(options.retry);
}

/** `retry: 3` would spread into nothing. */
function checkRetry(retry: TransactionOptions['retry']): void {
  if (retry === undefined || retry === false || (typeof retry === 'object' && retry !== null)) return;
  throw refused(
    'The option `retry` of a transaction cannot be right',
    `${JSON.stringify(retry)} does not say how`,
    ['{ retry: { attempts: 10 } } counts all runs', '{ retry: false } is one run'],
    'retry',
  );
}

function unknown(name: string): ValidationError {
  const names = Object.keys(KNOWN);
  const habit = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
  const why = `there is no such option.${habit === undefined ? didYouMean(name, names) : ''}`;
  return refused(
    `The option \`${name}\` of a transaction cannot be right`,
    why,
    [...(habit === undefined ? [] : [habit]), `the options are ${names.join(', ')}`],
    name,
  );
}

function refused(what: string, why: string, fix: readonly string[], path = 'transaction'): ValidationError {
  return new ValidationError({ what, why, fix, errors: [{ path, message: why, rule: 'option' }] });
}
