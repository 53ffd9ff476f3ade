import type { ReverieError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { forEach, value, type Expression, type Statement } from '../../surrealql/nodes/index.js';

/** A write past the unit of work: its statements belong together, alone in a request or queued before others. */
export interface DirectWrite {
  readonly meta: EntityMetadata;
  /** Further tables that it writes. */
  readonly others?: readonly EntityMetadata[];
  /** `number` tells this write from others of the same request in what it throws. */
  statements(number: number): readonly Statement[];
  /** What the write answers when it is not queued. */
  readonly answer: Expression;
  /** What is said when the write throws one of the reasons below. */
  readonly refusals?: Readonly<Record<string, (cause: ReverieError) => ReverieError>>;
  /**
   * The statements stand in a block of their own. Only there a transaction finds its own edges by a walk: a top-level LET
   * and a closure see NONE in their place (3.0.2).
   */
  readonly inBlock?: boolean;
}

/** Why a direct write throws inside the database; followed by its number. */
export const MISSING = 'reverie:missing:';
export const SEVERAL = 'reverie:several:';
export const EXISTS = 'reverie:exists:';
export const BARRED = 'reverie:barred:';

/** The statements among those of other writes, with nothing answered. */
export function queuedStatements(write: DirectWrite, number: number): readonly Statement[] {
  const statements = write.statements(number);
  return write.inBlock === true ? [forEach('once', value([number]), statements)] : statements;
}

export function writesTable(write: DirectWrite, { table }: EntityMetadata): boolean {
  return write.meta.table === table || write.others?.some((other) => other.table === table) === true;
}
