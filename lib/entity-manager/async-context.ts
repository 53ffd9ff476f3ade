import type { AsyncLocalStorage } from 'node:async_hooks';

/** What the code running now belongs to: by ORM or EntityManager, the session that stands in for it. */
export type ContextMap = ReadonlyMap<object, unknown>;

interface Storage {
  getStore(): ContextMap | undefined;
  run<R>(store: ContextMap, work: () => R): R;
}

const SLOT = Symbol.for('reverie.context');
type GlobalSlot = { [SLOT]?: Storage };

/** One storage for all copies of the package, so that an ESM and a CommonJS copy see the same request. */
function storage(): Storage {
  const slot = globalThis as GlobalSlot;
  slot[SLOT] ??= createStorage();
  return slot[SLOT];
}

/** Runtimes without AsyncLocalStorage (browsers) have no ambient context: code there passes its EntityManager on. */
function createStorage(): Storage {
  const node = globalThis.process as NodeJS.Process | undefined;
  const hooks = node?.getBuiltinModule?.('node:async_hooks');
  if (hooks === undefined) return { getStore: () => undefined, run: (_store, work) => work() };
  const Local = hooks.AsyncLocalStorage as typeof AsyncLocalStorage;
  return new Local<ContextMap>();
}

export function contextValue(key: object): unknown {
  return storage().getStore()?.get(key);
}

export function contextEntries(): (readonly [object, unknown])[] {
  return [...(storage().getStore() ?? [])];
}

/** The keys under which a value stands now. */
export function contextKeysOf(value: unknown): object[] {
  return contextEntries()
    .filter(([, held]) => held === value)
    .map(([key]) => key);
}

/** Runs `work` with more entries than now. */
export function runWithContext<R>(entries: Iterable<readonly [object, unknown]>, work: () => R): R {
  const current = storage();
  return current.run(new Map([...contextEntries(), ...entries]), work);
}
