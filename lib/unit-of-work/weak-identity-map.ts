import type { EntityState } from '../entity/entity-state.js';
import { identityOf, type RecordId } from '../values/index.js';
import { IdentityMap } from './identity-map.js';

/**
 * An identity map that keeps a job's memory flat: `letGoOf` leaves clean entities to whoever else references them. One that is
 * still in use is found again, as the same object, and held again from then on.
 */
export class WeakIdentityMap extends IdentityMap {
  readonly #loose = new Map<string, WeakRef<EntityState>>();

  override get(id: RecordId): EntityState | undefined {
    const held = super.get(id);
    if (held !== undefined || this.#loose.size === 0) return held;
    const state = this.#take(id);
    if (state !== undefined) super.add(state);
    return state;
  }

  override add(state: EntityState): void {
    if (state.id !== undefined) this.#loose.delete(identityOf(state.id));
    super.add(state);
  }

  override clear(): void {
    super.clear();
    this.#loose.clear();
  }

  override letGoOf(isClean: (state: EntityState) => boolean): void {
    for (const [key, reference] of this.#loose) if (reference.deref() === undefined) this.#loose.delete(key);
    for (const state of super.states()) {
      if (state.id === undefined || !isClean(state)) continue;
      super.delete(state);
      this.#loose.set(identityOf(state.id), new WeakRef(state));
    }
  }

  override get size(): number {
    return super.size + [...this.#alive()].length;
  }

  override states(): readonly EntityState[] {
    return this.#loose.size === 0 ? super.states() : [...super.states(), ...this.#alive()];
  }

  *#alive(): IterableIterator<EntityState> {
    for (const reference of this.#loose.values()) {
      const state = reference.deref();
      if (state !== undefined) yield state;
    }
  }

  #take(id: RecordId): EntityState | undefined {
    const key = identityOf(id);
    const state = this.#loose.get(key)?.deref();
    this.#loose.delete(key);
    return state;
  }
}
