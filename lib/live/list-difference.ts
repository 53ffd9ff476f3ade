import type { ListEntry, WindowMove } from './sorted-window.js';

/**
 * The moves that make one state of a list of another, one after the other: first what goes, from the end, then what comes, has
 * changed or stands elsewhere, from the start.
 */
export function differenceOf<T extends object>(
  before: readonly ListEntry<T>[],
  after: readonly ListEntry<T>[],
  same: (left: T, right: T) => boolean,
): WindowMove<T>[] {
  const wanted = new Set(after.map(({ key }) => key));
  const known = new Map(before.map((entry) => [entry.key, entry]));
  const moves: WindowMove<T>[] = before
    .map((entry, from) => ({ entry, from, to: undefined }))
    .filter(({ entry }) => !wanted.has(entry.key))
    .reverse();
  const keys = before.map(({ key }) => key).filter((key) => wanted.has(key));
  for (const [to, entry] of after.entries()) {
    const old = known.get(entry.key);
    // All before `to` is in place already.
    const from = old === undefined ? undefined : keys.indexOf(entry.key, to);
    if (from !== undefined) keys.splice(from, 1);
    keys.splice(to, 0, entry.key);
    if (old === undefined || from !== to || !same(old.entity, entry.entity)) moves.push({ entry, from, to });
  }
  return moves;
}
