import { isPlainData } from '../../entity/plain-data.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { toId, type QueryContext } from '../../query/index.js';
import type { RecordId } from '../../values/index.js';
import type { EmSession } from '../em-session.js';
import { asRecordId } from '../where-id.js';
import { announced } from './bulk-events.js';
import { letGo, refreshCopies } from './managed-copies.js';
import { planDelete, planUpdate, type DeleteOptions, type SetOptions, type SetWrite } from './plan-set.js';
import { needsAnswer, sendDirect } from './send-direct.js';

/** Changes every record that matches; answers how many, or undefined where that is not known yet. */
export async function updateMatching(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  changes: object,
  options?: SetOptions,
): Promise<number | undefined> {
  return runSet(session, planUpdate(session, meta, where, changes, options));
}

/** Deletes every record that matches; answers how many, or undefined where that is not known yet. */
export async function deleteMatching(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  options?: DeleteOptions,
): Promise<number | undefined> {
  return runSet(session, planDelete(session, meta, where, options));
}

/** Sends a set-based write or queues it; answers how many records it touched, or undefined where that is not known yet. */
export async function runSet(session: EmSession, planned: SetWrite | undefined): Promise<number | undefined> {
  if (planned === undefined) return session.deferred === undefined ? 0 : undefined;
  const count = await sendSet(session, planned, Number);
  return count === undefined ? undefined : Number(count);
}

/** The same where something of each record is wanted. @throws ValidationError in a deferred transaction, which answers nothing */
export async function runReturning(session: EmSession, planned: SetWrite | undefined): Promise<readonly unknown[]> {
  needsAnswer(session, 'What a set-based write returns');
  if (planned === undefined) return [];
  return (await sendSet(session, planned, (rows) => (rows as readonly unknown[]).length)) as readonly unknown[];
}

/** Announces the write, sends it or queues it, and looks after the copies of records that its where names. */
async function sendSet(session: EmSession, planned: SetWrite, countOf: (answer: unknown) => number): Promise<unknown> {
  const isQueued = session.deferred !== undefined;
  const { write, notice, where, verb } = planned;
  session.deferred?.refuseUnsent(write.meta);
  if (planned.judge !== undefined) await planned.judge();
  const named = namedIds(write.meta, where, session.finder.context);
  if (isQueued) letGo(session, named, verb);
  const send = (): Promise<unknown> => sendDirect(session, write);
  const answer = await announced(session, notice, send, (given) => (given === undefined ? undefined : countOf(given)));
  // Its other conditions may have spared one of them.
  if (!isQueued) await refreshCopies(session, named);
  return answer;
}

/** The ids that a where names, alone or in a list. */
function namedIds(meta: EntityMetadata, where: unknown, query: QueryContext): RecordId[] {
  const one = asRecordId(meta, where, query);
  if (one !== undefined) return [one];
  const listed = isPlainData(where) && isPlainData(where['id']) ? where['id']['$in'] : undefined;
  return Array.isArray(listed) ? listed.map((id) => toId(meta, id, query)) : [];
}
