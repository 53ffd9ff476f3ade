import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { Expression, Statement } from '../../surrealql/nodes/index.js';
import type { RecordId } from '../../values/index.js';

/** A write past the unit of work: its statements belong together, alone in a request or queued before others. */
export interface DirectWrite {
  readonly meta: EntityMetadata;
  /** `number` tells this write from others of the same request in what it throws. */
  statements(number: number): readonly Statement[];
  /** What the write answers when it is not queued. */
  readonly answer: Expression;
  /** The record without which the write throws `MISSING`. */
  readonly needs?: RecordId;
}

/** Why a direct write throws inside the database; followed by its number. */
export const MISSING = 'reverie:missing:';
