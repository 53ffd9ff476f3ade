import { absorb } from '../entity/absorb.js';
import { collectionOf } from '../entity/hydrate.js';
import type { EntityState } from '../entity/entity-state.js';
import type { Row } from '../entity/row.js';
import type { CreateChangeSet, FlushWork, UpdateChangeSet } from './change-set.js';
import { AFTERMATH, echoedRow, type FlushPlan } from './flush-plan.js';
import type { RollbackJournal } from './journal.js';
import { settleGone } from './settle-gone.js';
import { settleReplaced } from './settle-replaced.js';
import { settleRetired } from './settle-retired.js';
import { settleInverses } from './settle-inverses.js';
import type { UnitOfWork } from './unit-of-work.js';

/** The rows that a flush was answered with, by the name of their group. */
export type AnsweredRows = Readonly<Record<string, readonly unknown[]>>;

/** Brings memory to what the database holds now that the flush has been kept. */
export function settleFlush(
  uow: UnitOfWork,
  work: FlushWork,
  plan: FlushPlan,
  answers: AnsweredRows,
  journal?: RollbackJournal,
): void {
  for (const { state } of work.changeSets) journal?.remember(state, uow.orphans.phaseBefore(state));
  for (const { collection, changes } of work.collections) {
    journal?.rememberCollection(collection);
    collection.settle(changes);
  }
  for (const group of plan.groups) {
    // Rows come in the order sent; NONE stands for a record that an event has deleted.
    const rows = group.answersRows ? (answers[group.name] as readonly (Row | undefined)[]) : undefined;
    for (const [index, set] of group.members.entries())
      settleWrite(uow, set, rows === undefined ? echoedRow(set) : rows[index]);
  }
  settleReplaced(uow, work, journal);
  settleGone(uow, work, settleAftermath(uow, work, answers, journal), journal);
  settleRetired(uow, work, journal);
  settleInverses(uow, work, journal);
  uow.orphans.settled();
}

/** Entities that were read again; answers those that have gone. */
function settleAftermath(
  uow: UnitOfWork,
  { aftermath }: FlushWork,
  answers: AnsweredRows,
  journal: RollbackJournal | undefined,
): EntityState[] {
  const rows = answers[AFTERMATH] as readonly (Row | undefined)[] | undefined;
  return aftermath.filter((state, index) => {
    const row = rows?.[index];
    if (row === undefined || row === null) return true;
    journal?.remember(state);
    row['id'] = state.id;
    absorb(uow.shapes.of(state.meta), state, row, {});
    return false;
  });
}

function settleWrite(uow: UnitOfWork, set: CreateChangeSet | UpdateChangeSet, row: Row | undefined): void {
  const { state } = set;
  if (row === undefined) return forget(uow, state);
  // A row that was read again after an event comes without its id.
  row['id'] = set.id;
  absorb(uow.shapes.of(set.meta), state, row, sentBy(set));
  uow.softRemovals.placeInView(state);
  if (set.action === 'create') settleCreate(uow, set, state);
  else if (state.phase === 'reference') state.phase = 'managed';
}

/** It may have been removed, or forgotten with everything, while its insert was under way. */
function settleCreate(uow: UnitOfWork, set: CreateChangeSet, state: EntityState): void {
  if (set.replaces !== undefined) forget(uow, set.replaces.state);
  for (const { property } of uow.shapes.of(state.meta).collections) collectionOf(state, property)?.settleNew();
  state.replaces = undefined;
  if (state.phase !== 'new') return;
  state.phase = 'managed';
  uow.take(state);
}

function forget(uow: UnitOfWork, state: EntityState): void {
  uow.detach(state);
  state.row = undefined;
}

function sentBy(set: CreateChangeSet | UpdateChangeSet): Row {
  if (set.action === 'create') return set.content;
  const sent: Row = {};
  for (const { column, value } of set.assignments) sent[column] = value;
  return sent;
}
