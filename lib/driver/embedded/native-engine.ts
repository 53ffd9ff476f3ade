import { thrownText } from '../thrown.js';
import { deadline, pause } from '../timers.js';
import type { ReverieError } from '../../errors/index.js';
import { ConnectionError, TimeoutError } from '../../errors/index.js';
import { loadAddon, type AddonEngine, type AddonReceiver } from './addon.js';
import { nativeOptions, type EngineOptions } from './engine-options.js';
import { parseEngineUrl, type EngineAddress, type Storage } from './engine-url.js';
import { forgetIndexBuilds } from './forget-index-builds.js';
import { mentionsIndex } from './mentions-index.js';
import { wakeReceiver } from './wake-receiver.js';

/** Live notifications of a whole engine, in the order they came; null once the engine is freed. */
export interface NotificationReceiver {
  recv(): Promise<Uint8Array | null>;
}

/**
 * One opened embedded engine: RPC requests in CBOR go in, bare results in CBOR come out. What would abort the process
 * in the addon (any call after `free`, a capability name it cannot read) is a typed error here.
 */
export interface NativeEngine {
  readonly storage: Storage;
  /** The engine's version, such as `3.0.2`. */
  readonly version: string;
  /** Rejects with the engine's own error when the request itself cannot be read, with a ConnectionError after `free`. */
  execute(request: Uint8Array): Promise<Uint8Array>;
  /** Always the same receiver: two of the engine's would compete for the notifications. */
  notifications(): NotificationReceiver;
  /** The default session's database as SurrealQL. */
  export(config?: Uint8Array): Promise<string>;
  /** Lets calls under way end, then gives the store back. Twice is fine. */
  free(): Promise<void>;
}

const OPEN_TIMEOUT = 10_000;
/** How long a `surrealkv://` lock may outlive the `free` that gave it back: what was written is put in order first. */
const LOCK_PATIENCE = 3_000;
const LOCK_PAUSE = 25;
/** surrealkv says the first; rocksdb the second of its own process, the third of another. */
const LOCKED = /already locked|lock hold|while lock file/i;
/** Milliseconds for the notice that ends a receiver's wait. */
const WAKE_PATIENCE = 1_000;

/**
 * Opens an embedded store. Each `mem://` is a store of its own.
 *
 * ```ts
 * const engine = await openEngine('mem://');
 * await engine.free();
 * ```
 * @throws CapabilityError when `@surrealdb/node` is not installed, or for a scheme that the build does not know
 * @throws ValidationError for options that the engine would abort on
 * @throws ConnectionError when the store cannot be opened, TimeoutError when that takes longer than `openTimeout`
 */
export async function openEngine(url: string, options: EngineOptions = {}): Promise<NativeEngine> {
  const address = parseEngineUrl(url);
  const native = nativeOptions(options);
  const { SurrealNodeEngine } = loadAddon();
  const timeout = options.openTimeout === undefined ? OPEN_TIMEOUT : options.openTimeout;
  const opening = openPatiently(() => SurrealNodeEngine.connect(address.address, native), address, timeout);
  const engine = await within(opening, timeout, url);
  return new GuardedEngine(engine, address.storage, SurrealNodeEngine.version());
}

async function openPatiently(
  open: () => Promise<AddonEngine>,
  address: EngineAddress,
  timeout: number,
): Promise<AddonEngine> {
  const giveUp = Date.now() + Math.min(LOCK_PATIENCE, timeout);
  for (;;) {
    try {
      return await open();
    } catch (cause) {
      const text = thrownText(cause);
      const locked = LOCKED.test(text);
      if (!locked || address.storage !== 'surrealkv' || Date.now() >= giveUp)
        throw openError(address, text, locked, cause);
    }
    await pause(LOCK_PAUSE);
  }
}

