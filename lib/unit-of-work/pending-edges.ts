import type { PendingLink } from '../entity/pending-links.js';
import { stateOf } from '../entity/stamp.js';
import type { EntityState } from '../entity/entity-state.js';
import type { EdgesMetadata, EntityMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import { identityOf, type RecordId } from '../values/index.js';
import { computeCreate } from './change-computer.js';
import type { CreateChangeSet } from './change-set.js';
import type { UnitOfWork } from './unit-of-work.js';

/** The edges that collections ask for. Both ends may ask for the same one: it is made once. */
export class PendingEdges {
  readonly #uow: UnitOfWork;
  readonly #byEnds = new Map<string, EntityState>();

  constructor(uow: UnitOfWork) {
    this.#uow = uow;
  }

  add(property: EdgesMetadata, owner: RecordId, link: PendingLink): void {
    const [from, to] = property.direction === 'in' ? [link.id, owner] : [owner, link.id];
    const key = JSON.stringify([property.edge().table, identityOf(from), identityOf(to)]);
    const asked = this.#byEnds.get(key);
    if (asked === undefined) this.#byEnds.set(key, this.#edgeOf(property, from, to, link));
    else if (link.data !== undefined) this.#uow.assign(asked.entity, link.data);
  }

  changeSets(): CreateChangeSet[] {
    return Array.from(this.#byEnds.values(), (state) =>
      computeCreate(this.#uow.shapes.of(state.meta), state, state.id as RecordId),
    );
  }

  /** The edge is an entity of its own, tracked once the flush has made it; the same one however often it is computed. */
  #edgeOf(property: EdgesMetadata, from: RecordId, to: RecordId, link: PendingLink): EntityState {
    const { edges } = this.#uow;
    let edge = edges.get(link);
    if (edge === undefined) {
      const meta = property.edge();
      const ends = { [endOf(meta, 'in')]: from, [endOf(meta, 'out')]: to };
      edges.set(link, (edge = this.#uow.create(meta, { ...link.data, ...ends }, false)));
    }
    return stateOf(edge) as EntityState;
  }
}

/** The property that holds an end; its column has the name of the end. */
function endOf(meta: EntityMetadata, end: 'in' | 'out'): string {
  return (meta.byColumn.get(end) as PropertyMetadata).property;
}
