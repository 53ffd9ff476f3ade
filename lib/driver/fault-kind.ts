import type { ServerFault } from './driver.js';

/** The kinds a fault names, outermost first: `['NotAllowed', 'Auth', 'SessionExpired']`. */
export function kindsOf(fault: ServerFault): readonly string[] {
  const kinds = fault.kind === undefined ? [] : [fault.kind];
  for (let details = fault.details; isObject(details); details = details['details']) {
    const kind = details['kind'];
    if (typeof kind === 'string') kinds.push(kind);
  }
  return kinds;
}

/** The innermost details: `{ id }` of a record, `{ name }` of a table. */
export function detailOf(fault: ServerFault, name: string): unknown {
  let details: unknown = fault.details;
  while (isObject(details) && details['details'] !== undefined) details = details['details'];
  return isObject(details) ? details[name] : undefined;
}

/**
 * Servers say a conflict in three ways, and only from 3.0.5 on in a structured one; the end of the sentence is the same in all.
 */
export function isConflict(fault: ServerFault): boolean {
  if (fault.kind === 'Thrown') return false;
  return CONFLICT.test(fault.message) || kindsOf(fault).includes('TransactionConflict');
}

/** No quotation mark before it: a stored value that holds these words is no conflict. */
const CONFLICT = /^[^`'"]*Transaction conflict: [\s\S]*can be retried/;

/** An entry of a statement that merely shared its transaction's fate; the cause stands in another entry. */
export function isConsequence(fault: ServerFault): boolean {
  if (isConflict(fault)) return false;
  const kinds = kindsOf(fault);
  if (kinds[0] === 'Query' && (kinds.includes('NotExecuted') || kinds.includes('Cancelled'))) return true;
  return CONSEQUENCE.test(fault.message);
}

/** An entry between BEGIN and a CANCEL that the script itself asked for. */
export function isCancelled(fault: ServerFault): boolean {
  return kindsOf(fault).includes('Cancelled') || fault.message.includes('due to a cancelled transaction');
}

const CONSEQUENCE = /not executed due to a (failed|cancelled) transaction|^Cannot COMMIT: /;

/** True for a plain object of the decoded answer (or a class instance; the codec makes none with these keys). */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