function openError(address: EngineAddress, text: string, locked: boolean, cause: unknown): ConnectionError {
  const shared = 'let one process own the store and reach it from others with `reverie serve` and ws://';
  const rocks = 'rocksdb keeps its lock until the process ends, also after close(): keep the one connection open';
  return new ConnectionError({
    what: `${address.address} could not be opened`,
    why: locked ? 'another connection holds the lock of this folder' : text,
    fix: !locked
      ? 'check the path and its permissions'
      : address.storage === 'rocksdb'
        ? [rocks, shared]
        : ['close the other connection', shared],
    outcome: 'not-sent',
    cause,
  });
}

/** Waits for the engine until the deadline; one that opens later is given back at once. */
function within(opening: Promise<AddonEngine>, timeout: number, url: string): Promise<AddonEngine> {
  return new Promise((resolve, reject) => {
    let late = false;
    const cancel = deadline(timeout, () => {
      late = true;
      reject(
        new TimeoutError({
          what: `${url} did not open within ${timeout} ms`,
          why: 'another process may hold its lock, or the store is large and the machine busy',
          fix: ['close the other process', 'give it more time: connect.timeout, or `reverie serve --open-timeout 60s`'],
          outcome: 'not-sent',
        }),
      );
    });
    opening.then(
      (engine) => {
        cancel();
        if (late) void engine.free();
        else resolve(engine);
      },
      (error: unknown) => {
        cancel();
        reject(error as Error);
      },
    );
  });
}

class GuardedEngine implements NativeEngine {
  readonly storage: Storage;
  readonly version: string;
  readonly #engine: AddonEngine;
  readonly #running = new Set<Promise<unknown>>();
  #receiver: NotificationReceiver | undefined;
  /** A receiver's open promise. */
  #waiting: Promise<unknown> | undefined;
  #freed: Promise<void> | undefined;
  /** An index may have been defined since the store was opened. */
  #indexed = false;

  constructor(engine: AddonEngine, storage: Storage, version: string) {
    this.#engine = engine;
    this.storage = storage;
    this.version = version;
  }

  execute(request: Uint8Array): Promise<Uint8Array> {
    this.#indexed ||= mentionsIndex(request);
    return this.#guarded(() => this.#engine.execute(request));
  }

  notifications(): NotificationReceiver {
    if (this.#receiver !== undefined) return this.#receiver;
    if (this.#freed !== undefined) throw freedError();
    const opening = this.#guarded(() => this.#engine.notifications());
    opening.catch(() => undefined);
    this.#receiver = { recv: () => this.#receive(opening) };
    return this.#receiver;
  }

  export(config?: Uint8Array): Promise<string> {
    return this.#guarded(() => (config === undefined ? this.#engine.export() : this.#engine.export(config)));
  }

  free(): Promise<void> {
    if (this.#freed === undefined) this.#freed = this.#release();
    return this.#freed;
  }

  async #release(): Promise<void> {
    await Promise.allSettled([...this.#running]);
    await this.#wake();
    // Closing succeeds without it: then the store is let go when the process ends.
    if (this.#indexed) await forgetIndexBuilds(this.#engine).catch(() => undefined);
    await this.#engine.free();
  }

  /** What wakes the receiver is no news: it is told that there is nothing more. */
  async #wake(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const woken = wakeReceiver(this.#engine).then(() => waiting);
    await Promise.race([woken.catch(() => undefined), pause(WAKE_PATIENCE)]);
  }

  async #receive(opening: Promise<AddonReceiver>): Promise<Uint8Array | null> {
    const receiver = await opening;
    if (this.#freed !== undefined) return null;
    const received = receiver.recv();
    this.#waiting = received;
    const notification = await received;
    this.#waiting = undefined;
    return this.#freed === undefined ? notification : null;
  }

  async #guarded<T>(call: () => Promise<T>): Promise<T> {
    if (this.#freed !== undefined) throw freedError();
    const running = call();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}

function freedError(): ReverieError {
  return new ConnectionError({
    what: 'The embedded engine is closed',
    why: 'the call came after close()',
    fix: 'finish the work before close(), or open a new connection',
    outcome: 'not-sent',
  });
}
