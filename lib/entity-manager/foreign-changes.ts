import type { EntityState } from '../entity/entity-state.js';
import { ValidationError } from '../errors/index.js';
import { isClean } from '../unit-of-work/is-clean.js';
import type { EmSession } from './em-session.js';

/**
 * Watches the EntityManager that has started a transaction block. Its entities take no part in the block: one that is changed
 * inside would be left out of the commit, and would neither be guarded nor rolled back.
 */
export class ForeignChanges {
  readonly #parent: EmSession;
  /** Changed before the block began. */
  readonly #waiting: ReadonlySet<EntityState>;
  readonly #calls: number;

  constructor(parent: EmSession) {
    this.#parent = parent;
    this.#waiting = new Set(changed(parent));
    this.#calls = parent.calls;
  }

  /** @throws ValidationError that names the entity, and `tx.merge` */
  refuse(): void {
    // Somebody works with it outside of the block at the same time: whose change it is cannot be told.
    if (this.#parent.calls !== this.#calls) return;
    const found = changed(this.#parent).find((state) => !this.#waiting.has(state));
    if (found !== undefined) throw changedInside(found);
  }
}

function changed({ uow }: EmSession): EntityState[] {
  return uow.states().filter((state) => state.phase === 'managed' && !isClean(uow, state));
}

function changedInside({ meta, id }: EntityState): ValidationError {
  const name = `${meta.className} ${String(id)}`;
  return new ValidationError({
    what: `${name} was changed inside a transaction block, but belongs to the EntityManager that started it`,
    why: 'only entities of `tx` are written with the block; nothing was written, and the change still waits where it belongs',
    fix: ['bring it over before you change it: tx.merge(entity)', 'read it again in the block, and change that'],
    errors: [{ path: meta.className, message: `${name} belongs to another EntityManager`, rule: 'foreign' }],
  });
}
