import type { EntityState } from '../entity/entity-state.js';

/** What the call under way has scheduled, so that it can be taken back when the call fails. Calls may nest. */
export class Scheduling {
  #noted: EntityState[] | undefined;

  note(state: EntityState): void {
    this.#noted?.push(state);
  }

  /** @param undo is told of each new entity that a failed call leaves behind */
  allOrNothing<R>(work: () => R, undo: (state: EntityState) => void): R {
    const outer = this.#noted;
    const noted: EntityState[] = [];
    this.#noted = noted;
    try {
      return work();
    } catch (error) {
      for (const state of noted.splice(0)) if (state.phase === 'new') undo(state);
      throw error;
    } finally {
      this.#noted = outer;
      outer?.push(...noted);
    }
  }
}
