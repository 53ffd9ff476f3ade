import type { EntityShapes } from '../entity/entity-shape.js';
import type { EntityPhase, EntityState } from '../entity/entity-state.js';
import { LinkCollection } from '../entity/link-collection.js';
import { LinkReference } from '../entity/link-reference.js';
import type { Row } from '../entity/row.js';
import { copyOf } from '../entity/value-handler.js';

interface Entry {
  readonly phase: EntityPhase;
  readonly isHidden: boolean;
  readonly row: Row | undefined;
  readonly loadedColumns: ReadonlySet<string> | undefined;
  readonly owner: object;
  readonly replaces: EntityState | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly collections: ReadonlyMap<string, LinkCollection>;
}

/** Entities as they were, so that a transaction that fails after they changed can put them back. */
export class RollbackJournal {
  readonly #shapes: EntityShapes;
  readonly #entries = new Map<EntityState, Entry>();
  /** Links and collections, which change in place. */
  readonly #relations = new Map<LinkCollection | LinkReference, unknown>();

  constructor(shapes: EntityShapes) {
    this.#shapes = shapes;
  }

  /** The first remembrance counts. `phase`, where the state has left it already. */
  remember(state: EntityState, phase = state.phase): void {
    if (this.#entries.has(state)) return;
    const values: Record<string, unknown> = {};
    const collections = new Map<string, LinkCollection>();
    const { fields } = this.#shapes.of(state.meta);
    for (const [name, value] of Object.entries(state.entity)) {
      if (LinkCollection.is(value)) collections.set(name, value);
      else {
        // Only stored values can be mutated in place; everything else is kept as it is.
        const handler = fields.get(name);
        values[name] = handler === undefined ? value : copyOf(handler, value);
      }
      if (LinkCollection.is(value) || LinkReference.is(value)) this.#rememberRelation(value);
    }
    const { isHidden, row, loadedColumns, owner, replaces } = state;
    this.#entries.set(state, { phase, isHidden, row, loadedColumns, owner, replaces, values, collections });
  }

  rememberCollection(collection: LinkCollection): void {
    this.#rememberRelation(collection);
  }

  /** Puts every remembered entity back; answers what they were and whose. */
  restore(): EntityState[] {
    for (const [state, entry] of this.#entries) {
      const instance = state.entity as Record<string, unknown>;
      for (const name of Object.keys(instance))
        if (!(name in entry.values) && !entry.collections.has(name)) delete instance[name];
      Object.assign(instance, entry.values);
      for (const [name, collection] of entry.collections) instance[name] = collection;
      state.phase = entry.phase;
      state.isHidden = entry.isHidden;
      state.row = entry.row;
      state.replaces = entry.replaces;
      state.loadedColumns = entry.loadedColumns;
    }
    for (const [relation, contents] of this.#relations) relation.restore(contents);
    return [...this.#entries.keys()];
  }

  /** Takes over what a later journal remembers and this one does not, all but the entities of one owner. */
  absorb(later: RollbackJournal, except: object): void {
    for (const [state, entry] of later.#entries)
      if (entry.owner !== except && !this.#entries.has(state)) this.#entries.set(state, entry);
    for (const [relation, contents] of later.#relations)
      if (!this.#relations.has(relation)) this.#relations.set(relation, contents);
  }

  ownerOf(state: EntityState): object | undefined {
    return this.#entries.get(state)?.owner;
  }

  #rememberRelation(relation: LinkCollection | LinkReference): void {
    if (!this.#relations.has(relation)) this.#relations.set(relation, relation.snapshot());
  }
}
