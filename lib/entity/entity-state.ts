import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type { EntityOwner } from './link-host.js';
import type { Row } from './row.js';

/**
 * - `new`: created here, inserted by the next flush
 * - `managed`: stands for a record that was read or written
 * - `reference`: only the id is known
 * - `removed`: deleted by the next flush
 * - `detached`: no longer tracked
 */
export type EntityPhase = 'new' | 'managed' | 'reference' | 'removed' | 'detached';

const NO_COLUMNS: ReadonlySet<string> = new Set();

/** What a unit of work knows of one entity. The row that was read is kept as it came: comparing with it needs no second copy. */
export class EntityState<T extends object = object> {
  meta: EntityMetadata;
  readonly entity: T;
  id: RecordId | undefined;
  phase: EntityPhase;
  row: Row | undefined;
  /** Columns that were read; undefined when all were. */
  loadedColumns: ReadonlySet<string> | undefined;
  /** The unit of work that tracks the entity. */
  owner: EntityOwner;
  /** Reads of its EntityManager leave it out (soft delete, filters), though it is in hand. */
  isHidden: boolean;
  /** Its insert is under way. */
  isSending: boolean;
  /** The removed entity of the same id, whose record this one is to replace. */
  replaces: EntityState | undefined;

  constructor(meta: EntityMetadata, entity: T, phase: EntityPhase, owner: EntityOwner) {
    this.meta = meta;
    this.entity = entity;
    this.phase = phase;
    this.owner = owner;
    this.id = undefined;
    this.row = undefined;
    this.isHidden = false;
    this.isSending = false;
    this.replaces = undefined;
    this.loadedColumns = phase === 'reference' ? NO_COLUMNS : undefined;
  }

  /** Whether the instance shows what the record holds in this column. */
  isLoaded(column: string): boolean {
    return this.loadedColumns === undefined || this.loadedColumns.has(column);
  }

  /** Whether all has been read that a read brings unless it is told otherwise. */
  get isWhole(): boolean {
    const { loadedColumns: loaded } = this;
    if (loaded === undefined) return true;
    const rest = this.meta.lazy?.rest;
    if (rest === undefined) return false;
    return loaded === rest || [...rest].every((column) => loaded.has(column));
  }

  /** A column that was not read, but given a value: that value is to be written. */
  isAssigned(column: string, property: string): boolean {
    return this.isLoaded(column) || Object.hasOwn(this.entity, property);
  }
}
