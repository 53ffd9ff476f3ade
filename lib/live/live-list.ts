import { isUnreachable } from '../driver/reconnect/is-unreachable.js';
import { after, pause } from '../driver/timers.js';
import type { LiveChange, LiveRecordChange, LiveResync } from '../subscribers/events.js';
import { differenceOf } from './list-difference.js';
import { LiveStream } from './live-stream.js';
import type { LiveListeners, LiveSource } from './live-stream-options.js';
import { SortedWindow, UnknownOrder, type ComparePlaces, type ListEntry, type WindowMove } from './sorted-window.js';

/**
 * One change of a live list.
 * - `create`: the record has come into the list: it is new, began to match, or moved up
 * - `update`: it changed, and maybe moved
 * - `delete`: it is gone
 * - `leave`: it no longer belongs to the list: it stopped matching, or others stand before it
 */
export interface LiveListChange<T extends object = object> extends LiveRecordChange<T> {
  /** Where it stands now; undefined when it has gone. */
  readonly index: number | undefined;
  /** Where it stood; undefined when it has come. */
  readonly previousIndex: number | undefined;
}

/** Where a list has its records from. */
export interface LiveListSource<T extends object> {
  /** The events of all records that match. */
  open(): Promise<LiveStream<T>>;
  /** The first records in their order. */
  read(limit: number): Promise<readonly ListEntry<T>[]>;
  /** Which of these records are still in the database. */
  remaining(entries: readonly ListEntry<T>[]): Promise<ReadonlySet<string>>;
  /** Where the record of an event belongs; undefined where only the server can tell. */
  entryOf(entity: T): ListEntry<T> | undefined;
  /** True when two copies of a record hold the same. */
  same(left: T, right: T): boolean;
  /** Writes may be under way while a live query is registered: those tell it nothing, though they end after the first read. */
  readonly overlaps: boolean;
  readonly compare: ComparePlaces;
}

export interface LiveListSettings {
  /** Infinity for all. */
  readonly limit: number;
  /** Milliseconds; 0 for never. */
  readonly resyncEvery: number;
  readonly signal?: AbortSignal | undefined;
  readonly closed?: () => void;
}

/** Events that may wait for a read to end; more of them are answered by another read. */
const MOST_HELD = 10_000;
/** Milliseconds after a registration at which writes that had begun before it have ended: what they wrote is read then. */
const SETTLING: readonly number[] = [300, 3_000];
/** Milliseconds after a read that failed because the server could not be reached. */
const RETRY = 500;

/**
 * The records that match, in their order and up to their limit, kept as they are in the database: read once, and changed as the
 * events of a live query come. After a lost connection it is read again and compared, so that nothing is missed.
 *
 * ```ts
 * await using list = await em.liveList(Task, { done: false }, { orderBy: { due: 'asc' }, limit: 20 });
 * console.log(list.items.map(({ title }) => title));
 * for await (const change of list) render(list.items, change);
 * ```
 *
 * The changes of a list that nobody reads wait, 10,000 at most; then one `{ action: 'resync' }` stands for them. Leaving a
 * `for await` does not close the list, `close()` does.
 */
export class LiveList<T extends object = object> implements AsyncIterable<LiveListChange<T> | LiveResync> {
  readonly #source: LiveListSource<T>;
  readonly #settings: LiveListSettings;
  readonly #window: SortedWindow<T>;
  readonly #changes: LiveStream<T, LiveListChange<T>>;
  #out: LiveSource<T, LiveListChange<T>> | undefined;
  #events: LiveStream<T> | undefined;
  #items: readonly T[] | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #held: LiveChange<T>[] = [];
  #cancelTimer: () => void = () => undefined;
  #settling: readonly (() => void)[] = [];

