import { stateOf } from '../entity/stamp.js';
import type { EntityShape, ValueSlot } from '../entity/entity-shape.js';
import { decodeSlot } from '../entity/hydrate.js';
import type { Row } from '../entity/row.js';
import type { EntityState } from '../entity/entity-state.js';
import { isMissing } from '../entity/value-handler.js';
import { ValidationError } from '../errors/index.js';
import { serverTime } from '../metadata/server-time.js';
import type { EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import {
  binary,
  letStatement,
  param,
  path,
  type Assignment,
  type Expression,
  type Statement,
} from '../surrealql/nodes/index.js';
import type { RecordId } from '../values/index.js';
import { computeDelete, computeUpdate, type GuardMode } from './change-computer.js';
import type { ChangeSet, DeleteChangeSet, UpdateChangeSet } from './change-set.js';
import type { UnitOfWork } from './unit-of-work.js';

/** When a record is deleted softly, by the server's clock. */
const deletionTime: Expression = serverTime('ms');

/** One time for all that a flush deletes: what went together can be told from what went before. */
export const timeOfDeletion: Statement = letStatement('deleted', deletionTime);

/** Of records that nobody looks at: what is deleted already keeps the time when it was. */
export function softDeletion({ column }: FieldMetadata): Assignment[] {
  const target = path(column);
  return [{ target, operator: '=', value: binary(target, '??', deletionTime) }];
}

/**
 * A removal that keeps the record: an update that says when it was deleted, with whatever else was changed (by whom, say).
 * For everybody but the database it is a removal.
 */
export function computeSoftDelete(
  shape: EntityShape,
  state: EntityState,
  id: RecordId,
  guards: GuardMode,
): DeleteChangeSet {
  const { column } = shape.meta.softDelete as FieldMetadata;
  const removal = computeDelete(shape, state, id, guards);
  const changed = computeUpdate(shape, state, id, guards);
  const others = (changed?.assignments ?? []).filter((assignment) => assignment.column !== column);
  const soft: UpdateChangeSet = {
    ...removal,
    action: 'update',
    changes: changed?.changes ?? removal.changes,
    assignments: [...others, { column, operator: '=', value: undefined, expression: param('deleted') }],
  };
  return { ...removal, changes: soft.changes, soft };
}

/** Whether the entity, as it was read, was deleted softly. */
export function isDeleted({ meta, row }: EntityState): boolean {
  return meta.softDelete !== undefined && !isMissing(row?.[meta.softDelete.column]);
}

/** What is deleted softly keeps the time when it was, also where it was to be restored. */
export function keepDeleted(uow: UnitOfWork, state: EntityState): void {
  const { property } = state.meta.softDelete as FieldMetadata;
  const instance = state.entity as Record<string, unknown>;
  const slot = uow.shapes.of(state.meta).values.find((each) => each.property === property) as ValueSlot;
  if (isMissing(instance[property])) instance[property] = decodeSlot(slot, state.row as Row);
  uow.companions.forget(state);
}

/** Whether this write brings back what was deleted softly. */
export function isRestored({ meta, changes }: ChangeSet): boolean {
  const change = meta.softDelete && changes.get(meta.softDelete.property);
  return change !== undefined && !isMissing(change.old) && isMissing(change.new);
}

/**
 * Brings back what was deleted softly, or is to be removed by the next flush; with it what it owns and went along.
 *
 * @throws ValidationError for an entity that is deleted for good
 */
export function restoreDeleted(uow: UnitOfWork, entity: object): void {
  const known = stateOf(entity)?.meta;
  // What is deleted for good is tracked no more: that would be the lesser reason.
  if (known !== undefined && known.softDelete === undefined) throw deletedForGood(known);
  const state = uow.require(entity, 'restore');
  const { meta, phase } = state;
  if (meta.softDelete === undefined) throw deletedForGood(meta);
  if (phase === 'removed') uow.persist(entity);
  uow.companions.follow(state, 'restore');
  (entity as Record<string, unknown>)[meta.softDelete.property] = undefined;
}

function deletedForGood(meta: EntityMetadata): ValidationError {
  return new ValidationError({
    what: `em.restore() was given a ${meta.className}, which is deleted for good`,
    why: 'its class has no @SoftDelete',
    fix: '@SoftDelete() deletedAt?: Date',
  });
}
