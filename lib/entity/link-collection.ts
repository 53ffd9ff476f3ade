import { NotLoadedError, ValidationError } from '../errors/index.js';
import { identityOf, INSPECT, type RecordId } from '../values/index.js';
import { CollectionMembers, targetsOf } from './collection-members.js';
import { entityOf } from './link-reference.js';
import { viewOfLinks } from './link-views.js';
import type { PendingLink } from './pending-links.js';

/**
 * The many side of a relation. Adding and removing need no load: they are remembered as deltas and wait for the flush.
 */
export class LinkCollection extends CollectionMembers implements Iterable<object> {
  #loading: Promise<object[]> | undefined;
  /** `links.total` of a fetch with `{ count: true }`. */
  declare total?: number;

  static is(value: unknown): value is LinkCollection {
    return typeof value === 'object' && value !== null && #loading in value;
  }

  get isLoaded(): boolean {
    return this.known?.items !== undefined;
  }

  /** The ids of the members, pending changes included. */
  get ids(): readonly RecordId[] {
    const { known, pending } = this;
    const stored = known?.ids ?? known?.items?.map((item) => this.identify(item));
    if (stored === undefined && pending?.list === undefined) throw this.notLoaded();
    return pending === undefined ? (stored ?? []) : pending.applyTo(stored ?? []);
  }

  /** The ids where all of them are known. */
  get wholeIds(): readonly RecordId[] | undefined {
    return this.known?.ids === undefined ? undefined : this.ids;
  }

  get(): object[] {
    const shown = this.shown();
    if (shown === undefined) throw this.notLoaded();
    return shown;
  }

  /** The edges that a fetch or load has read with the members; those of members that were removed since are left out. */
  edges(): object[] {
    const edges = this.shownEdges();
    if (edges === undefined) throw this.notLoaded();
    return edges;
  }

  get length(): number {
    return this.get().length;
  }

  [Symbol.iterator](): Iterator<object> {
    return this.get()[Symbol.iterator]();
  }

  load(): Promise<object[]> {
    this.#loading ??= this.#loadAll().finally(() => {
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
    if (this.isList) {
      if (this.meta.owns) this.#letGoAll();
      this.change().list = wanted.map((target) => this.#linkTo(target));
      return;
    }
    if (this.known?.ids === undefined) this.clear();
    else {
      const kept = new Set(wanted.map((target) => identityOf(this.identify(target))));
      for (const id of this.ids) if (!kept.has(identityOf(id))) this.#removeOne(id);
    }
    for (const target of wanted) this.#addOne(target, undefined);
  }

  clear(): void {
    this.#detachAll();
    const stored = this.known?.ids;
    const pending = this.change();
    pending.added.clear();
    pending.removed.clear();
    if (this.isList) pending.list = [];
    else pending.cleared = pending.cleared || stored?.length !== 0;
  }

  async contains(target: unknown): Promise<boolean> {
    const key = identityOf(this.identify(target));
    if (this.pending?.added.has(key) === true) return true;
    if (this.pending?.removed.has(key) === true) return false;
    if (this.known?.ids === undefined) await this.load();
    return this.ids.some((id) => identityOf(id) === key);
  }

  async count(): Promise<number> {
    // The ids of a column are those of hidden members too.
    const isColumn = this.meta.kind === 'links' && this.host.hidesAny(this.meta.targets());
    if (isColumn && this.isLoaded && this.known?.partial !== true) return this.length;
    if (this.known?.ids === undefined || isColumn) {
      if (this.pending === undefined || this.pending.isEmpty) return this.host.countMany(this.owner, this.meta);
      // What waits may be stored already: only the members themselves tell.
      await this.load();
      if (isColumn) return this.length;
    }
    return this.ids.length;
  }

  /** Reads the members that match, without loading the collection. */
  find(where?: unknown, options?: unknown): Promise<object[]> {
    return this.host.findMany(this.owner, this.meta, where, options);
  }

  toJSON(): unknown {
    if (this.isLoaded) return this.get();
    return this.wholeIds?.map(String);
  }

  [INSPECT](): object {
    return viewOfLinks(this.shown(), this.wholeIds);
  }

  async #loadAll(): Promise<object[]> {
    if (this.known?.items === undefined || this.known.partial) await this.host.loadMany(this.owner, this.meta);
    await Promise.all(
      this.unloadedPending().map(({ id }) => this.host.loadOne(this.meta.target(), id, this.meta.path)),
    );
    return this.get();
  }

