import { absorb } from '../entity/hydrate.js';
import { LinkCollection } from '../entity/link-collection.js';
import type { Row } from '../entity/row.js';
import { firstError } from '../driver/error-classifier.js';
import type { Driver, DriverTransaction, StatementResult } from '../driver/driver.js';
import { QueryError } from '../errors/index.js';
import { transaction, type Statement } from '../surrealql/nodes/index.js';
import { print } from '../surrealql/printer.js';
import type { RecordId } from '../values/index.js';
import { cascadePersist } from './cascade.js';
import type { GuardMode } from './change-computer.js';
import {
  isEmptyWork,
  type ChangeSet,
  type CreateChangeSet,
  type FlushWork,
  type UpdateChangeSet,
} from './change-set.js';
import { computeWork } from './compute-work.js';
import type { EntityState } from '../entity/entity-state.js';
import { explainFailure } from './explain-failure.js';
import { echoedRow, planFlush, type FlushPlan } from './flush-plan.js';
import type { FlushHooks } from './flush-hooks.js';
import type { RollbackJournal } from './journal.js';
import type { UnitOfWork } from './unit-of-work.js';
import { validateWork } from './validate-work.js';

export interface FlushOptions {
  readonly driver: Pick<Driver | DriverTransaction, 'execute'>;
  /** False inside an interactive transaction, which is the frame itself. */
  readonly framed: boolean;
  readonly guards: GuardMode;
  /** Absent when nobody listens: all of it is skipped. */
  readonly hooks?: FlushHooks | undefined;
  readonly only?: ReadonlySet<EntityState> | undefined;
  /** Entities that must still be as they were read, though they are not written. */
  readonly guarded?: () => Iterable<EntityState>;
  /** Where entities are remembered before they change, when a later rollback may have to undo this flush. */
  readonly journal?: RollbackJournal | undefined;
}

/**
 * One flush: find the changes, let the hooks act, check, send one request, take the answer.
 * Nothing in memory changes before the database has committed, so that a failure leaves everything as it was.
 */
export async function runFlush(uow: UnitOfWork, options: FlushOptions): Promise<readonly ChangeSet[]> {
  const { hooks } = options;
  await hooks?.beforeFlush();
  const work = await prepareWork(uow, options);
  if (isEmptyWork(work)) {
    await hooks?.nothingToDo();
    return [];
  }
  await send(uow, work, options);
  await hooks?.committed(work.changeSets);
  return work.changeSets;
}

/** All that has to be written, hooks run and values checked. */
async function prepareWork(uow: UnitOfWork, options: FlushOptions): Promise<FlushWork> {
  const { hooks } = options;
  cascadePersist(uow);
  let work = compute(uow, options);
  if (hooks !== undefined && !isEmptyWork(work)) {
    await hooks.onFlush(work.changeSets);
    await hooks.before(work.changeSets);
    // Hooks may have changed entities, or made and removed some.
    cascadePersist(uow);
    work = compute(uow, options);
  }
  validateWork(work.changeSets, uow.shapes);
  return work;
}

function compute(uow: UnitOfWork, { guards, only, guarded }: FlushOptions): FlushWork {
  return computeWork(uow, guards, only, guarded?.());
}

async function send(uow: UnitOfWork, work: FlushWork, options: FlushOptions): Promise<void> {
  const { hooks, journal } = options;
  const plan = planFlush(work, {
    creates: (meta) => uow.shapes.of(meta).echoesCreates,
    updates: (meta) => uow.shapes.of(meta).echoesUpdates,
  });
  const write = async () => {
    const rows = await request(plan, options);
    for (const { state } of work.changeSets) journal?.remember(state);
    settle(uow, work, plan, rows);
  };
  if (hooks === undefined) return write();
  try {
    await hooks.beforeCommit(work.changeSets);
    await hooks.around(work.changeSets, write);
  } catch (error) {
    await hooks.rolledBack(error, work.changeSets);
    throw error;
  }
}

type AnsweredRows = Readonly<Record<string, readonly unknown[]>>;

async function request(plan: FlushPlan, { driver, framed, guards }: FlushOptions): Promise<AnsweredRows> {
  const statements: readonly Statement[] = framed ? [transaction(plan.statements)] : plan.statements;
  const { text, bindings } = print(statements);
  const purpose = { text, bindings, access: 'write', purpose: 'flush' } as const;
  let results: readonly StatementResult[];
  try {
    results = await driver.execute(purpose);
  } catch (error) {
    throw explainFailure(error, plan, guards);
  }
  const failure = firstError(results, purpose);
  if (failure !== undefined) throw explainFailure(failure, plan, guards);
  return payloadOf(results);
}

function payloadOf(results: readonly StatementResult[]): AnsweredRows {
  for (const result of [...results].reverse()) {
    if (!result.ok || typeof result.value !== 'object' || result.value === null || !('reverie' in result.value))
      continue;
    return (result.value as { reverie: AnsweredRows }).reverie;
  }
  throw new QueryError({ what: 'The flush was answered without its rows', why: 'the server ended the request early' });
}

function settle(uow: UnitOfWork, work: FlushWork, plan: FlushPlan, answers: AnsweredRows): void {
  for (const group of plan.groups) {
    const rows = group.answersRows ? answers[group.name] : undefined;
    // Rows come in the order sent.
    group.members.forEach((set, index) =>
      settleWrite(uow, set, rows === undefined ? echoedRow(set) : identified(rows[index] as Row, set.id)),
    );
  }
  for (const set of work.changeSets) if (set.action === 'delete') uow.detach(set.state);
  for (const { owner, property } of work.unrelates) collectionOf(owner, property.property)?.settle();
}

/** A row that was read again after an event comes without its id. */
function identified(row: Row, id: RecordId): Row {
  row['id'] = id;
  return row;
}

function settleWrite(uow: UnitOfWork, set: CreateChangeSet | UpdateChangeSet, row: Row): void {
  const { state } = set;
  const shape = uow.shapes.of(set.meta);
  settleCollections(
    shape.collections.map((collection) => collection.property),
    state,
  );
  absorb(shape, state, row, sentBy(set), uow);
  if (set.action !== 'create') return;
  state.phase = 'managed';
  uow.take(state);
  settleEdgeOwner(uow, set);
}

function sentBy(set: CreateChangeSet | UpdateChangeSet): Row {
  if (set.action === 'create') return set.content;
  return Object.fromEntries(set.assignments.map(({ column, value }) => [column, value]));
}

function settleCollections(properties: readonly string[], state: EntityState): void {
  for (const property of properties) collectionOf(state, property)?.settle();
}

/** The collection that asked for this edge has it now. */
function settleEdgeOwner(uow: UnitOfWork, set: CreateChangeSet): void {
  if (set.meta.type !== 'relation') return;
  for (const end of ['in', 'out']) {
    const owner = uow.get(set.content[end] as RecordId);
    if (owner === undefined) continue;
    for (const property of uow.shapes.of(owner.meta).collections)
      if (property.kind === 'edges' && property.edge() === set.meta) collectionOf(owner, property.property)?.settle();
  }
}

function collectionOf(state: EntityState, property: string): LinkCollection | undefined {
  const collection = (state.entity as Record<string, unknown>)[property];
  return LinkCollection.is(collection) ? collection : undefined;
}
