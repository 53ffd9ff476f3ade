import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { BulkEvent } from '../../subscribers/index.js';
import type { EmSession } from '../em-session.js';

export interface BulkNotice {
  readonly meta: EntityMetadata;
  readonly action: BulkEvent['action'];
  readonly criteria: unknown;
  readonly data?: unknown;
}

/** Tells subscribers of a write that has no entities of its own: before it, and when it is permanent. */
export async function announced<R>(
  session: EmSession,
  { meta, ...notice }: BulkNotice,
  write: () => Promise<R>,
  countOf: (result: R) => number | undefined,
): Promise<R> {
  const { dispatcher } = session.core;
  const event = { ...notice, metadata: meta, em: session.em as object };
  if (dispatcher.has('beforeBulk', meta)) await dispatcher.emit('beforeBulk', meta, event);
  const result = await write();
  if (!dispatcher.has('afterBulk', meta)) return result;
  const count = countOf(result);
  const tell = () => dispatcher.emit('afterBulk', meta, { ...event, ...(count !== undefined && { count }) });
  if (session.transaction === undefined) await tell();
  else session.transaction.whenCommitted(tell);
  return result;
}
