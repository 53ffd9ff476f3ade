import type { EntityState } from '../entity/entity-state.js';
import { identityOf, type RecordId, type RecordKey } from '../values/index.js';

/**
 * One record, one object: the tracked entities of one EntityManager by record id, and the new ones that have no id yet.
 * Text and numbers are keys of a Map as they are; only other keys need a text of their own.
 */
export class IdentityMap {
  readonly #tables = new Map<string, TableMap>();
  readonly #withoutId = new Set<EntityState>();
  /** What `states` answered, until something comes or goes: a flush goes through all of them several times. */
  #all: readonly EntityState[] | undefined;

  get(id: RecordId): EntityState | undefined {
    const table = this.#tables.get(id.table);
    if (table === undefined) return undefined;
    const key = simpleKey(id.key);
    return key === undefined ? table.other.get(identityOf(id)) : table.simple.get(key);
  }

  has(state: EntityState): boolean {
    return state.id === undefined ? this.#withoutId.has(state) : this.get(state.id) === state;
  }

  add(state: EntityState): void {
    this.#all = undefined;
    const { id } = state;
    if (id === undefined) {
      this.#withoutId.add(state);
      return;
    }
    if (this.#withoutId.size > 0) this.#withoutId.delete(state);
    let table = this.#tables.get(id.table);
    if (table === undefined) this.#tables.set(id.table, (table = { simple: new Map(), other: new Map() }));
    const key = simpleKey(id.key);
    if (key === undefined) table.other.set(identityOf(id), state);
    else table.simple.set(key, state);
  }

  delete(state: EntityState): void {
    this.#all = undefined;
    this.#withoutId.delete(state);
    const { id } = state;
    if (id === undefined || this.get(id) !== state) return;
    const table = this.#tables.get(id.table) as TableMap;
    const key = simpleKey(id.key);
    if (key === undefined) table.other.delete(identityOf(id));
    else table.simple.delete(key);
  }

  clear(): void {
    this.#all = undefined;
    this.#tables.clear();
    this.#withoutId.clear();
  }

  get size(): number {
    let size = this.#withoutId.size;
    for (const { simple, other } of this.#tables.values()) size += simple.size + other.size;
    return size;
  }

  /** Everything that is held by this map alone may go once it is clean; an ordinary map keeps it. */
  letGoOf(_isClean: (state: EntityState) => boolean): void {}

  /** All of them, as they are now: the map may change while they are gone through. */
  states(): readonly EntityState[] {
    this.#all ??= this.#list();
    return this.#all;
  }

  #list(): EntityState[] {
    const all: EntityState[] = [];
    for (const { simple, other } of this.#tables.values()) {
      for (const state of simple.values()) all.push(state);
      for (const state of other.values()) all.push(state);
    }
    for (const state of this.#withoutId) all.push(state);
    return all;
  }
}

interface TableMap {
  readonly simple: Map<string | number, EntityState>;
  readonly other: Map<string, EntityState>;
}

/** `1` and `1n` are one key. */
function simpleKey(key: RecordKey): string | number | undefined {
  if (typeof key === 'string' || typeof key === 'number') return key;
  if (typeof key !== 'bigint') return undefined;
  const number = Number(key);
  return Number.isSafeInteger(number) ? number : undefined;
}
