import { NotLoadedError, ValidationError } from '../errors/index.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { EntityState } from './entity-state.js';
import type { CollectionMetadata, LinkHost } from './link-host.js';
import { entityOf } from './link-reference.js';

/** A target that waits for the flush, with the data of its edge. */
export interface PendingLink {
  readonly id: RecordId;
  readonly entity: object | undefined;
  readonly data: object | undefined;
}

/** What a flush has to write of a collection. */
export interface CollectionChanges {
  readonly added: readonly PendingLink[];
  readonly removed: readonly RecordId[];
  /** Everything that is not among `added` goes. */
  readonly cleared: boolean;
}

interface Contents {
  readonly ids: readonly RecordId[] | undefined;
  readonly items: readonly object[] | undefined;
  /** The edges that lead to the items, as they were read. */
  readonly edges: readonly object[] | undefined;
  readonly added: ReadonlyMap<string, PendingLink>;
  readonly removed: ReadonlyMap<string, RecordId>;
  readonly cleared: boolean;
  readonly filtered: boolean;
}

const EMPTY: Contents = {
  ids: undefined,
  items: undefined,
  edges: undefined,
  added: new Map(),
  removed: new Map(),
  cleared: false,
  filtered: false,
};

/**
 * The many side of a relation. Adding and removing need no load: they are remembered as deltas and wait for the flush.
 * Its contents are one immutable record, so that a failed flush can put it back as it was.
 */
export class LinkCollection implements Iterable<object> {
  #contents: Contents = EMPTY;
  #loading: Promise<object[]> | undefined;
  readonly #owner: EntityState;
  readonly #meta: CollectionMetadata;
  readonly #host: LinkHost;
  /** `links.total` of a fetch with `{ count: true }`. */
  declare total?: number;

  constructor(owner: EntityState, meta: CollectionMetadata, host: LinkHost) {
    this.#owner = owner;
    this.#meta = meta;
    this.#host = host;
  }

  static is(value: unknown): value is LinkCollection {
    return typeof value === 'object' && value !== null && #contents in value;
  }

  get isLoaded(): boolean {
    return this.#contents.items !== undefined || this.#owner.phase === 'new';
  }

