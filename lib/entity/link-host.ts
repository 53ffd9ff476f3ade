import type { EdgesMetadata, EntityMetadata, InverseMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type { EntityState } from './entity-state.js';

export type CollectionMetadata = LinksMetadata | EdgesMetadata | InverseMetadata;

/** What links need of the unit of work that tracks their owner. Narrow, so that entities know nothing of what stands above. */
export interface LinkHost {
  /** Reads an entity, link, record id, key or `'table:key'` as the id of a record of one of these entity classes. */
  identify(targets: readonly EntityMetadata[], target: unknown, path: string): RecordId;
  /** Makes the entity that plain data stands for; anything else is given back. */
  resolve(targets: readonly EntityMetadata[], target: unknown, path: string): unknown;
  /** The tracked entity of this id, if it is loaded. */
  peek(id: RecordId): object | undefined;
  /** Whether reads leave out any records of these entities. */
  hidesAny(targets: readonly EntityMetadata[]): boolean;
  /** @param path of the relation that asks */
  loadOne(meta: EntityMetadata, id: RecordId, path: string): Promise<object>;
  loadMany(owner: EntityState, property: CollectionMetadata): Promise<void>;
  countMany(owner: EntityState, property: CollectionMetadata): Promise<number>;
  findMany(owner: EntityState, property: CollectionMetadata, where: unknown, options: unknown): Promise<object[]>;
  /** An owner lets go of what it owns: it goes with the next flush unless another owner has taken it by then. */
  letGo(owner: EntityState, property: CollectionMetadata, child: unknown): void;
  /** Makes the child of an inverse collection point at its owner, or at nothing. */
  pointBack(owner: EntityState, property: InverseMetadata, child: unknown, attached: boolean): void;
}

/** Who tracks an entity. Links ask whoever that is at the moment: an entity may move to another unit of work. */
export interface EntityOwner {
  readonly links: LinkHost;
}
