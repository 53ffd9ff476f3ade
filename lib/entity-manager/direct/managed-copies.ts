import { hydrate } from '../../entity/hydrate.js';
import type { Row } from '../../entity/row.js';
import type { EntityState } from '../../entity/entity-state.js';
import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { bareLinks } from '../../unit-of-work/bare-links.js';
import { computeUpdate } from '../../unit-of-work/change-computer.js';
import { isClean } from '../../unit-of-work/is-clean.js';
import { forgetGone } from '../../unit-of-work/settle-gone.js';
import type { RecordId } from '../../values/index.js';
import type { EmSession } from '../em-session.js';

/** What this EntityManager holds of a record that a direct write names, if it was read. */
export function copyOf(session: EmSession, id: RecordId): EntityState | undefined {
  const known = session.uow.get(id);
  return known?.phase === 'managed' ? known : undefined;
}

/** Takes the row that a write has answered: a copy that is managed is refreshed, its own pending changes stay pending. */
export async function takeWritten(session: EmSession, meta: EntityMetadata, row: Row): Promise<object> {
  const known = copyOf(session, row['id'] as RecordId);
  if (known === undefined) return (await session.finder.adoptRows(meta, [row]))[0] as object;
  session.transaction?.journal.remember(known);
  refreshKeeping(session, known, row);
  return known.entity;
}

function refreshKeeping({ uow }: EmSession, state: EntityState, row: Row): void {
  if (isClean(uow, state)) {
    uow.adopt(state.meta, row, undefined, true);
    return;
  }
  const shape = uow.shapes.of(state.meta);
  const instance = state.entity as Record<string, unknown>;
  const changes = computeUpdate(shape, state, state.id as RecordId, 'none')?.changes ?? new Map<string, unknown>();
  // Collections keep their pending changes by themselves.
  const kept = [...changes.keys(), ...bareLinks(shape, state)].map(
    (property) => [property, instance[property]] as const,
  );
  state.loadedColumns = undefined;
  hydrate(shape, state, row);
  for (const [property, held] of kept) instance[property] = held;
}

/** Reads again what is managed of these records. */
export async function refreshCopies(session: EmSession, ids: readonly RecordId[]): Promise<void> {
  session.transaction?.name(ids);
  const refresh = async ({ id, meta }: EntityState) => {
    const row = await session.points.read(id as RecordId);
    if (row === undefined) forgetDeleted(session, [id as RecordId]);
    else await takeWritten(session, meta, row);
  };
  await Promise.all(ids.flatMap((id) => copyOf(session, id) ?? []).map(refresh));
}

/** Records that a direct write has deleted, as far as they are known here. */
export function forgetDeleted(session: EmSession, ids: readonly RecordId[]): void {
  session.transaction?.name(ids);
  for (const id of ids) {
    const known = copyOf(session, id);
    if (known === undefined) continue;
    session.transaction?.journal.remember(known);
    known.phase = 'removed';
  }
  forgetGone(session.uow, ids);
}

/**
 * A queued write happens later, unseen: a copy of the record would show what is no longer so, and is let go. One with
 * changes of its own is not lost silently.
 */
export function letGo(session: EmSession, ids: readonly RecordId[], verb: string): void {
  session.deferred?.name(ids);
  for (const id of ids) {
    const known = session.uow.get(id);
    if (known === undefined || known.phase === 'reference') continue;
    if (!isClean(session.uow, known)) throw hasChanges(known, verb);
    session.transaction?.journal.remember(known);
    session.uow.detach(known);
  }
}

function hasChanges(state: EntityState, verb: string): ValidationError {
  return new ValidationError({
    what: `em.${verb}() names ${state.meta.className} ${String(state.id)}, which has changes that are not written yet`,
    why: 'a deferred transaction writes both when the block ends, in an order that would surprise',
    fix: ['make the change on the entity itself', `run the block with { mode: 'interactive' } and flush first`],
  });
}