  /** The ids of the members, pending changes included. */
  get ids(): readonly RecordId[] {
    const { ids, items, added, removed, cleared } = this.#contents;
    const base = cleared ? [] : (ids ?? items?.map((item) => this.#identify(item)) ?? this.#newOwnersIds());
    const kept = base.filter((id) => !removed.has(identityOf(id)));
    const known = new Set(kept.map(identityOf));
    return [...kept, ...[...added.values()].map((link) => link.id).filter((id) => !known.has(identityOf(id)))];
  }

  get(): object[] {
    const { items } = this.#contents;
    const loaded = items ?? (this.#owner.phase === 'new' ? [] : undefined);
    if (loaded === undefined) throw this.#notLoaded();
    return this.#withPending(loaded);
  }

  /** The edges that a fetch or load has read with the members; those of members that were removed since are left out. */
  edges(): object[] {
    const edges = this.#contents.edges ?? (this.#owner.phase === 'new' ? [] : undefined);
    if (edges === undefined) throw this.#notLoaded();
    const { removed, cleared } = this.#contents;
    return cleared ? [] : edges.filter((edge) => !removed.has(identityOf(this.#otherEnd(edge))));
  }

  get length(): number {
    return this.get().length;
  }

  [Symbol.iterator](): Iterator<object> {
    return this.get()[Symbol.iterator]();
  }

  async load(): Promise<object[]> {
    if (this.#contents.items !== undefined && !this.#contents.filtered) return this.get();
    this.#loading ??= this.#host
      .loadMany(this.#owner, this.#meta)
      .then(() => this.get())
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }

  add(target: unknown, data?: object): void {
    for (const one of Array.isArray(target) && !this.#isKey(target) ? target : [target]) this.#addOne(one, data);
  }

  remove(target: unknown): void {
    for (const one of Array.isArray(target) && !this.#isKey(target) ? target : [target]) this.#removeOne(one);
  }

  /** Makes the targets the only members. Of a collection whose members are known only the difference is written. */
  set(targets: Iterable<unknown>): void {
    const wanted = [...targets];
    const known = this.#contents.items !== undefined || this.#contents.ids !== undefined || this.#owner.phase === 'new';
    if (!known || this.#contents.filtered) this.clear();
    else {
      const kept = new Set(wanted.map((target) => identityOf(this.#identify(target))));
      for (const id of this.ids) if (!kept.has(identityOf(id))) this.#removeOne(id);
    }
    for (const target of wanted) this.#addOne(target, undefined);
  }

  clear(): void {
    this.#detachAll();
    this.#contents = { ...this.#contents, added: new Map(), removed: new Map(), cleared: true };
  }

  async contains(target: unknown): Promise<boolean> {
    const key = identityOf(this.#identify(target));
    const { added, removed, cleared, ids, items } = this.#contents;
    if (added.has(key)) return true;
    if (removed.has(key) || cleared) return false;
    if (ids === undefined && items === undefined) await this.load();
    return this.ids.some((id) => identityOf(id) === key);
  }

  async count(): Promise<number> {
    const { items, ids, filtered, added, removed, cleared } = this.#contents;
    const known = (items !== undefined && !filtered) || ids !== undefined || this.#owner.phase === 'new' || cleared;
    if (known) return this.ids.length;
    const stored = await this.#host.countMany(this.#owner, this.#meta);
    return stored + added.size - removed.size;
  }

  /** Reads the members that match, without loading the collection. */
  find(where?: unknown, options?: unknown): Promise<object[]> {
    return this.#host.findMany(this.#owner, this.#meta, where, options);
  }

  toJSON(): unknown {
    if (this.isLoaded) return this.get();
    return this.#contents.ids === undefined ? undefined : this.ids.map(String);
  }

  /** The ids that the owner's row holds (link arrays). @internal */
  adoptIds(ids: readonly RecordId[]): void {
    this.#contents = { ...this.#contents, ids };
  }

  /** The members that a fetch or load has read; unshown members of a filtered fetch stay untouched. @internal */
  adoptItems(items: readonly object[], filtered: boolean, edges?: readonly object[]): void {
    this.#contents = { ...this.#contents, items, filtered, edges };
  }

  /** @internal */
  changes(): CollectionChanges | undefined {
    const { added, removed, cleared } = this.#contents;
    if (added.size === 0 && removed.size === 0 && !cleared) return undefined;
    return { added: [...added.values()], removed: [...removed.values()], cleared };
  }

  /** Everything pending has been written. @internal */
  settle(): void {
    const { items, ids } = this.#contents;
    this.#contents = {
      ...EMPTY,
      ids: ids === undefined && items === undefined ? undefined : this.ids,
      items: items === undefined && this.#owner.phase !== 'new' ? undefined : this.#withPending(items ?? []),
      edges: this.#contents.edges === undefined ? undefined : this.edges(),
      filtered: this.#contents.filtered,
    };
  }

  /** @internal */
  snapshot(): unknown {
    return this.#contents;
  }

  /** @internal */
  restore(snapshot: unknown): void {
    this.#contents = snapshot as Contents;
  }

  #addOne(target: unknown, data: object | undefined): void {
    const id = this.#identify(target);
    const key = identityOf(id);
    const { added, removed } = this.#contents;
    const link: PendingLink = { id, entity: entityOf(target) ?? this.#host.peek(id), data };
    const stillRemoved = new Map(removed);
    const wasRemoved = stillRemoved.delete(key);
    if (wasRemoved && data === undefined) this.#contents = { ...this.#contents, removed: stillRemoved };
    else if (!this.#isMember(key) || data !== undefined)
      this.#contents = { ...this.#contents, removed: stillRemoved, added: new Map(added).set(key, link) };
    if (this.#meta.kind === 'inverse') this.#host.pointBack(this.#owner, this.#meta, target, true);
  }

  #removeOne(target: unknown): void {
    const id = this.#identify(target);
    const key = identityOf(id);
    const added = new Map(this.#contents.added);
    const wasAdded = added.delete(key);
    const removed = new Map(this.#contents.removed);
    if (!wasAdded || this.#isStored(key)) removed.set(key, id);
    this.#contents = { ...this.#contents, added, removed };
    if (this.#meta.kind === 'inverse') this.#host.pointBack(this.#owner, this.#meta, target, false);
  }

  #detachAll(): void {
    if (this.#meta.kind !== 'inverse') return;
    const { items } = this.#contents;
    if (items === undefined && this.#owner.phase !== 'new') {
      throw new NotLoadedError({
        what: `${this.#meta.path} cannot be cleared before it is loaded`,
        why: 'each child holds the link to its owner and has to be changed itself',
        fix: `await entity.${this.#meta.property}.load() first`,
      });
    }
    for (const item of this.get()) this.#host.pointBack(this.#owner, this.#meta, item, false);
  }

  #isMember(key: string): boolean {
    const { added, removed, cleared } = this.#contents;
    return added.has(key) || (!removed.has(key) && !cleared && this.#isStored(key));
  }

  #isStored(key: string): boolean {
    const { ids, items } = this.#contents;
    const stored = ids ?? items?.map((item) => this.#identify(item)) ?? [];
    return stored.some((id) => identityOf(id) === key);
  }

  #otherEnd(edge: object): RecordId {
    const ends = edge as { readonly in: { readonly id: RecordId }; readonly out: { readonly id: RecordId } };
    const direction = this.#meta.kind === 'edges' ? this.#meta.direction : 'out';
    if (direction === 'both') return ends.in.id.equals(this.#owner.id) ? ends.out.id : ends.in.id;
    return ends[direction].id;
  }

  #withPending(items: readonly object[]): object[] {
    const { added, removed, cleared } = this.#contents;
    const kept = cleared ? [] : items.filter((item) => !removed.has(identityOf(this.#identify(item))));
    const shown = new Set<unknown>(kept);
    const more = [...added.values()]
      .map((link) => link.entity ?? this.#host.peek(link.id))
      .filter((e) => e !== undefined);
    return [...kept, ...more.filter((entity) => !shown.has(entity))];
  }

  #newOwnersIds(): readonly RecordId[] {
    if (this.#owner.phase === 'new') return [];
    throw this.#notLoaded();
  }

  #identify(target: unknown): RecordId {
    return this.#host.identify(this.#meta.target(), target, this.#meta.path);
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
