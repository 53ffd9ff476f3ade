import { isPlainData } from '../../entity/plain-data.js';
import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { buildIds, toId, type FilterChoice, type QueryContext } from '../../query/index.js';
import {
  call,
  letStatement,
  param,
  remove,
  subquery,
  update,
  type Assignment,
  type SelectNode,
} from '../../surrealql/nodes/index.js';
import { softDeletion } from '../../unit-of-work/soft-delete.js';
import { RecordId } from '../../values/index.js';
import type { EmSession } from '../em-session.js';
import { asRecordId } from '../where-id.js';
import { announced } from './bulk-events.js';
import type { DirectWrite } from './direct-write.js';
import { encodeChanges, raisedVersion } from './encode-changes.js';
import { letGo, refreshCopies } from './managed-copies.js';
import { sendDirect, writeContext } from './send-direct.js';

/** Which records are meant, beside the where. */
export interface SetOptions {
  /** As of a read: `{ softDelete: false }` reaches those that were deleted softly. */
  readonly filters?: FilterChoice;
}

export interface DeleteOptions extends SetOptions {
  /** Deletes for good what would be deleted softly. */
  readonly hard?: boolean;
}

/** Changes every record that matches; answers how many, or undefined where that is not known yet. */
export async function updateMatching(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  changes: object,
  { filters }: SetOptions = {},
): Promise<number | undefined> {
  const matching = matchingIds(session, meta, where, { verb: 'updateWhere', filters });
  const assignments = encodeChanges(session, meta, new RecordId(meta.table, '*'), changes);
  if (assignments.length === 0) return session.deferred === undefined ? 0 : undefined;
  const named = namedIds(meta, where, session.finder.context);
  if (session.deferred !== undefined) letGo(session, named, 'updateWhere');
  const notice = { meta, action: 'update', criteria: where, data: changes } as const;
  const count = await announced(session, notice, () => send(session, updateOf(meta, matching, assignments)), asIs);
  // Its other conditions may have spared one of them.
  if (session.deferred === undefined) await refreshCopies(session, named);
  return count;
}

/** Deletes every record that matches; answers how many, or undefined where that is not known yet. */
export async function deleteMatching(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  { hard = false, filters }: DeleteOptions = {},
): Promise<number | undefined> {
  if (meta.readOnly) throw new ValidationError({ what: `${meta.className} is read-only`, why: 'it is a view' });
  const matching = matchingIds(session, meta, where, { verb: 'deleteWhere', filters });
  const named = namedIds(meta, where, session.finder.context);
  if (session.deferred !== undefined) letGo(session, named, 'deleteWhere');
  const notice = { meta, action: 'delete', criteria: where } as const;
  const count = await announced(session, notice, () => send(session, deleteOf(meta, matching, hard)), asIs);
  // Its other conditions may have spared one of them.
  if (session.deferred === undefined) await refreshCopies(session, named);
  return count;
}

const asIs = (count: number | undefined): number | undefined => count;

async function send(session: EmSession, write: DirectWrite): Promise<number | undefined> {
  const count = await sendDirect(session, write);
  return count === undefined ? undefined : Number(count);
}

/**
 * The ids are found first, by a read that does what a find does: conditions on computed fields, and conditions that an
 * index serves in part, go wrong in a statement that writes.
 */
function matchingIds(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  { verb, filters }: { readonly verb: string; readonly filters: FilterChoice | undefined },
): SelectNode {
  const ids = buildIds(meta, where, writeContext(session, filters));
  session.deferred?.refuseFlushed(meta);
  if (ids !== undefined) return ids;
  throw new ValidationError({
    what: `em.${verb}(${meta.className}, …) was given an empty where`,
    why: `it would ${verb === 'deleteWhere' ? 'delete' : 'change'} every ${meta.className} there is`,
    fix: [
      'give a condition',
      `mean all of them: em.query(surql\`${verb === 'deleteWhere' ? 'DELETE' : 'UPDATE'} \${${meta.className}} …\`)`,
    ],
    errors: [{ path: meta.className, message: 'the where is empty', rule: 'required' }],
  });
}

function updateOf(meta: EntityMetadata, matching: SelectNode, assignments: readonly Assignment[]): DirectWrite {
  const changed = update({
    target: param('ids'),
    data: { kind: 'set', assignments },
    returns: { value: { kind: 'Path', parts: ['id'] } },
  });
  return counted(meta, matching, changed);
}

function deleteOf(meta: EntityMetadata, matching: SelectNode, hard: boolean): DirectWrite {
  if (meta.softDelete !== undefined && !hard)
    return updateOf(meta, matching, [...softDeletion(meta.softDelete), ...raisedVersion(meta)]);
  return counted(meta, matching, remove({ target: param('ids'), returns: 'before' }));
}

function counted(
  meta: EntityMetadata,
  matching: SelectNode,
  write: ReturnType<typeof update> | ReturnType<typeof remove>,
): DirectWrite {
  return {
    meta,
    inBlock: true,
    answer: call('array::len', param('done')),
    statements: () => [letStatement('ids', subquery(matching)), letStatement('done', subquery(write))],
  };
}

/** The ids that a where names, alone or in a list. */
function namedIds(meta: EntityMetadata, where: unknown, query: QueryContext): RecordId[] {
  const one = asRecordId(meta, where, query);
  if (one !== undefined) return [one];
  const listed = isPlainData(where) && isPlainData(where['id']) ? where['id']['$in'] : undefined;
  return Array.isArray(listed) ? listed.map((id) => toId(meta, id, query)) : [];
}
