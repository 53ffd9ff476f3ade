import type { RecordId } from '../values/index.js';
import { PendingLinks, type PendingLink } from './pending-links.js';

/** What is still to be written after a flush has written `taken`, while `pending` had gone on changing. */
export function settlePending(pending: PendingLinks, taken: PendingLinks): PendingLinks | undefined {
  const left = new PendingLinks();
  left.version = pending.version;
  left.list = pending.list === taken.list ? undefined : pending.list;
  left.cleared = pending.cleared && !taken.cleared;
  left.unread = pending.unread;
  for (const [key, link] of pending.added) if (taken.added.get(key) !== link) left.added.set(key, link);
  if (!left.cleared) {
    for (const [key, id] of pending.removed) if (!taken.removed.has(key)) left.removed.set(key, id);
    undoTaken(left, pending, taken);
  }
  return left.isEmpty ? undefined : left;
}

/** Steps of the flush that were taken back while it was under way. */
function undoTaken(left: PendingLinks, pending: PendingLinks, taken: PendingLinks): void {
  for (const [key, link] of taken.added) if (!pending.added.has(key)) left.removed.set(key, link.id);
  for (const [key, id] of taken.removed)
    if (!pending.removed.has(key) && !taken.added.has(key)) left.added.set(key, linkTo(id));
}

function linkTo(id: RecordId): PendingLink {
  return { id, entity: undefined, data: undefined };
}
