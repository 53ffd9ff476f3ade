import { pauseAfter } from '../../driver/reconnect/backoff.js';
import { isUnreachable } from '../../driver/reconnect/is-unreachable.js';
import { Nap } from '../../driver/reconnect/nap.js';
import type { EntityClass } from '../../metadata/entity-metadata.js';
import type { RecordId } from '../../values/index.js';
import { Queue } from '../queue.js';

/** One change of a record, as the changefeed of its table has kept it. */
export interface FeedChange<T extends object = object> {
  /** Of a table without `includeOriginal` the server does not tell a create from an update: both are `update`. */
  readonly action: 'create' | 'update' | 'delete';
  readonly id: RecordId;
  /** The entity class of the record's table. */
  readonly target: EntityClass<T>;
  /** What the record became, as a plain instance without computed fields; undefined of a `delete`. */
  readonly entity: T | undefined;
  /** What it was before an `update`, of a table with `includeOriginal`. */
  readonly original: T | undefined;
  /** The properties that an `update` changed, of a table with `includeOriginal`. */
  readonly changedFields: readonly (keyof T & string)[] | undefined;
  /** One for all changes of a transaction; later ones are greater. */
  readonly versionstamp: bigint;
  /** When the transaction was committed, to the millisecond, by the server's clock. */
  readonly at: Date;
}

/** One committed transaction. */
export interface FeedEntry<T extends object> {
  readonly versionstamp: bigint;
  /** Those that were asked for; maybe none. */
  readonly changes: readonly FeedChange<T>[];
}

export interface ChangeFeedSettings<T extends object> {
  /** The transactions after a version stamp, in order; fewer than `batch` when there are no more by now. */
  readonly read: (after: bigint, batch: number) => Promise<readonly FeedEntry<T>[]>;
  /** Runs before the first read. @throws for a table without a changefeed */
  readonly check: () => Promise<void>;
  readonly after: bigint;
  readonly batch: number;
  /** Milliseconds between two reads when nothing new has come. */
  readonly pollInterval: number;
  readonly signal?: AbortSignal | undefined;
}

type Result<T extends object> = IteratorResult<FeedChange<T>, undefined>;

/** Milliseconds of the longest pause while the server is away. */
const LONGEST_PAUSE = 30_000;

/**
 * What has changed in tables with a changefeed, in order, and goes on changing: it is asked for, again and again, so it works over
 * http too and misses nothing however often the connection or the process stops. Save `cursor` when the work for a change is done,
 * and begin there the next time: each change is then handed out at least once.
 *
 * ```ts
 * const feed = em.changes(Order, { since: await load() });
 * for await (const { action, id, entity } of feed) {
 *   await index.apply(action, id, entity);
 *   await save(feed.cursor);
 * }
 * ```
 * While the server is away the feed waits for it; any other error is thrown by the loop. Leaving the loop ends the feed.
 * https://surrealdb.com/docs/surrealql/statements/show
 */
export class ChangeFeed<T extends object = object> implements AsyncIterableIterator<FeedChange<T>> {
  readonly #settings: ChangeFeedSettings<T>;
  readonly #waiting = new Queue<{ readonly change: FeedChange<T> | undefined; readonly covers: bigint }>();
  readonly #giveUp = () => void this.close();
  #read: bigint;
  #handed: bigint;
  #nap: Nap | undefined;
  #checked = false;
  #closed = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** Feeds are made by `em.changes()`. */
  constructor(settings: ChangeFeedSettings<T>) {
    this.#settings = settings;
    this.#read = settings.after;
    this.#handed = settings.after;
    if (settings.signal?.aborted === true) this.#closed = true;
    else settings.signal?.addEventListener('abort', this.#giveUp, { once: true });
  }

  /**
   * The version stamp of the last transaction of which all changes have been handed out; `{ since: feed.cursor }` goes on behind it.
   * Its text does too, for stores that have no 64-bit numbers.
   */
  get cursor(): bigint {
    return this.#handed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The next change; waits for one. Done once the feed is closed. */
  next(): Promise<Result<T>> {
    const next = this.#turn.then(() => this.#next());
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async return(): Promise<Result<T>> {
    await this.close();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends the feed. Twice is fine. */
  close(): Promise<void> {
    this.#closed = true;
    this.#settings.signal?.removeEventListener('abort', this.#giveUp);
    this.#nap?.end();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #next(): Promise<Result<T>> {
    while (!this.#closed) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        await this.#fill();
        continue;
      }
      this.#handed = next.covers;
      if (next.change !== undefined) return { done: false, value: next.change };
    }
    return DONE;
  }

  /** Reads one batch; pauses when there was nothing, or nobody to ask. */
  async #fill(): Promise<void> {
    const { batch, pollInterval } = this.#settings;
    const entries = await this.#patiently(() => this.#settings.read(this.#read, batch));
    for (const { versionstamp, changes } of entries) {
      const last = changes.length - 1;
      // Part of a transaction is not covered by its stamp.
      for (const [at, change] of changes.entries())
        this.#waiting.push({ change, covers: at === last ? versionstamp : this.#read });
      if (last < 0) this.#waiting.push({ change: undefined, covers: versionstamp });
      this.#read = versionstamp;
    }
    if (entries.length === 0) await this.#pause(pollInterval);
  }

  /** Waits for a server that cannot be reached. */
  async #patiently(read: () => Promise<readonly FeedEntry<T>[]>): Promise<readonly FeedEntry<T>[]> {
    for (let failures = 1; !this.#closed; failures += 1) {
      try {
        if (!this.#checked) await this.#settings.check();
        this.#checked = true;
        return await read();
      } catch (error) {
        if (this.#closed) break;
        if (!isUnreachable(error)) throw error;
        await this.#pause(pauseAfter(failures, { longest: LONGEST_PAUSE }));
      }
    }
    return [];
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#closed) return;
    this.#nap = new Nap(milliseconds);
    await this.#nap.over;
    this.#nap = undefined;
  }
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
