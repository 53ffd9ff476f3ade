import { DateTime } from './date-time.js';
import { isPlain } from './js-kinds.js';

/** Data with a Date for every DateTime that a Date can hold, in lists and plain objects too; the same data where there is none. */
export function plainDates(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (DateTime.is(data)) {
    const time = data.getTime();
    return Number.isNaN(time) ? data : new Date(time);
  }
  if (Array.isArray(data)) return mapped(data, data.map(plainDates));
  if (!isPlain(data)) return data;
  const members = Object.entries(data).map(([key, member]) => [key, plainDates(member)] as const);
  const before = Object.values(data) as readonly unknown[];
  return members.every(([, member], at) => member === before[at]) ? data : Object.fromEntries(members);
}

function mapped(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((member, at) => member === before[at]) ? before : after;
}
