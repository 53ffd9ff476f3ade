import { longestRise } from './longest-rise.js';
import type { ListEntry, WindowMove } from './sorted-window.js';

/**
 * The moves that make one state of a list of another, one after the other, and as few as there can be: first what goes, from the
 * end, then what comes, has changed or stands elsewhere, from the start. Records that keep their order among themselves stay.
 */
export function differenceOf<T extends object>(
  before: readonly ListEntry<T>[],
  after: readonly ListEntry<T>[],
  same: (left: T, right: T) => boolean,
): WindowMove<T>[] {
  const wanted = new Set(after.map(({ key }) => key));
  const moves: WindowMove<T>[] = before
    .map((entry, from) => ({ entry, from, to: undefined }))
    .filter(({ entry }) => !wanted.has(entry.key))
    .reverse();
  const remaining = before.filter(({ key }) => wanted.has(key));
  const known = new Map(remaining.map((entry, at) => [entry.key, { entry, at }]));
  const places = after.flatMap(({ key }) => known.get(key)?.at ?? []);
  const staying = new Set(longestRise(places).map((at) => (remaining[at] as ListEntry<T>).key));
  /** The order as the moves so far have made it. */
  const keys = remaining.map(({ key }) => key);
  /** Before it, all is in place but for records that have yet to move on. */
  let at = 0;
  for (const entry of after) {
    const { key } = entry;
    const old = known.get(key)?.entry;
    if (staying.has(key)) {
      at = keys.indexOf(key, at);
      if (!same((old as ListEntry<T>).entity, entry.entity)) moves.push({ entry, from: at, to: at });
    } else {
      const from = old === undefined ? undefined : keys.indexOf(key);
      if (from !== undefined) keys.splice(from, 1);
      if (from !== undefined && from < at) at -= 1;
      keys.splice(at, 0, key);
      moves.push({ entry, from, to: at });
    }
    at += 1;
  }
  return moves;
}
