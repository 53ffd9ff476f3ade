import type { FlushWork } from './change-set.js';
import type { RollbackJournal } from './journal.js';
import { substitute } from './substitute.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Memory after records were replaced in place: who held the old instance of one holds the new one. */
export function settleReplaced(uow: UnitOfWork, { changeSets }: FlushWork, journal?: RollbackJournal): void {
  const successors = new Map<object, object>();
  for (const set of changeSets)
    if (set.action === 'create' && set.replaces !== undefined)
      successors.set(set.replaces.state.entity, set.state.entity);
  substitute(uow, uow.states(), successors, (collection) => journal?.rememberCollection(collection));
}
