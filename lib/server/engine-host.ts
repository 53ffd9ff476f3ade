import type { EngineOptions } from '../driver/embedded/engine-options.js';
import { openEngine, type NativeEngine, type NotificationReceiver } from '../driver/embedded/native-engine.js';
import { WriteGate } from '../driver/embedded/write-gate.js';
import { wireFaults, WireFaultError } from './wire-fault.js';

/** How one engine call is made. */
export interface EngineCall {
  readonly request: Uint8Array;
  /** Passes the write gate where this engine needs one. */
  readonly gated: boolean;
  /** Called at the moment the engine gets the request. */
  readonly onStart?: () => void;
}

export interface EngineHostOptions {
  readonly url: string;
  readonly engine: EngineOptions;
  /** Prepares the open engine (the root user) before the first request is let through. */
  readonly prepare: (engine: NativeEngine) => Promise<void>;
  readonly onNotification: (notification: Uint8Array) => void;
  /** Replaces the gate that fits the storage; for tests that show what happens without one. */
  readonly gate?: WriteGate;
}

/**
 * The engine behind the server: opened while the port already listens, called by many connections, freed once and last.
 * Parallel commits of `mem://` and `surrealkv://` lose updates, so their writing calls pass one gate.
 */
export class EngineHost {
  /** Settles when the engine is open and prepared, or cannot be. */
  readonly ready: Promise<void>;
  #gate = new WriteGate();
  #engine: NativeEngine | undefined;
  #ownerCalls: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(options: EngineHostOptions) {
    this.ready = this.#open(options);
    // Requests and the starter of the server wait for it too; this keeps a failure from ending the process before they do.
    this.ready.catch(() => undefined);
  }

  async call(call: EngineCall): Promise<Uint8Array> {
    if (this.#engine === undefined) await this.ready;
    if (!call.gated) return this.#execute(call);
    return this.#gate.run(() => this.#execute(call));
  }

  /** The engine's version, such as `3.0.2`. */
  async version(): Promise<string> {
    await this.ready;
    return this.#usable().version;
  }

  /** The same without waiting: undefined until the engine is open. */
  get versionSoFar(): string | undefined {
    return this.#engine?.version;
  }

  /** Work on the engine's own session, which is the owner's and which no client reaches; one at a time. */
  asOwner<T>(work: (engine: NativeEngine) => Promise<T>): Promise<T> {
    const next = this.#ownerCalls.then(async () => {
      await this.ready;
      return this.#gate.run(() => work(this.#usable()));
    });
    this.#ownerCalls = next.catch(() => undefined);
    return next;
  }

  /** Lets what is running end, then frees the engine; nothing reaches it afterwards. */
  close(): Promise<void> {
    if (this.#closed === undefined) this.#closed = this.#close();
    return this.#closed;
  }

  async #open(options: EngineHostOptions): Promise<void> {
    const engine = await openEngine(options.url, options.engine);
    try {
      await options.prepare(engine);
    } catch (error) {
      await engine.free();
      throw error;
    }
    if (options.gate !== undefined) this.#gate = options.gate;
    else if (engine.storage === 'rocksdb') this.#gate = WriteGate.open();
    this.#engine = engine;
    void this.#listen(engine.notifications(), options.onNotification);
  }

  async #listen(receiver: NotificationReceiver, onNotification: (notification: Uint8Array) => void): Promise<void> {
    for (;;) {
      const notification = await receiver.recv();
      if (notification === null) return;
      onNotification(notification);
    }
  }

  #execute(call: EngineCall): Promise<Uint8Array> {
    const answer = this.#usable().execute(call.request);
    call.onStart?.();
    return answer;
  }

  #usable(): NativeEngine {
    if (this.#engine === undefined || this.#closed !== undefined) throw new WireFaultError(wireFaults.stopping);
    return this.#engine;
  }

  async #close(): Promise<void> {
    await this.ready.catch(() => undefined);
    const engine = this.#engine;
    await engine?.free();
  }
}
