import type { Row } from '../../entity/row.js';
import { EntityNotFoundError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import {
  and,
  array,
  binary,
  block,
  evaluate,
  iff,
  letStatement,
  param,
  pathOf,
  select,
  subquery,
  throwStatement,
  update,
  value,
  type Assignment,
  type Expression,
  type Statement,
} from '../../surrealql/nodes/index.js';
import { refuseView } from '../../unit-of-work/errors.js';
import { NONE, type RecordId } from '../../values/index.js';
import type { EmSession } from '../em-session.js';
import { notFound } from '../errors.js';
import { barredIf, barring, isJudged } from './barred.js';
import { announced } from './bulk-events.js';
import { MISSING, type DirectWrite } from './direct-write.js';
import { encodeChanges, judgeChanges } from './encode-changes.js';
import { copyOf, letGo, takeWritten } from './managed-copies.js';
import { needsAnswer, sendDirect } from './send-direct.js';

export interface PatchOptions {
  /** `after` (default) answers the entity as it then is, `none` nothing. */
  readonly returning?: 'none' | 'after';
}

/** Changes fields of one record without reading it first. */
export async function patchRecord(
  session: EmSession,
  meta: EntityMetadata,
  id: RecordId,
  changes: object,
  { returning }: PatchOptions,
): Promise<object | undefined> {
  refuseView(meta, 'patch');
  if (returning === 'after') needsAnswer(session, `em.patch(${meta.className}, …, { returning: 'after' })`);
  const assignments = encodeChanges(session, meta, id, changes);
  if (assignments.length === 0) return returning === 'none' ? undefined : existing(session, meta, id);
  await judgeChanges(session, meta, id, changes);
  if (session.deferred !== undefined) letGo(session, [id], 'patch');
  const answersRow = returning !== 'none' || copyOf(session, id) !== undefined;
  const write = patchOf(meta, id, assignments, {
    answersRow,
    shown: session.filters.conditionOf(meta),
    judged: isJudged(session),
  });
  const notice = { meta, action: 'update', criteria: id, data: changes } as const;
  const row = await announced(
    session,
    notice,
    () => sendDirect(session, write),
    () => (session.deferred === undefined ? 1 : undefined),
  );
  if (row === undefined || !answersRow) {
    session.transaction?.name([id]);
    return undefined;
  }
  // A row that its own transaction has written is read without its id.
  const entity = await takeWritten(session, meta, { ...(row as Row), id });
  return returning === 'none' ? undefined : entity;
}

interface PatchForm {
  readonly answersRow: boolean;
  /** What reads show of the table. */
  readonly shown: Expression | undefined;
  /** PERMISSIONS hold for whoever writes. */
  readonly judged: boolean;
}

function patchOf(
  meta: EntityMetadata,
  id: RecordId,
  assignments: readonly Assignment[],
  { answersRow, shown, judged }: PatchForm,
): DirectWrite {
  const record = value(id);
  const row = param('row');
  const changed = update({
    only: true,
    target: record,
    data: { kind: 'set', assignments },
    returns: answersRow ? 'after' : { value: { kind: 'Path', parts: ['id'] } },
  });
  return {
    meta,
    refusals: { [MISSING]: (cause) => missing(meta, id, cause), ...(judged && barring(meta, 'update')) },
    answer: row,
    statements: (number) => [
      ...(shown === undefined ? [] : [letStatement('row', shownRow(record, shown)), throwUnless(number)]),
      letStatement('row', subquery(changed)),
      ...(judged ? [barredIf(and([isMissing, binary(seen(record), '!=', value(NONE))]), number)] : []),
      throwUnless(number),
      // What the table's events have changed is seen by reading again.
      ...(answersRow && meta.events.length > 0
        ? [letStatement('row', subquery(select({ only: true, from: [record] })))]
        : []),
    ],
  };
}

/** Whether the user may see it. */
function seen(record: Expression): Expression {
  return subquery(select({ only: true, value: value(true), from: [record] }));
}

function missing(meta: EntityMetadata, id: RecordId, cause: unknown): EntityNotFoundError {
  return new EntityNotFoundError({
    what: `${meta.className} ${String(id)} does not exist`,
    why: 'the write touched no record: there is none of this id, or it may not be written',
    fix: `em.upsert(${meta.className}, …) writes whether it exists or not`,
    entity: meta.className,
    id,
    cause,
  });
}

/** A record that reads leave out is not there to be patched either. */
function shownRow(record: Expression, condition: Expression): Expression {
  const rows = select({ from: [subquery(select({ from: [array([record])] }))], where: condition });
  return pathOf(subquery(rows), 0);
}

const isMissing = binary(param('row'), '=', value(NONE));

function throwUnless(number: number): Statement {
  return evaluate(iff(isMissing, block([throwStatement(value(`${MISSING}${number}`))])));
}

async function existing(session: EmSession, meta: EntityMetadata, id: RecordId): Promise<object> {
  const found = await session.finder.byId(meta, id);
  if (found === null) throw notFound(meta.className, id);
  return found;
}
