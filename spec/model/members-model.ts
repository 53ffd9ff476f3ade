/** What one EntityManager knows and wants of the members of a collection, as sets of ids. */
export class MembersModel {
  /** The members that are stored, as far as they are known. */
  known: Set<string> | undefined;
  readonly added = new Map<string, number | undefined>();
  readonly removed = new Set<string>();
  cleared = false;
  readonly #isEdge: boolean;

  constructor(isEdge: boolean, known?: Iterable<string>) {
    this.#isEdge = isEdge;
    this.known = known === undefined ? undefined : new Set(known);
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
    const cleared = this.cleared || this.stored?.size !== 0;
    this.drop();
    this.cleared = cleared;
  }

  /** Forgets what waits to be written. */
  drop(): void {
    this.added.clear();
    this.removed.clear();
    this.cleared = false;
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
