import { NotLoadedError, ValidationError } from '../errors/index.js';
import { identityOf } from '../values/index.js';
import { targetsOf } from './collection-contents.js';
import { CollectionMembers } from './collection-members.js';
import { entityOf } from './link-reference.js';
import type { PendingLink } from './pending-links.js';

/** How the members of a collection are changed. Nothing is read for it: it is remembered, and waits for the flush. */
export abstract class CollectionEditor extends CollectionMembers {
  add(target: unknown, data?: object): void {
    for (const one of this.#listOf(target)) this.#addOne({ ...this.#linkTo(this.#resolve(one)), data });
  }

  remove(target: unknown): void {
    for (const one of this.#listOf(target)) this.#removeOne(one);
  }

  /**
   * Makes the targets the only members. Of a collection whose members are known only the difference is written; where what
   * goes has to be known and is not, the flush reads it first.
   */
  set(targets: Iterable<unknown>): void {
    const given = isCollection(targets) ? targets.targets : Array.from(targets);
    this.#become(given.map((target) => this.#linkTo(this.#resolve(target))));
  }

  clear(): void {
    this.#letGoOfOthers([]);
    const stored = this.known?.ids;
    const pending = this.change();
    pending.added.clear();
    pending.removed.clear();
    if (this.isList) pending.list = [];
    else pending.cleared = pending.cleared || stored?.length !== 0;
  }

  /** The members as another collection takes them over: by their ids where they are not loaded. @internal */
  get targets(): readonly unknown[] {
    const shown = new Map(this.shown()?.map((item) => [identityOf(this.idOf(item)), item]));
    return this.ids.map((id) => shown.get(identityOf(id)) ?? id);
  }

  /** Whether the flush has to read what goes. @internal */
  get isUnread(): boolean {
    return this.pending?.unread === true;
  }

  /** Reads what goes, and lets go of it. @internal */
  async readWhatGoes(): Promise<void> {
    await this.host.loadMany(this.owner, this.meta);
    const asked = this.pending;
    if (asked?.unread !== true) return;
    this.pending = undefined;
    try {
      if (this.meta.kind === 'edges') return this.#become(asked.whole ?? []);
      this.#letGoOfOthers(asked.whole ?? []);
      asked.unread = false;
    } catch (error) {
      this.pending = asked;
      throw error;
    }
    this.pending = asked;
  }

  #become(wanted: readonly PendingLink[]): void {
    if (this.isList) {
      this.#letGoOfOthers(wanted);
      this.change().list = wanted;
      return;
    }
    if (this.known?.ids === undefined) {
      this.clear();
      // An edge that is there and stays is not to be made anew.
      if (this.meta.kind === 'edges' && wanted.length > 0 && this.owner.phase !== 'new') this.change().unread = true;
    } else {
      for (const member of this.#othersThan(wanted)) this.#removeOne(member);
      this.recall(wanted);
    }
    for (const link of wanted) this.#addOne(link);
  }

  /** Links of an inverse side are the members' own, and what is owned goes for good: both have to be known. */
  #letGoOfOthers(staying: readonly PendingLink[]): void {
    if (this.meta.kind !== 'inverse' && !this.meta.owns) return;
    if (!this.#isWhole) return this.#readFirst();
    for (const member of this.#othersThan(staying)) {
      if (this.meta.kind === 'inverse') this.host.pointBack(this.owner, this.meta, member, false);
      if (this.meta.owns) this.host.letGo(this.owner, this.meta, member);
    }
  }

  #othersThan(links: readonly PendingLink[]): unknown[] {
    const keys = new Set(links.map(({ id }) => identityOf(id)));
    return this.targets.filter((member) => !keys.has(identityOf(this.identify(member))));
  }

  get #isWhole(): boolean {
    const { known } = this;
    return known?.ids !== undefined || (known?.items !== undefined && !known.partial);
  }

  #readFirst(): void {
    if (this.owner.phase === 'new') throw this.#unknown('replaced', 'what it replaces is not known', 'flush first');
    this.change().unread = true;
  }

  #linkTo(target: unknown): PendingLink {
    const id = this.identify(target);
    return { id, entity: entityOf(target) ?? this.host.peek(id), data: undefined };
  }

  #addOne(link: PendingLink): void {
    if (this.isList) this.change().list = [...this.#listed(), link];
    else this.#addToSet(link);
    if (this.meta.kind === 'inverse') this.host.pointBack(this.owner, this.meta, link.entity ?? link.id, true);
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
    const isShown = this.known?.items?.some((item) => identityOf(this.idOf(item)) === key) === true;
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

  #unknown(done: string, why: string, fix = `await entity.${this.meta.property}.load() first`): NotLoadedError {
    return new NotLoadedError({ what: `${this.meta.path} cannot be ${done} before it is loaded`, why, fix });
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

function isCollection(value: unknown): value is CollectionEditor {
  return CollectionMembers.isOne(value);
}
