import type { RecordId } from '../values/index.js';
import { identityOf } from '../values/index.js';
import { CollectionContents, type Keys } from './collection-contents.js';
import { Members, NO_MEMBERS } from './members.js';
import type { CollectionChanges, PendingLink, PendingLinks } from './pending-links.js';
import { settlePending } from './settle-pending.js';
import { isDetached } from './stamp.js';

/** How readers and flushes tell a collection what its members are by now. */
export abstract class CollectionMembers extends CollectionContents {
  /** The ids that the owner's row holds (link arrays). @internal */
  adoptIds(ids: readonly RecordId[]): void {
    const items = this.members?.items;
    if (items === undefined) {
      // Of no members nothing is left to be loaded.
      this.members = ids.length === 0 ? NO_MEMBERS : new Members(ids);
      return;
    }
    const byId = this.#byId(items);
    const found = ids.map((id) => byId.get(identityOf(id)) ?? this.host.peek(id)).filter((item) => item !== undefined);
    this.members = new Members(ids, found, this.members?.partial === true || found.length < ids.length);
  }

  /** The members that a fetch or load has read; unshown members of a filtered fetch stay untouched. @internal */
  adoptItems(items: readonly object[], filtered: boolean, edges?: readonly object[]): void {
    const isColumn = this.meta.kind === 'links';
    const ids = filtered || isColumn ? this.members?.ids : items.map((item) => this.idOf(item));
    const shown = isColumn ? this.#ofRow(items) : items;
    this.members = new Members(ids, this.isList && !filtered ? this.#inOrder(ids, shown) : shown, filtered, edges);
  }

  /** Those that the owner's row holds as it was read; the column may hold others by now. */
  #ofRow(items: readonly object[]): readonly object[] {
    const row = this.members;
    if (row?.ids === undefined) return items;
    return items.filter((item) => row.holds(identityOf(this.idOf(item))));
  }

  /** A member that came by another way than this collection, as an edge of its own. @internal */
  include(id: RecordId): void {
    const known = this.known;
    if (known?.ids === undefined || known.holds(identityOf(id)) === true) return;
    const entity = this.host.peek(id);
    const { ids, items, partial, edges } = known;
    const shown = items === undefined || entity === undefined ? items : [...items, entity];
    this.members = new Members([...ids, id], shown, partial || shown?.length === items?.length, edges);
  }

  /** Records that are replaced in place have new instances. @internal */
  substitute(successors: ReadonlyMap<object, object>): void {
    const { ids, items, partial, edges } = this.members ?? NO_MEMBERS;
    const isHeld = (one: object) => successors.has(one);
    if (items?.some(isHeld) !== true && edges?.some(isHeld) !== true) return;
    const now = (one: object) => successors.get(one) ?? one;
    this.members = new Members(ids, items?.map(now), partial, edges?.map(now));
  }

  /** Members that are gone, as records: nothing can be written of them. @internal */
  exclude(gone: Keys): void {
    this.#forgetPending(gone);
    this.lose(gone);
  }

  /** Members that are none any more, and may become some again: what waits to be written waits on. @internal */
  lose(gone: Keys): void {
    if (this.members === undefined) return;
    const { ids, items, partial, edges } = this.members;
    const left = ids?.filter((id) => !gone.has(identityOf(id)));
    const shown = items?.filter((item) => !gone.has(identityOf(this.idOf(item))));
    if (left?.length === ids?.length && shown?.length === items?.length) return;
    this.members = new Members(left, shown, partial, edges && this.edgesWithout(gone, edges));
  }

  /** Members that nobody tracks any more are read again when they are asked for. @internal */
  forgetDetached(): void {
    const { ids, items, edges } = this.members ?? NO_MEMBERS;
    if (![...(items ?? []), ...(edges ?? [])].some(isDetached)) return;
    this.members = ids === undefined ? undefined : new Members(ids);
  }

  /** Members that are shown no more, but still there: a column keeps their ids. @internal */
  hide(keys: Keys): void {
    if (this.meta.kind !== 'links') return this.exclude(keys);
    const { ids, items, partial, edges } = this.members ?? NO_MEMBERS;
    const shown = items?.filter((item) => !keys.has(identityOf(this.idOf(item))));
    if (this.members !== undefined && shown?.length !== items?.length)
      this.members = new Members(ids, shown, partial, edges);
  }

  /** Members of a column that were hidden may be shown again. @internal */
  unhide(): void {
    if (this.meta.kind === 'links' && this.members?.ids !== undefined) this.adoptIds(this.members.ids);
  }

  #forgetPending(gone: Keys): void {
    if (this.pending === undefined) return;
    const { added, removed } = this.pending;
    for (const key of [...added.keys()]) if (gone.has(key)) added.delete(key);
    for (const key of [...removed.keys()]) if (gone.has(key)) removed.delete(key);
  }

  /** What waits to be written. @internal */
  changes(): CollectionChanges | undefined {
    const pending = this.pending;
    if (pending === undefined || pending.isEmpty) return undefined;
    const { added, removed, cleared, list } = pending;
    if (list !== undefined && this.known?.ids !== undefined && sameList(list, this.known.ids)) return undefined;
    return {
      added: list ?? [...added.values()],
      removed: [...removed.values()],
      cleared: cleared || list !== undefined,
      taken: pending.copy(),
    };
  }

  /** These changes have been written; what was changed since they were taken stays pending. @internal */
  settle({ cleared, taken }: CollectionChanges): void {
    const stored = cleared ? NO_MEMBERS : this.stored;
    const shown = taken.whole === undefined ? undefined : this.allOf(taken.whole);
    const pending = this.pending;
    this.pending =
      pending === undefined || pending.version === taken.version ? undefined : settlePending(pending, taken);
    // The links themselves say who is a member of an inverse side.
    if (stored === undefined || this.meta.kind === 'inverse') return;
    const ids = stored.ids === undefined ? undefined : taken.applyTo(stored.ids);
    const items = cleared ? shown : stored.items && this.showing(stored.items, taken);
    const edges = stored.edges && (cleared ? [] : this.edgesWithout(taken.removed, stored.edges));
    const partial = ids === undefined ? stored.partial : items !== undefined && items.length < ids.length;
    this.members = new Members(ids, items, partial, edges);
  }

  /** The owner has just been inserted, so nothing was stored before. @internal */
  settleNew(): void {
    if (this.startsEmpty) this.members ??= NO_MEMBERS;
  }

  /** Forgets everything: the owner is read again. @internal */
  reset(): void {
    this.members = undefined;
    this.pending = undefined;
  }

  /** @internal */
  snapshot(): unknown {
    return { members: this.members, pending: this.pending?.copy() };
  }

  /** @internal */
  restore(snapshot: unknown): void {
    const kept = snapshot as { readonly members: Members | undefined; readonly pending: PendingLinks | undefined };
    this.members = kept.members;
    this.pending = kept.pending;
  }

  #inOrder(ids: readonly RecordId[] | undefined, items: readonly object[]): readonly object[] {
    if (ids === undefined) return items;
    const byId = this.#byId(items);
    return ids.map((id) => byId.get(identityOf(id))).filter((item) => item !== undefined);
  }

  #byId(items: readonly object[]): Map<string, object> {
    return new Map(items.map((item) => [identityOf(this.idOf(item)), item]));
  }
}

function sameList(list: readonly PendingLink[], ids: readonly RecordId[]): boolean {
  return list.length === ids.length && list.every((link, index) => link.id.equals(ids[index]));
}
