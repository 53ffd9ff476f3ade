import type { EntityState } from '../entity/entity-state.js';
import { ValidationError } from '../errors/index.js';
import { cascadePersist } from './cascade.js';
import { isEmptyWork, type ChangeSet, type FlushWork } from './change-set.js';
import { computeWork } from './compute-work.js';
import type { FlushOptions } from './flush-runner.js';
import type { UnitOfWork } from './unit-of-work.js';
import { validateWork } from './validate-work.js';

export type WorkOptions = Pick<FlushOptions, 'only' | 'guards' | 'guarded'>;

/** Hooks that keep making changes, which have hooks of their own, would go on for ever. */
const MOST_ROUNDS = 20;

/** All that has to be written, hooks run and values checked. `found` hears of the changes as soon as they are known. */
export async function prepareFlush(
  uow: UnitOfWork,
  options: FlushOptions,
  found: (sets: readonly ChangeSet[]) => void,
): Promise<FlushWork> {
  let work = await findAllWork(uow, options);
  found(work.changeSets);
  if (options.hooks !== undefined && !isEmptyWork(work)) {
    await options.hooks.onFlush(work.changeSets);
    work = await runBeforeHooks(uow, options, found);
  }
  await validateWork(uow, work.changeSets);
  return work;
}

/** Hooks may change entities, and make and remove some: what they bring about has its own hooks, once for each change. */
async function runBeforeHooks(
  uow: UnitOfWork,
  options: FlushOptions,
  found: (sets: readonly ChangeSet[]) => void,
): Promise<FlushWork> {
  const seen = new Map<EntityState, ChangeSet['action']>();
  for (let round = 0; ; round++) {
    const work = await findAllWork(uow, options);
    found(work.changeSets);
    const fresh = work.changeSets.filter((set) => seen.get(set.state) !== set.action);
    if (fresh.length === 0) return work;
    if (round === MOST_ROUNDS) throw endless(fresh);
    for (const set of fresh) seen.set(set.state, set.action);
    await options.hooks?.before(fresh);
  }
}

/** The same when what goes has been read wherever that matters. */
export async function findAllWork(uow: UnitOfWork, options: WorkOptions): Promise<FlushWork> {
  await uow.companions.recall();
  for (;;) {
    const work = findWork(uow, options);
    if (work.unread.length === 0) return work;
    // While others have a turn, nothing is marked that only a flush marks.
    uow.orphans.undo();
    await Promise.all(work.unread.map((collection) => collection.readWhatGoes()));
  }
}

/** What these (or all) entities have to write, with what they reach and what they leave behind. */
export function findWork(uow: UnitOfWork, { only, guards, guarded }: WorkOptions): FlushWork {
  const { orphans } = uow;
  const reached: Iterable<EntityState> = only?.() ?? uow.states();
  cascadePersist(uow, orphans.isWaiting ? [...reached].filter((state) => !orphans.isLetGo(state)) : reached);
  const scope = only?.();
  const left = orphans.decide(scope);
  cascadePersist(uow, orphans.kept);
  const all = scope === undefined || left.length === 0 ? scope : new Set([...scope, ...left]);
  return computeWork(uow, { guards, only: all, guarded: guarded?.() });
}

function endless(fresh: readonly ChangeSet[]): ValidationError {
  const names = [...new Set(fresh.map((set) => set.meta.className))].join(', ');
  return new ValidationError({
    what: `before hooks made new changes ${MOST_ROUNDS} times over`,
    why: `each change has its hooks, and those went on changing ${names}; nothing was sent`,
    fix: 'let the hook make a change only where it is missing',
  });
}
