/** What one EntityManager knows and wants of the members of a collection, as sets of ids. */
export class MembersModel {
  /** The members that are stored, as far as they are known. */
  known: Set<string> | undefined;
  readonly added = new Map<string, number | undefined>();
  readonly removed = new Set<string>();
  cleared = false;
  /** What goes was not known when it was to go: the flush reads it first. */
  unread = false;
  readonly #isEdge: boolean;

  constructor(isEdge: boolean, known?: Iterable<string>) {
    this.#isEdge = isEdge;
    this.known = known === undefined ? undefined : new Set(known);
  }

  copy(): MembersModel {
    const copy = new MembersModel(this.#isEdge, this.known);
    for (const [id, weight] of this.added) copy.added.set(id, weight);
    for (const id of this.removed) copy.removed.add(id);
    copy.cleared = this.cleared;
    copy.unread = this.unread;
    return copy;
  }

  get isDirty(): boolean {
    return this.added.size > 0 || this.removed.size > 0 || this.cleared;
  }

  get stored(): ReadonlySet<string> | undefined {
    return this.cleared ? new Set() : this.known;
  }

  /** The members with what waits to be written; undefined where they are not known. */
  get view(): Set<string> | undefined {
    const { stored } = this;
    if (stored === undefined) return undefined;
    return new Set([...[...stored].filter((id) => !this.removed.has(id)), ...this.added.keys()]);
  }

  add(id: string, weight?: number): void {
    const keep = this.stored?.has(id) === true && weight === undefined;
    if (keep || !this.#isEdge) this.removed.delete(id);
    // Added once more it keeps the data that it was added with.
    if (!keep && (weight !== undefined || !this.added.has(id))) this.added.set(id, weight);
  }

  remove(id: string, isNewOwner: boolean): void {
    const wasAdded = this.added.delete(id);
    const wasNeverStored = wasAdded && this.stored?.has(id) === false;
    if (!this.cleared && !isNewOwner && !wasNeverStored) this.removed.add(id);
  }

  clear(): void {
    const { unread } = this;
    const cleared = this.cleared || this.stored?.size !== 0;
    this.drop();
    this.cleared = cleared;
    this.unread = unread;
  }

  /** Forgets what waits to be written. */
  drop(): void {
    this.added.clear();
    this.removed.clear();
    this.cleared = false;
    this.unread = false;
  }

  /** What goes is known by now. Of edges the difference is written. */
  takeRead(): void {
    const wanted = [...this.added];
    this.unread = false;
    if (!this.#isEdge) return;
    this.drop();
    const kept = new Set(wanted.map(([id]) => id));
    for (const id of this.known ?? []) if (!kept.has(id)) this.remove(id, false);
    for (const [id, weight] of wanted) this.add(id, weight);
  }

  /** These records are gone. */
  exclude(gone: Iterable<string>): void {
    for (const id of gone) {
      this.known?.delete(id);
      this.added.delete(id);
      this.removed.delete(id);
    }
  }
}
