import { NotLoadedError, ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { EntityState } from './entity-state.js';
import type { CollectionMetadata, LinkHost } from './link-host.js';
import { entityOf } from './link-reference.js';
import { stateOf } from './stamp.js';
import { Members, NO_MEMBERS } from './members.js';
import { PendingLinks, type CollectionChanges, type PendingLink } from './pending-links.js';
import { settlePending } from './settle-pending.js';

/** By the identity of ids. */
interface Keys {
  has(key: string): boolean;
}
const NOTHING: Keys = new Set();

/**
 * The many side of a relation. Adding and removing need no load: they are remembered as deltas and wait for the flush.
 */
export class LinkCollection implements Iterable<object> {
  #members: Members | undefined;
  #pending: PendingLinks | undefined;
  #loading: Promise<object[]> | undefined;
  readonly #owner: EntityState;
  readonly #meta: CollectionMetadata;
  /** `links.total` of a fetch with `{ count: true }`. */
  declare total?: number;

  constructor(owner: EntityState, meta: CollectionMetadata) {
    this.#owner = owner;
    this.#meta = meta;
  }

  static is(value: unknown): value is LinkCollection {
    return typeof value === 'object' && value !== null && #members in value;
  }

  /** False for the collection of another entity. */
  belongsTo(owner: EntityState): boolean {
    return this.#owner === owner;
  }

  get isLoaded(): boolean {
    return this.#known?.items !== undefined;
  }

  /** The ids of the members, pending changes included. */
  get ids(): readonly RecordId[] {
    const known = this.#known;
    const stored = known?.ids ?? known?.items?.map((item) => this.#identify(item));
    if (stored === undefined && this.#pending?.list === undefined) throw this.#notLoaded();
    return this.#pending === undefined ? (stored ?? []) : this.#pending.applyTo(stored ?? []);
  }

  get(): object[] {
    const items = this.#known?.items;
    if (items === undefined) throw this.#notLoaded();
    return this.#withPending(items);
  }

  /** The edges that a fetch or load has read with the members; those of members that were removed since are left out. */
  edges(): object[] {
    const edges = this.#known?.edges;
    if (edges === undefined) throw this.#notLoaded();
    return this.#edgesWithout(this.#pending?.removed ?? NOTHING, edges);
  }

  get length(): number {
    return this.get().length;
  }

  [Symbol.iterator](): Iterator<object> {
    return this.get()[Symbol.iterator]();
  }

  async load(): Promise<object[]> {
    if (this.#known?.items !== undefined && !this.#known.partial) return this.get();
    this.#loading ??= this.#host
      .loadMany(this.#owner, this.#meta)
      .then(() => this.get())
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }

  add(target: unknown, data?: object): void {
    for (const one of this.#listOf(target)) this.#addOne(this.#resolve(one), data);
  }

  remove(target: unknown): void {
    for (const one of this.#listOf(target)) this.#removeOne(one);
  }

  /** Makes the targets the only members. Of a collection whose members are known only the difference is written. */
  set(targets: Iterable<unknown>): void {
    const wanted = Array.from(targets, (target) => this.#resolve(target));
    if (this.#isList) {
      this.#change().list = wanted.map((target) => this.#linkTo(target));
      return;
    }
    if (this.#known?.ids === undefined) this.clear();
    else {
      const kept = new Set(wanted.map((target) => identityOf(this.#identify(target))));
      for (const id of this.ids) if (!kept.has(identityOf(id))) this.#removeOne(id);
    }
    for (const target of wanted) this.#addOne(target, undefined);
  }

  clear(): void {
    this.#detachAll();
    const stored = this.#stored?.ids;
    const pending = this.#change();
    pending.added.clear();
    pending.removed.clear();
    if (this.#isList) pending.list = [];
    else pending.cleared = stored?.length !== 0;
  }

  async contains(target: unknown): Promise<boolean> {
    const key = identityOf(this.#identify(target));
    if (this.#pending?.added.has(key) === true) return true;
    if (this.#pending?.removed.has(key) === true) return false;
    if (this.#known?.ids === undefined) await this.load();
    return this.ids.some((id) => identityOf(id) === key);
  }

  async count(): Promise<number> {
    if (this.#known?.ids === undefined) {
      if (this.#pending === undefined || this.#pending.isEmpty) return this.#host.countMany(this.#owner, this.#meta);
      // What waits may be stored already: only the members themselves tell.
      await this.load();
    }
    return this.ids.length;
  }

  /** Reads the members that match, without loading the collection. */
  find(where?: unknown, options?: unknown): Promise<object[]> {
    return this.#host.findMany(this.#owner, this.#meta, where, options);
  }

  toJSON(): unknown {
    if (this.isLoaded) return this.get();
    return this.#known?.ids === undefined ? undefined : this.ids.map(String);
  }

  /** The ids that the owner's row holds (link arrays). @internal */
  adoptIds(ids: readonly RecordId[]): void {
    const items = this.#members?.items;
    if (items === undefined) {
      this.#members = new Members(ids);
      return;
    }
    const byId = new Map(items.map((item) => [identityOf(this.#identify(item)), item]));
    const found = ids.map((id) => byId.get(identityOf(id)) ?? this.#host.peek(id)).filter((item) => item !== undefined);
    this.#members = new Members(ids, found, this.#members?.partial === true || found.length < ids.length);
  }

  /** The members that a fetch or load has read; unshown members of a filtered fetch stay untouched. @internal */
  adoptItems(items: readonly object[], filtered: boolean, edges?: readonly object[]): void {
    const ids =
      filtered || this.#meta.kind === 'links' ? this.#members?.ids : items.map((item) => this.#identify(item));
    this.#members = new Members(ids, items, filtered, edges);
  }

  /** A member that came by another way than this collection, as an edge of its own. @internal */
  include(id: RecordId): void {
    if (this.#known?.ids === undefined || this.#known.holds(identityOf(id)) === true) return;
    const entity = this.#host.peek(id);
    const { ids, items, partial, edges } = this.#known;
    const shown = items === undefined || entity === undefined ? items : [...items, entity];
    this.#members = new Members([...ids, id], shown, partial || shown?.length === items?.length, edges);
  }

  /** Members that are gone, by the identity of their ids. @internal */
  exclude(gone: Keys): void {
    const pending = this.#pending;
    for (const key of pending?.added.keys() ?? []) if (gone.has(key)) pending?.added.delete(key);
    for (const key of pending?.removed.keys() ?? []) if (gone.has(key)) pending?.removed.delete(key);
    if (this.#members === undefined) return;
    const { ids, items, partial, edges } = this.#members;
    const left = ids?.filter((id) => !gone.has(identityOf(id)));
    const shown = items?.filter((item) => !gone.has(identityOf(this.#identify(item))));
    if (left?.length === ids?.length && shown?.length === items?.length) return;
    this.#members = new Members(left, shown, partial, edges && this.#edgesWithout(gone, edges));
  }

  /** What waits to be written; the same until something changes. @internal */
  changes(): CollectionChanges | undefined {
    const pending = this.#pending;
    if (pending === undefined || pending.isEmpty) return undefined;
    const { added, removed, cleared, list } = pending;
    if (list !== undefined && this.#known?.ids !== undefined && sameList(list, this.#known.ids)) return undefined;
    return {
      added: list ?? [...added.values()],
      removed: [...removed.values()],
      cleared: cleared || list !== undefined,
      taken: pending.copy(),
    };
  }

  /** These changes have been written; what was changed since they were taken stays pending. @internal */
  settle(changes: CollectionChanges): void {
    const stored = this.#known ?? (changes.cleared ? NO_MEMBERS : undefined);
    const taken = changes.taken;
    const ids = stored?.ids === undefined ? undefined : taken.applyTo(stored.ids);
    const items = stored?.items === undefined ? undefined : this.#showing(stored.items, taken);
    const pending = this.#pending;
    this.#pending =
      pending === undefined || pending.version === taken.version ? undefined : settlePending(pending, taken);
    const edges = stored?.edges && (taken.cleared ? [] : this.#edgesWithout(taken.removed, stored.edges));
    this.#members = stored === undefined ? undefined : new Members(ids, items, stored.partial, edges);
  }

  /** Forgets everything: the owner is read again. @internal */
  reset(): void {
    this.#members = undefined;
    this.#pending = undefined;
  }

  /** @internal */
  snapshot(): unknown {
    return { members: this.#members, pending: this.#pending?.copy() };
  }

  /** @internal */
  restore(snapshot: unknown): void {
    const { members, pending } = snapshot as {
      readonly members: Members | undefined;
      readonly pending: PendingLinks | undefined;
    };
    this.#members = members;
    this.#pending = pending;
  }

  get #host(): LinkHost {
    return this.#owner.owner.links;
  }

  get #isList(): boolean {
    return this.#meta.kind === 'links' && this.#meta.list;
  }

  /** What is stored, or would be by now. */
  get #stored(): Members | undefined {
    return this.#members ?? (this.#owner.phase === 'new' ? NO_MEMBERS : undefined);
  }

  /** The same, where nothing is left of what is stored: then everything is known. */
  get #known(): Members | undefined {
    return this.#pending?.cleared === true ? NO_MEMBERS : this.#stored;
  }

  #change(): PendingLinks {
    this.#pending ??= new PendingLinks();
    this.#pending.version++;
    return this.#pending;
  }

  #linkTo(target: unknown): PendingLink {
    const id = this.#identify(target);
    return { id, entity: entityOf(target) ?? this.#host.peek(id), data: undefined };
  }

  #addOne(target: unknown, data: object | undefined): void {
    const link = { ...this.#linkTo(target), data };
    if (this.#isList) this.#change().list = [...this.#listed(), link];
    else this.#addToSet(link);
    if (this.#meta.kind === 'inverse') this.#host.pointBack(this.#owner, this.#meta, target, true);
  }

  #addToSet(link: PendingLink): void {
    const key = identityOf(link.id);
    const held = this.#known?.holds(key);
    const pending = this.#change();
    const returns = pending.removed.has(key);
    const isEdge = this.#meta.kind === 'edges';
    // An edge that is taken out and put in again stays as it is, if it is known to be there and gets no new data.
    const keep = held === true && link.data === undefined;
    if (returns && (keep || !isEdge)) pending.removed.delete(key);
    if (!keep || pending.added.has(key)) pending.add(link);
  }

  #removeOne(target: unknown): void {
    const id = this.#identify(target);
    const key = identityOf(id);
    if (this.#isList) this.#change().list = this.#listed().filter((link) => identityOf(link.id) !== key);
    else {
      const held = this.#known?.holds(key);
      const pending = this.#change();
      const wasAdded = pending.added.delete(key);
      const needless = pending.cleared || this.#owner.phase === 'new' || (wasAdded && held === false);
      if (!needless) pending.remove(id);
    }
    if (this.#meta.kind === 'inverse') this.#host.pointBack(this.#owner, this.#meta, target, false);
  }

  /** A list is written as a whole, so it has to be known. */
  #listed(): readonly PendingLink[] {
    const list = this.#pending?.list;
    if (list !== undefined) return list;
    return this.ids.map((id) => ({ id, entity: this.#host.peek(id), data: undefined }));
  }

  #edgesWithout(gone: Keys, edges: readonly object[]): object[] {
    return edges.filter((edge) => !gone.has(identityOf(this.#otherEnd(edge))));
  }

  #otherEnd(edge: object): RecordId {
    const ends = stateOf(edge)?.row as { readonly in: RecordId; readonly out: RecordId };
    const direction = this.#meta.kind === 'edges' ? this.#meta.direction : 'out';
    if (direction === 'both') return ends.in.equals(this.#owner.id) ? ends.out : ends.in;
    return ends[direction];
  }

  #detachAll(): void {
    if (this.#meta.kind !== 'inverse') return;
    if (this.#known?.items === undefined || this.#known.partial) {
      throw new NotLoadedError({
        what: `${this.#meta.path} cannot be cleared before it is loaded`,
        why: 'each child holds the link to its owner and has to be changed itself',
        fix: `await entity.${this.#meta.property}.load() first`,
      });
    }
    for (const item of this.get()) this.#host.pointBack(this.#owner, this.#meta, item, false);
  }

  #withPending(items: readonly object[]): object[] {
    return this.#pending === undefined ? [...items] : this.#showing(items, this.#pending);
  }

  #showing(items: readonly object[], { added, removed, cleared, list }: PendingLinks): object[] {
    if (list !== undefined) return this.#loadedOf(list);
    const kept = cleared ? [] : items.filter((item) => !removed.has(identityOf(this.#identify(item))));
    const shown = new Set<unknown>(kept);
    return [...kept, ...this.#loadedOf([...added.values()]).filter((entity) => !shown.has(entity))];
  }

  #loadedOf(links: readonly PendingLink[]): object[] {
    return links.map((link) => link.entity ?? this.#host.peek(link.id)).filter((entity) => entity !== undefined);
  }

  #resolve(target: unknown): unknown {
    return this.#host.resolve(this.#meta.target(), target);
  }

  #identify(target: unknown): RecordId {
    return this.#host.identify(targetsOf(this.#meta), target, this.#meta.path);
  }

  #listOf(target: unknown): readonly unknown[] {
    return Array.isArray(target) && !this.#isKey(target) ? target : [target];
  }

  /** An array is itself a key where the target's id is an array. */
  #isKey(target: readonly unknown[]): boolean {
    if (!Array.isArray(this.#meta.target().id.key)) return false;
    if (target.length === 0) throw new ValidationError({ what: `${this.#meta.path} was given an empty list` });
    return typeof target[0] !== 'object' || target[0] === null;
  }

  #notLoaded(): NotLoadedError {
    const { path, property } = this.#meta;
    return new NotLoadedError({
      what: `${path} is not loaded`,
      fix: [`fetch it with the owner: { fetch: { ${property}: true } }`, `load it: await entity.${property}.load()`],
    });
  }
}

function targetsOf(meta: CollectionMetadata): readonly EntityMetadata[] {
  return meta.kind === 'links' ? meta.targets() : [meta.target()];
}

function sameList(list: readonly PendingLink[], ids: readonly RecordId[]): boolean {
  return list.length === ids.length && list.every((link, index) => link.id.equals(ids[index]));
}