  /** Lists are made by `em.liveList()`. */
  constructor(source: LiveListSource<T>, settings: LiveListSettings) {
    const { limit, signal } = settings;
    this.#source = source;
    this.#settings = settings;
    // Spare records move up when shown ones go, without a read for each.
    const spare = limit === Infinity ? 0 : Math.min(Math.max(10, Math.ceil(limit / 2)), 100);
    this.#window = new SortedWindow({ limit, spare, compare: source.compare });
    this.#changes = new LiveStream<T, LiveListChange<T>>(
      (out) => {
        this.#out = out;
        return () => this.#stop();
      },
      { overflow: 'resync', ...(signal !== undefined && { signal }) },
    );
  }

  /** Registers the live query, and reads. @throws what either of them throws */
  async start(): Promise<this> {
    try {
      this.#events = await this.#source.open();
      this.#reading = this.#begin();
      this.#events.subscribe({
        next: (change) => this.#take(change),
        error: (error) => this.#end(error),
        complete: () => this.#end(undefined),
      });
      await this.#reading;
    } catch (error) {
      const closing = this.close();
      // Who has given up does not wait for a server that may be silent.
      if (this.#settings.signal?.aborted !== true) await closing;
      throw error;
    }
    this.#scheduleResync();
    this.#settle();
    return this;
  }

  /** The records as they are now; another array after each change. */
  get items(): readonly T[] {
    this.#items ??= Object.freeze(this.#window.shown.map(({ entity }) => entity));
    return this.#items;
  }

  /** True when the list is no longer kept up to date. */
  get closed(): boolean {
    return this.#changes.closed;
  }

  /** Calls back for each change of that kind; `error` and `close` tell of the end. */
  on<E extends keyof LiveListeners<T>>(
    event: E,
    listener: (value: LiveListeners<T, LiveListChange<T>>[E]) => unknown,
  ): this {
    this.#changes.on(event, listener);
    return this;
  }

  off<E extends keyof LiveListeners<T>>(
    event: E,
    listener: (value: LiveListeners<T, LiveListChange<T>>[E]) => unknown,
  ): this {
    this.#changes.off(event, listener);
    return this;
  }

  /** The changes since the last one that was taken. */
  [Symbol.asyncIterator](): AsyncIterableIterator<LiveListChange<T> | LiveResync> {
    const changes = this.#changes;
    return {
      next: () => changes.next(),
      return: () => Promise.resolve({ done: true, value: undefined }),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Reads again and takes over the differences, as changes. Resolves when the list is as it was in the database after the call. */
  async resync(): Promise<void> {
    if (this.closed) return;
    this.#again = true;
    this.#reading ??= this.#readAndApply().catch((error: unknown) => this.#end(error));
    await this.#reading;
  }

  /** Ends the list and kills its live query. Twice is fine. */
  close(): Promise<void> {
    return this.#changes.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #stop(): Promise<void> {
    this.#cancelTimer();
    for (const cancel of this.#settling) cancel();
    this.#settings.closed?.();
    await this.#events?.close();
  }

  #end(error: unknown): void {
    this.#out?.end(error);
  }

  #scheduleResync(): void {
    this.#cancelTimer = after(this.#settings.resyncEvery, () => {
      void this.resync();
      this.#scheduleResync();
    });
  }

  #settle(): void {
    if (!this.#source.overlaps || this.closed) return;
    for (const cancel of this.#settling) cancel();
    this.#settling = SETTLING.map((delay) => after(delay, () => void this.resync()));
  }

  #take(change: LiveChange<T>): void {
    if (change.action === 'resync') this.#settle();
    if (this.#reading === undefined) return this.#apply(change);
    this.#held.push(change);
    if (this.#held.length <= MOST_HELD) return;
    this.#held = [];
    this.#again = true;
  }

  #apply(change: LiveChange<T>): void {
    if (change.action === 'resync') return void this.resync();
    const entry = this.#source.entryOf(change.entity);
    if (entry === undefined) return void this.resync();
    const isGone = change.action === 'delete' || change.action === 'leave';
    // A read may have brought it before.
    if (!isGone && this.#known(entry) !== entry) return;
    try {
      const moves = isGone ? this.#window.take(entry) : this.#window.put(entry);
      this.#announce(moves, (key) => (isGone && key === entry.key ? change.action : 'leave'));
    } catch (error) {
      if (!(error instanceof UnknownOrder)) return this.#end(error);
      return void this.resync();
    }
    if (this.#window.short) void this.resync();
  }

  /** The first read: what it brings is no change. */
  async #begin(): Promise<void> {
    this.#window.reset(await this.#source.read(this.#window.capacity));
    this.#applyHeld();
    await this.#readAndApply();
  }

  async #readAndApply(): Promise<void> {
    while (this.#again && !this.closed) {
      this.#again = false;
      // The read sees whatever these events tell of.
      this.#held = [];
      await this.#readOnce();
      if (!this.#again) this.#applyHeld();
    }
    this.#reading = undefined;
  }

  async #readOnce(): Promise<void> {
    try {
      const entries = (await this.#source.read(this.#window.capacity)).map((entry) => this.#known(entry));
      const before = this.#window.shown;
      const shown = entries.slice(0, this.#settings.limit);
      const moves = differenceOf(before, shown, (left, right) => left === right);
      const gone = moves.filter(({ to }) => to === undefined).map(({ entry }) => entry);
      const remaining = gone.length === 0 ? new Set<string>() : await this.#source.remaining(gone);
      this.#window.reset(entries);
      this.#announce(moves, (key) => (remaining.has(key) ? 'leave' : 'delete'));
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      this.#again = true;
      await pause(RETRY);
    }
  }

  /** A record that has not changed stays the object that it was. */
  #known(entry: ListEntry<T>): ListEntry<T> {
    const known = this.#window.find(entry.key)?.entity;
    return known !== undefined && this.#source.same(known, entry.entity) ? { ...entry, entity: known } : entry;
  }

  /** What came during a read may be older than what it brought; the events after it put that right. */
  #applyHeld(): void {
    const held = this.#held;
    this.#held = [];
    for (const change of held) this.#apply(change);
  }

  #announce(moves: readonly WindowMove<T>[], goneAs: (key: string) => 'delete' | 'leave'): void {
    if (moves.length > 0) this.#items = undefined;
    for (const { entry, from, to } of moves) {
      const action = to === undefined ? goneAs(entry.key) : from === undefined ? 'create' : 'update';
      const { entity } = entry;
      const { id } = entity as { readonly id: LiveListChange<T>['id'] };
      this.#out?.push(Object.freeze({ action, id, entity, changedFields: undefined, index: to, previousIndex: from }));
    }
  }
}
