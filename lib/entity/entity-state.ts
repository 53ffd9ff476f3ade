import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type { Row } from './row.js';

/**
 * - `new`: created here, inserted by the next flush
 * - `managed`: stands for a record that was read or written
 * - `reference`: only the id is known
 * - `removed`: deleted by the next flush
 * - `detached`: no longer tracked
 */
export type EntityPhase = 'new' | 'managed' | 'reference' | 'removed' | 'detached';

/** What a unit of work knows of one entity. The row that was read is kept as it came: comparing with it needs no second copy. */
export class EntityState<T extends object = object> {
  readonly meta: EntityMetadata;
  readonly entity: T;
  id: RecordId | undefined;
  phase: EntityPhase;
  row: Row | undefined;
  /** Columns that were read; undefined when all were. */
  loadedColumns: ReadonlySet<string> | undefined;
  /** The unit of work that tracks the entity. */
  owner: object;

  constructor(meta: EntityMetadata, entity: T, phase: EntityPhase, owner: object) {
    this.meta = meta;
    this.entity = entity;
    this.phase = phase;
    this.owner = owner;
    this.id = undefined;
    this.row = undefined;
    this.loadedColumns = undefined;
  }

  isLoaded(column: string): boolean {
    if (this.phase === 'reference' || this.row === undefined) return this.phase === 'new';
    return this.loadedColumns === undefined || this.loadedColumns.has(column);
  }
}
