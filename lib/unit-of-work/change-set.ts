import type { ChangedPart } from '../entity/changed-parts.js';
import type { EntityState } from '../entity/entity-state.js';
import type { LinkCollection } from '../entity/link-collection.js';
import type { CollectionMetadata } from '../entity/link-host.js';
import type { CollectionChanges } from '../entity/pending-links.js';
import type { Row } from '../entity/row.js';
import type { EdgesMetadata, EntityMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import type { Expression } from '../surrealql/nodes/index.js';
import type { RecordId } from '../values/index.js';

export interface PropertyChange {
  readonly meta: PropertyMetadata;
  readonly old: unknown;
  readonly new: unknown;
}

/** One `SET` of an update: `=` replaces, the others are the deltas of a link array. */
export interface ColumnAssignment {
  readonly column: string;
  readonly operator: '=' | '+?=' | '-=';
  readonly value: unknown;
  /** Of an object only these members are written. */
  readonly parts?: readonly ChangedPart[];
  /** What the server works out instead of a value. */
  readonly expression?: Expression;
}

interface ChangeSetBase {
  readonly meta: EntityMetadata;
  readonly state: EntityState;
  readonly id: RecordId;
  /** By property. */
  readonly changes: ReadonlyMap<string, PropertyChange>;
}

export interface CreateChangeSet extends ChangeSetBase {
  readonly action: 'create';
  readonly content: Row;
  /** Columns that the data of a direct write names, `id` too; the others have defaults, or values made for a new record. */
  readonly given?: readonly string[];
  /** The record exists, and is removed by the same flush: it is replaced in place, if it is still as this says. */
  readonly replaces?: { readonly state: EntityState; readonly row: Row | undefined; readonly guard: Row };
}

export interface UpdateChangeSet extends ChangeSetBase {
  readonly action: 'update';
  readonly assignments: readonly ColumnAssignment[];
  /** Raw values that the record must still have; a mismatch fails the flush. */
  readonly guard: Row;
}

export interface DeleteChangeSet extends ChangeSetBase {
  readonly action: 'delete';
  readonly guard: Row;
  /** The record stays and this is written: it is deleted softly. */
  readonly soft?: UpdateChangeSet;
  /** Only its id is known, from what linked to it: there may be no such record. */
  readonly mayBeGone?: boolean;
}

export type ChangeSet = CreateChangeSet | UpdateChangeSet | DeleteChangeSet;

/** Edges that go by their ends, where the edge's own id is not known. */
export interface Unrelate {
  readonly owner: EntityState;
  readonly property: EdgesMetadata;
  readonly from: RecordId;
  /** None: every edge of the owner. */
  readonly to: RecordId | undefined;
}

/** A record that is not written, but must still be as it was read. */
export interface GuardCheck {
  readonly action: 'check';
  readonly meta: EntityMetadata;
  readonly state: EntityState;
  readonly id: RecordId;
  readonly guard: Row;
}

/** What of a collection this flush writes. */
export interface CollectionWork {
  readonly owner: EntityState;
  readonly property: CollectionMetadata;
  readonly collection: LinkCollection;
  readonly changes: CollectionChanges;
}

/** All that one flush writes, and what it relies on. */
export interface FlushWork {
  readonly changeSets: readonly ChangeSet[];
  readonly unrelates: readonly Unrelate[];
  readonly checks: readonly GuardCheck[];
  readonly collections: readonly CollectionWork[];
  /** Collections that were replaced before anybody knew what they hold: it has to be read before this can be written. */
  readonly unread: readonly LinkCollection[];
  /** Entities that are read again afterwards: only the server knows what a deletion makes of them. */
  readonly aftermath: readonly EntityState[];
}

/** Checks alone are nothing to send: what was only read matters when something is written. */
export const isEmptyWork = (work: FlushWork): boolean => work.changeSets.length === 0 && work.unrelates.length === 0;
