import { identityOf, type RecordId } from '../values/index.js';

/** A target that waits for the flush, with the data of its edge. */
export interface PendingLink {
  readonly id: RecordId;
  readonly entity: object | undefined;
  readonly data: object | undefined;
}

/** What waits to be written of a collection; by the identity of the ids. */
export class PendingLinks {
  readonly added = new Map<string, PendingLink>();
  readonly removed = new Map<string, RecordId>();
  /** Everything that is not among `added` goes. */
  cleared = false;
  /** What goes was not known when it was to go: the flush reads it first. */
  unread = false;
  /** Of a list, where order and doubles count: what it is to be. */
  list: readonly PendingLink[] | undefined;
  /** Grows with every change. */
  version = 0;

  get isEmpty(): boolean {
    return this.added.size === 0 && this.removed.size === 0 && !this.cleared && this.list === undefined;
  }

  copy(): PendingLinks {
    const copy = new PendingLinks();
    for (const [key, link] of this.added) copy.added.set(key, link);
    for (const [key, id] of this.removed) copy.removed.set(key, id);
    copy.cleared = this.cleared;
    copy.unread = this.unread;
    copy.list = this.list;
    copy.version = this.version;
    return copy;
  }

  /** What takes the place of all that is stored; undefined where only some of it changes. */
  get whole(): readonly PendingLink[] | undefined {
    return this.list ?? (this.cleared ? [...this.added.values()] : undefined);
  }

  add(link: PendingLink): void {
    this.added.set(identityOf(link.id), link);
  }

  remove(id: RecordId): void {
    this.removed.set(identityOf(id), id);
  }

  /** The ids as they will be, of stored ones that are known. */
  applyTo(ids: readonly RecordId[]): readonly RecordId[] {
    if (this.list !== undefined) return this.list.map((link) => link.id);
    const kept = this.cleared ? [] : ids.filter((id) => !this.removed.has(identityOf(id)));
    if (this.added.size === 0) return kept;
    const known = new Set(kept.map(identityOf));
    const fresh = Array.from(this.added.values(), (link) => link.id).filter((id) => !known.has(identityOf(id)));
    return [...kept, ...fresh];
  }
}

/** What a flush has to write of a collection. */
export interface CollectionChanges {
  readonly added: readonly PendingLink[];
  readonly removed: readonly RecordId[];
  /** Everything that is not among `added` goes. */
  readonly cleared: boolean;
  /** What was pending when the flush took it. */
  readonly taken: PendingLinks;
}
