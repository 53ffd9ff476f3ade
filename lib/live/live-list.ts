import { isUnreachable } from '../driver/reconnect/is-unreachable.js';
import { after, pause } from '../driver/timers.js';
import type { LiveChange, LiveRecordChange, LiveResync } from '../subscribers/events.js';
import { Delays } from './delays.js';
import { differenceOf } from './list-difference.js';
import type { LiveListSettings, LiveListSource } from './live-list-source.js';
import { LiveStream } from './live-stream.js';
import type { LiveListeners, LiveSource } from './live-stream-options.js';
import { SortedWindow, UnknownOrder, type ListEntry, type WindowMove } from './sorted-window.js';

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

/** Events that may wait for a read to end; more of them are answered by another read. */
const MOST_HELD = 10_000;
/** Milliseconds after a registration at which writes that had begun before it have ended: what they wrote is read then. */
const SETTLING: readonly number[] = [300, 3_000];
/** Milliseconds after a commit without events at which those of older writes have come, and may have undone here what it did. */
const DOUBTS: readonly number[] = [60, 1_000];
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
  readonly #settling = new Delays(SETTLING, () => void this.resync());
  readonly #doubts = new Delays(DOUBTS, () => void (this.#isMoved && this.resync()));
  /** Events were applied since the last read began. */
  #isMoved = false;
  /** What came before the list was handed out is in its items already: it is told to nobody. */
  #isOut = false;

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
      this.#isOut = true;
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
    // The first read is still to come, and sees it.
    if (this.#events === undefined) return;
    this.#reading ??= this.#readAndApply().catch((error: unknown) => this.#end(error));
    await this.#reading;
  }

  /**
   * Something was committed of which the server tells nobody: the list is read again. Where events come after that, of writes that
   * were made before the commit, no later one puts right what they say of its records, so it is read once more.
   */
  missed(): void {
    if (this.closed) return;
    void this.resync();
    this.#doubts.begin();
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
    this.#settling.cancel();
    this.#doubts.cancel();
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
    if (this.#source.overlaps && !this.closed) this.#settling.begin();
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
    this.#isMoved = true;
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
    this.#isMoved = false;
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
    if (!this.#isOut) return;
    for (const { entry, from, to } of moves) {
      const action = to === undefined ? goneAs(entry.key) : from === undefined ? 'create' : 'update';
      const { entity } = entry;
      const { id } = entity as { readonly id: LiveListChange<T>['id'] };
      this.#out?.push(Object.freeze({ action, id, entity, changedFields: undefined, index: to, previousIndex: from }));
    }
  }
}
