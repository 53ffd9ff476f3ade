import type { EntityState } from '../entity/entity-state.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { isDeleted } from './soft-delete.js';

/** What soft delete needs to know of the reads of an EntityManager. */
export interface DeletedReader {
  /** Whether reads leave out records that were deleted softly. */
  hidesDeleted(meta: EntityMetadata): boolean;
}

/** Which removals of one unit of work are soft, and which entities its reads leave out for being deleted. */
export class SoftRemovals {
  readonly #reader: DeletedReader;
  /** Removed for good, where removing would be soft. */
  readonly #hard = new WeakSet<EntityState>();

  constructor(reader: DeletedReader) {
    this.#reader = reader;
  }

  note(state: EntityState, hard: boolean): void {
    if (hard) this.#hard.add(state);
    else this.#hard.delete(state);
  }

  isHard(state: EntityState): boolean {
    return this.#hard.has(state);
  }

  has(state: EntityState): boolean {
    return state.meta.softDelete !== undefined && !this.#hard.has(state);
  }

  /** Hides or shows an entity by what is now known of its record. */
  placeInView(state: EntityState): void {
    if (state.meta.softDelete !== undefined) state.isHidden = isDeleted(state) && this.#reader.hidesDeleted(state.meta);
  }
}
