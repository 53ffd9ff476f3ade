import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { buildAllIds, buildIds, timeoutClause, within, type FilterChoice } from '../../query/index.js';
import {
  call,
  letStatement,
  param,
  path,
  pathOf,
  remove,
  subquery,
  update,
  type Assignment,
  type ReturnClause,
  type SelectNode,
  type Statement,
} from '../../surrealql/nodes/index.js';
import { softDeletion } from '../../unit-of-work/soft-delete.js';
import { refuseView } from '../../unit-of-work/errors.js';
import { raisedVersion } from '../../unit-of-work/next-version.js';
import { RecordId } from '../../values/index.js';
import type { EmSession } from '../em-session.js';
import { barredIfLeft, barredUnlessAll, barring, isJudged } from './barred.js';
import type { BulkNotice } from './bulk-events.js';
import type { DirectWrite } from './direct-write.js';
import { encodeChanges, judgeChanges } from './encode-changes.js';
import { writeContext } from './send-direct.js';

/** Which records are meant, beside the where. */
export interface SetOptions {
  /** As of a read: `{ softDelete: false }` reaches those that were deleted softly. */
  readonly filters?: FilterChoice;
  /** Milliseconds that the server may take to find the records, and again to write them: then nothing is kept. */
  readonly timeout?: number;
}

export interface DeleteOptions extends SetOptions {
  /** Deletes for good what would be deleted softly. */
  readonly hard?: boolean;
}

/** What a set-based write gives back of each record: as it is now, as it was, what changed (JSON Patch), or its id alone. */
export type Returning = 'after' | 'before' | 'diff' | 'id';

/** Says that every record is meant, where no condition was given, and what is wanted of each. */
interface BuiltOptions {
  readonly all?: boolean;
  readonly returning?: Returning | undefined;
}

/** A write of every record that matches: what is sent, and what is said of it. */
export interface SetWrite {
  readonly write: DirectWrite;
  readonly notice: BulkNotice;
  readonly where: unknown;
  readonly verb: string;
  /** Holds what is written against the application's rules, which may answer later. @throws ValidationError */
  readonly judge?: () => Promise<void>;
}

/**
 * A change of every record that matches; undefined where nothing would change.
 *
 * @throws ValidationError for an empty where, and for what cannot be written
 */
export function planUpdate(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  changes: object,
  options: SetOptions & BuiltOptions = {},
): SetWrite | undefined {
  const verb = 'updateWhere';
  const matching = matchingIds(session, meta, where, verb, options);
  const any = new RecordId(meta.table, '*');
  const assignments = encodeChanges(session, meta, any, changes);
  if (assignments.length === 0) return undefined;
  const notice = { meta, action: 'update', criteria: where, data: changes } as const;
  const judge = () => judgeChanges(session, meta, any, changes);
  const write = updateOf(meta, matching, assignments, { ...options, judged: isJudged(session) });
  return { write, notice, where, verb, judge };
}

/** @throws ValidationError for an empty where, and for a view */
export function planDelete(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  options: DeleteOptions & BuiltOptions = {},
): SetWrite {
  refuseView(meta, 'delete');
  const verb = 'deleteWhere';
  const matching = matchingIds(session, meta, where, verb, options);
  const notice = { meta, action: 'delete', criteria: where } as const;
  return { write: deleteOf(meta, matching, { ...options, judged: isJudged(session) }), notice, where, verb };
}

/**
 * The ids are found first, by a read that does what a find does: conditions on computed fields, and conditions that an
 * index serves in part, go wrong in a statement that writes.
 */
function matchingIds(
  session: EmSession,
  meta: EntityMetadata,
  where: unknown,
  verb: string,
  { all = false, filters }: SetOptions & BuiltOptions,
): SelectNode {
  const query = writeContext(session, filters);
  const ids = buildIds(meta, where, query);
  if (ids !== undefined) return ids;
  if (all) return buildAllIds(meta, query);
  throw new ValidationError({
    what: `em.${verb}(${meta.className}, …) was given an empty where`,
    why: `it would ${verb === 'deleteWhere' ? 'delete' : 'change'} every ${meta.className} there is`,
    fix: [
      'give a condition',
      `mean all of them: em.${verb === 'deleteWhere' ? `delete(${meta.className})` : `update(${meta.className}).set({ … })`}.all().execute()`,
    ],
    errors: [{ path: meta.className, message: 'the where is empty', rule: 'required' }],
  });
}

/** How a write answers, and whether PERMISSIONS hold for it. */
interface SetForm {
  readonly returning?: Returning | undefined;
  readonly timeout?: number;
  readonly judged: boolean;
}

const ID_ALONE: ReturnClause = Object.freeze({ value: path('id') });

function updateOf(
  meta: EntityMetadata,
  matching: SelectNode,
  assignments: readonly Assignment[],
  form: SetForm,
): DirectWrite {
  const { returning, timeout } = form;
  const changed = update({
    ...timeoutClause(timeout),
    target: param('ids'),
    data: { kind: 'set', assignments },
    returns: returning === undefined || returning === 'id' ? ID_ALONE : returning,
  });
  return answering(meta, matching, changed, form);
}

function deleteOf(meta: EntityMetadata, matching: SelectNode, form: DeleteOptions & SetForm): DirectWrite {
  const { hard = false, timeout } = form;
  if (meta.softDelete !== undefined && !hard)
    return updateOf(meta, matching, [...softDeletion(meta.softDelete), ...raisedVersion(meta)], form);
  const removed = remove({ target: param('ids'), returns: 'before', ...timeoutClause(timeout) });
  return answering(meta, matching, removed, form);
}

/** Answers what is wanted of each record, or how many they are. */
function answering(
  meta: EntityMetadata,
  matching: SelectNode,
  write: ReturnType<typeof update> | ReturnType<typeof remove>,
  { returning, judged, timeout }: SetForm,
): DirectWrite {
  const done = param('done');
  // A deletion gives its rows back even where only their ids are wanted.
  const ids = write.kind === 'Delete' ? pathOf(done, 'id') : done;
  const answer = returning === undefined ? call('array::len', done) : returning === 'id' ? ids : done;
  return {
    meta,
    inBlock: true,
    answer,
    ...(judged && { refusals: barring(meta, write.kind === 'Delete' ? 'delete' : 'update') }),
    statements: (number) => [
      letStatement('ids', subquery(within(matching, timeout))),
      letStatement('done', subquery(write)),
      ...(judged ? spared(write.kind, number) : []),
    ],
  };
}

/** What PERMISSIONS have kept from it. */
function spared(kind: 'Update' | 'Delete', number: number): Statement[] {
  const ids = param('ids');
  return kind === 'Delete' ? barredIfLeft(ids, number) : [barredUnlessAll(ids, param('done'), number)];
}
