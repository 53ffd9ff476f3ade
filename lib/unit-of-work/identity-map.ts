import type { EntityState } from '../entity/entity-state.js';
import { identityOf, type RecordId } from '../values/index.js';

/** One record, one object: the tracked entities of one EntityManager by record id, and the new ones that have no id yet. */
export class IdentityMap {
  readonly #byId = new Map<string, EntityState>();
  readonly #withoutId = new Set<EntityState>();

  get(id: RecordId): EntityState | undefined {
    return this.#byId.get(identityOf(id));
  }

  has(state: EntityState): boolean {
    return state.id === undefined ? this.#withoutId.has(state) : this.get(state.id) === state;
  }

  add(state: EntityState): void {
    if (state.id === undefined) {
      this.#withoutId.add(state);
      return;
    }
    this.#withoutId.delete(state);
    this.#byId.set(identityOf(state.id), state);
  }

  /** `id` is the one the state was filed under, where it has changed since. */
  delete(state: EntityState, id: RecordId | undefined = state.id): void {
    this.#withoutId.delete(state);
    if (id !== undefined && this.#byId.get(identityOf(id)) === state) this.#byId.delete(identityOf(id));
  }

  clear(): void {
    this.#byId.clear();
    this.#withoutId.clear();
  }

  get size(): number {
    return this.#byId.size + this.#withoutId.size;
  }

  *states(): IterableIterator<EntityState> {
    yield* this.#byId.values();
    yield* this.#withoutId;
  }
}