  #linkTo(target: unknown): PendingLink {
    const id = this.identify(target);
    return { id, entity: entityOf(target) ?? this.host.peek(id), data: undefined };
  }

  #addOne(target: unknown, data: object | undefined): void {
    const link = { ...this.#linkTo(target), data };
    if (this.isList) this.change().list = [...this.#listed(), link];
    else this.#addToSet(link);
    if (this.meta.kind === 'inverse') this.host.pointBack(this.owner, this.meta, target, true);
  }

  #addToSet(link: PendingLink): void {
    const key = identityOf(link.id);
    const held = this.known?.holds(key);
    const pending = this.change();
    // An edge that is taken out and put in again stays as it is, if it is known to be there and gets no new data.
    const keep = held === true && link.data === undefined;
    if (keep || this.meta.kind !== 'edges') pending.removed.delete(key);
    // Asked for once more, it keeps the data that it was asked for with.
    if (!keep && (link.data !== undefined || !pending.added.has(key))) pending.add(link);
  }

  #removeOne(target: unknown): void {
    const id = this.identify(target);
    const key = identityOf(id);
    // First what may be refused.
    if (this.meta.kind === 'inverse') this.host.pointBack(this.owner, this.meta, target, false);
    if (this.meta.owns && this.#hasForGood(key)) this.host.letGo(this.owner, this.meta, target);
    if (this.isList) this.change().list = this.#listed().filter((link) => identityOf(link.id) !== key);
    else {
      const held = this.known?.holds(key);
      const pending = this.change();
      const wasAdded = pending.added.delete(key);
      const needless = pending.cleared || this.startsEmpty || (wasAdded && held === false);
      if (!needless) pending.remove(id);
    }
  }

  /** What is not a member is not the owner's to delete. The link of an inverse side is checked by the flush. */
  #hasForGood(key: string): boolean {
    if (this.meta.kind === 'inverse' || this.pending?.added.has(key) === true) return true;
    const isShown = this.known?.items?.some((item) => identityOf(this.identify(item)) === key) === true;
    const holds = isShown || this.known?.holds(key);
    if (holds === undefined) throw this.#unknown('removed from', 'it owns its members, and what is none must not go');
    return holds;
  }

  /** A list is written as a whole, so it has to be known. */
  #listed(): readonly PendingLink[] {
    const list = this.pending?.list;
    if (list !== undefined) return list;
    return this.ids.map((id) => ({ id, entity: this.host.peek(id), data: undefined }));
  }

  /** Before all members go: the links of an inverse side are the members' own, and what is owned goes for good. */
  #detachAll(): void {
    const { meta } = this;
    if (meta.kind === 'inverse') {
      if (this.known?.items === undefined || this.known.partial)
        throw this.#unknown('cleared', 'each child holds the link to its owner and has to be changed itself');
      for (const item of this.get()) this.host.pointBack(this.owner, meta, item, false);
    }
    if (meta.owns) this.#letGoAll();
  }

  #letGoAll(): void {
    if (this.known?.ids === undefined)
      throw this.#unknown('cleared', 'it owns its members, and those have to be known to go');
    for (const id of this.ids) this.host.letGo(this.owner, this.meta, id);
  }

  #unknown(done: string, why: string): NotLoadedError {
    return new NotLoadedError({
      what: `${this.meta.path} cannot be ${done} before it is loaded`,
      why,
      fix: `await entity.${this.meta.property}.load() first`,
    });
  }

  #resolve(target: unknown): unknown {
    return this.host.resolve(targetsOf(this.meta), target, this.meta.path);
  }

  #listOf(target: unknown): readonly unknown[] {
    return Array.isArray(target) && !this.#isKey(target) ? target : [target];
  }

  /** An array is itself a key where the target's id is an array. */
  #isKey(target: readonly unknown[]): boolean {
    if (!Array.isArray(this.meta.target().id.key)) return false;
    if (target.length === 0) throw new ValidationError({ what: `${this.meta.path} was given an empty list` });
    return typeof target[0] !== 'object' || target[0] === null;
  }
}
