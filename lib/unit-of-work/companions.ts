import type { EntityState } from '../entity/entity-state.js';
import type { CollectionMetadata } from '../entity/link-host.js';
import type { FieldMetadata } from '../metadata/entity-metadata.js';
import { isDeleted, restoreDeleted } from './soft-delete.js';
import type { UnitOfWork } from './unit-of-work.js';

type Fate = 'restore' | 'remove';

/**
 * What was deleted softly with its owner comes back with it, and goes for good with it. Reads leave it out, so the flush
 * looks for it: by the time of deletion, which a flush gives to all that it deletes.
 */
export class Companions {
  readonly #uow: UnitOfWork;
  readonly #owners = new Map<EntityState, Fate>();

  constructor(uow: UnitOfWork) {
    this.#uow = uow;
  }

  /** An owner that is deleted softly is to come back, or to go for good. */
  follow(owner: EntityState, fate: Fate): void {
    if (isDeleted(owner) && this.#ownedSoftly(owner).length > 0) this.#owners.set(owner, fate);
    else this.#owners.delete(owner);
  }

  forget(owner: EntityState): void {
    this.#owners.delete(owner);
  }

  /** Those of all owners, and theirs in turn. */
  async recall(): Promise<void> {
    for (const [owner, fate] of this.#owners) {
      if (this.#uow.isTracked(owner)) for (const child of await this.#of(owner)) this.#share(child, fate);
      this.#owners.delete(owner);
    }
  }

  async #of(owner: EntityState): Promise<object[]> {
    const at = new Date((owner.row?.[(owner.meta.softDelete as FieldMetadata).column] as Date).getTime());
    const children: object[] = [];
    for (const property of this.#ownedSoftly(owner)) {
      const { softDelete } = property.target();
      const where = { [(softDelete as FieldMetadata).property]: at };
      children.push(...(await this.#uow.links.findMany(owner, property, where, { filters: { softDelete: false } })));
    }
    return children;
  }

  #share(child: object, fate: Fate): void {
    if (fate === 'restore') restoreDeleted(this.#uow, child);
    else this.#uow.remove(child, true);
  }

  #ownedSoftly({ meta }: EntityState): CollectionMetadata[] {
    return this.#uow.shapes
      .of(meta)
      .collections.filter(({ owns, target }) => owns && target().softDelete !== undefined);
  }
}
