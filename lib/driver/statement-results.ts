import { ConnectionError } from '../errors/index.js';
import type { StatementResult } from './driver.js';
import { isObject } from './fault-kind.js';
import { faultFrom } from './rpc-fault.js';
import { splitStatements } from './split-statements.js';

/** The entries of a `query` answer: one for each statement that the server answers for. */
export function statementResults(answer: unknown): readonly StatementResult[] {
  if (!Array.isArray(answer)) throw unexpected('a query with something else than a list');
  return answer.map(statementResult);
}

function statementResult(entry: unknown): StatementResult {
  if (!isObject(entry)) throw unexpected('a statement with something else than an entry');
  const time = typeof entry['time'] === 'string' ? entry['time'] : '';
  if (entry['status'] === 'OK') return { ok: true, value: entry['result'], time };
  return { ok: false, error: faultFrom(entry), time };
}

function unexpected(what: string): ConnectionError {
  return new ConnectionError({
    what: `The server answered ${what}`,
    why: 'SurrealDB 3 does not',
    fix: 'check what the url leads to',
    outcome: 'unknown',
  });
}

const BRACKETS: ReadonlySet<string> = new Set(['BEGIN', 'COMMIT', 'CANCEL']);

/**
 * The values of a script without errors, one for each statement that answers: BEGIN, COMMIT and CANCEL do not count, nor do
 * statements that a RETURN has skipped. A statement undone by CANCEL answers `undefined`.
 */
export function scriptValues(text: string, results: readonly StatementResult[]): unknown[] {
  const values = results.map((result) => (result.ok ? result.value : undefined));
  if (!/\b(begin|commit|cancel)\b/i.test(text)) return values;
  const answered = answeredStatements(splitStatements(text).map(({ keyword }) => keyword));
  if (answered.length !== values.length) return values;
  return values.filter((_, at) => !BRACKETS.has(answered[at] as string));
}

/** The keywords of the statements that have an entry: inside a transaction a RETURN skips what is left up to its end. */
function answeredStatements(keywords: readonly string[]): readonly string[] {
  const answered: string[] = [];
  let open = false;
  let skipping = false;
  for (const keyword of keywords) {
    const closes = keyword === 'COMMIT' || keyword === 'CANCEL';
    if (closes) open = skipping = false;
    if (skipping) continue;
    answered.push(keyword);
    if (keyword === 'BEGIN') open = true;
    if (keyword === 'RETURN' && open) skipping = true;
  }
  return answered;
}
