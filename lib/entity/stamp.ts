import type { EntityState } from './entity-state.js';

class Returning {
  constructor(target: object) {
    return target;
  }
}

/**
 * Ties a state to its entity by a private field, which any object can carry: invisible to spread, JSON, `console.log`
 * and `toEqual`, gone with the object, and cheaper than a WeakMap entry an instance.
 */
class Stamp extends Returning {
  #state: EntityState | undefined;

  constructor(target: object, state: EntityState) {
    super(target);
    this.#state = state;
  }

  static read(target: object): EntityState | undefined {
    return #state in target ? target.#state : undefined;
  }

  static write(target: object, state: EntityState | undefined): void {
    if (#state in target) target.#state = state;
    else if (state !== undefined) new Stamp(target, state);
  }
}

/** The state of a tracked entity, whichever unit of work tracks it. */
export function stateOf(entity: unknown): EntityState | undefined {
  return typeof entity === 'object' && entity !== null ? Stamp.read(entity) : undefined;
}

export function stampState(entity: object, state: EntityState | undefined): void {
  Stamp.write(entity, state);
}

/** No longer tracked: another instance may stand for its record by now. */
export function isDetached(entity: object): boolean {
  return stateOf(entity)?.phase === 'detached';
}
