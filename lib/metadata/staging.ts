import type { StagedClass } from './staged.js';

/**
 * Decorators run while classes are being defined, before any ORM exists, so what they say waits here. The store hangs on
 * `globalThis` under a registered symbol, so that an ESM and a CommonJS copy of the package share it. Its keys are
 * constructors (legacy decorators) or the metadata objects of classes (standard decorators); never names of classes.
 */
const STORE = Symbol.for('reverie.metadata');

/** The staged declarations under a constructor or a metadata object; made when missing. */
export function stage(key: object): StagedClass {
  const store = stagingStore();
  const known = store.get(key);
  if (known !== undefined) return known;
  const staged: StagedClass = {
    declarations: [],
    indexes: [],
    events: [],
    analyzers: [],
    accesses: [],
    filters: [],
    hooks: [],
    problems: [],
  };
  store.set(key, staged);
  return staged;
}

/** What was staged for this very class (not for its bases), in either dialect. */
export function stagedOf(target: object): StagedClass | undefined {
  const store = stagingStore();
  const legacy = store.get(target);
  if (legacy !== undefined) return legacy;
  const metadata: unknown = Object.getOwnPropertyDescriptor(target, metadataSymbol())?.value;
  return typeof metadata === 'object' && metadata !== null ? store.get(metadata) : undefined;
}

/** `Symbol.metadata`, defined first where the runtime has none yet: compilers look it up while they define a class. */
export function metadataSymbol(): symbol {
  const holder = Symbol as unknown as { metadata?: symbol };
  if (holder.metadata === undefined) {
    Object.defineProperty(Symbol, 'metadata', { value: Symbol.for('Symbol.metadata'), configurable: true });
  }
  return holder.metadata as symbol;
}

function stagingStore(): WeakMap<object, StagedClass> {
  const global = globalThis as unknown as Record<symbol, WeakMap<object, StagedClass> | undefined>;
  const known = global[STORE];
  if (known !== undefined) return known;
  const store = new WeakMap<object, StagedClass>();
  Object.defineProperty(globalThis, STORE, { value: store });
  return store;
}
