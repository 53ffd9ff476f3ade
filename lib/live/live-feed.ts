import type { LiveNotification } from '../driver/driver.js';
import { isUnreachable } from '../driver/reconnect/is-unreachable.js';
import { LiveError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { LiveRecordChange } from '../subscribers/events.js';
import { toRecordId } from '../values/index.js';
import { ArrivalOrder } from './arrival-order.js';
import { AT, CHANGED, LEFT } from './live-statement.js';
import { bufferLimit, type LiveSource, type LiveStreamOptions } from './live-stream-options.js';

export type LiveRow = Record<string, unknown>;
/** What a row becomes; a promise where it has to be read again. */
export type HydrateRow<T extends object> = (row: LiveRow, action: LiveRecordChange['action']) => T | PromiseLike<T>;

const ACTIONS = Object.freeze({ CREATE: 'create', UPDATE: 'update', DELETE: 'delete' } as const);

const DEFAULT_REORDER = 20;

/** What a feed makes events of. */
export interface LiveFeedParts<T extends object> {
  readonly metadata: EntityMetadata<T>;
  readonly hydrate: HydrateRow<T>;
  /** Runs when events were missed, before the reader is told. */
  readonly catchUp: (() => Promise<void>) | undefined;
}

/** Turns notifications into events in the order of their writes, one after the other even where making the entity takes time. */
export class LiveFeed<T extends object> {
  readonly #metadata: EntityMetadata<T>;
  readonly #hydrate: HydrateRow<T>;
  readonly #catchUp: (() => Promise<void>) | undefined;
  readonly #source: LiveSource<T>;
  readonly #limit: number;
  readonly #order: ArrivalOrder<LiveNotification>;
  #tail: Promise<void> | undefined;
  #pending = 0;
  /** Raised when what waits is given up. */
  #generation = 0;

  constructor({ metadata, hydrate, catchUp }: LiveFeedParts<T>, source: LiveSource<T>, options: LiveStreamOptions) {
    this.#metadata = metadata;
    this.#hydrate = hydrate;
    this.#catchUp = catchUp;
    this.#source = source;
    this.#limit = bufferLimit(options);
    this.#order = new ArrivalOrder(options.reorder ?? DEFAULT_REORDER, this.#limit, (each) => this.#accept(each));
  }

  take(notification: LiveNotification): void {
    const written = (notification.result as LiveRow | null | undefined)?.[AT];
    if (typeof written === 'number') return this.#order.add(written, notification);
    this.#order.flush();
    this.#accept(notification);
  }

  /** Events were missed after those that have been taken. */
  resync(): void {
    this.#order.flush();
    if (this.#tail === undefined && this.#catchUp === undefined) this.#source.resync();
    else this.#later(() => this.#caughtUp(() => this.#source.resync()));
  }

  /** After what has been taken before. */
  end(error: Error | undefined): void {
    this.#order.flush();
    if (this.#tail === undefined) this.#source.end(error);
    else void this.#tail.then(() => this.#source.end(error));
  }

  /** Nobody wants what is held. */
  stop(): void {
    this.#order.clear();
  }

  #accept(notification: LiveNotification): void {
    if (this.#pending >= this.#limit) {
      this.#generation += 1;
      this.#pending = 0;
      if (this.#catchUp !== undefined) this.#later(() => this.#caughtUp(() => undefined));
      return this.#source.overflow();
    }
    if (this.#tail !== undefined) return this.#later(() => this.#process(notification));
    const pending = this.#process(notification);
    if (pending !== undefined) this.#later(() => pending);
  }

  async #caughtUp(tell: () => void): Promise<void> {
    try {
      await this.#catchUp?.();
      tell();
    } catch (error) {
      this.#source.end(error);
    }
  }

  #later(step: () => void | Promise<void>): void {
    const generation = this.#generation;
    this.#pending += 1;
    const tail = (this.#tail ?? Promise.resolve())
      .then(() => (generation === this.#generation ? step() : undefined))
      .then(() => {
        if (generation === this.#generation) this.#pending -= 1;
        if (this.#tail === tail) this.#tail = undefined;
      });
    this.#tail = tail;
  }

  /** A promise only where `hydrate` gives one. */
  #process(notification: LiveNotification): Promise<void> | undefined {
    try {
      const { id, row, action, changedFields } = this.#read(notification);
      const generation = this.#generation;
      const push = (entity: T) => {
        if (generation === this.#generation) this.#source.push(Object.freeze({ action, id, entity, changedFields }));
      };
      const entity = this.#hydrate(row, action);
      if (!isThenable(entity)) push(entity);
      else
        return Promise.resolve(entity)
          .then(push)
          .catch((error: unknown) => this.#fail(notification, error));
    } catch (error) {
      this.#fail(notification, error);
    }
    return undefined;
  }

  #read({ action, record, result }: LiveNotification) {
    const id = toRecordId(record);
    if (id === undefined || typeof result !== 'object' || result === null)
      throw new TypeError('the server sent no row');
    const { [AT]: _at, [LEFT]: left, [CHANGED]: changed, ...row } = result as LiveRow;
    return {
      id,
      row,
      action: action === 'UPDATE' && left === true ? ('leave' as const) : ACTIONS[action],
      changedFields: changed === undefined ? undefined : this.#properties(action === 'DELETE' ? [] : changed),
    };
  }

  #properties(columns: unknown): readonly (keyof T & string)[] {
    if (!Array.isArray(columns)) throw new TypeError('the server sent no list of changed columns');
    const properties = columns.flatMap((column) => this.#metadata.byColumn.get(String(column))?.property ?? []);
    return Object.freeze(properties) as readonly (keyof T & string)[];
  }

  #fail({ action, record }: LiveNotification, cause: unknown): void {
    // What it fetches cannot be read while the server is away: the event counts as missed.
    if (isUnreachable(cause)) return this.#source.resync();
    this.#source.end(
      new LiveError({
        reason: 'row',
        what: `A live ${action} of ${this.#metadata.className} ${String(record)} could not be turned into an event`,
        why: cause instanceof Error ? cause.message : String(cause),
        fix: 'open the stream again, and read what may have changed in between',
        cause,
      }),
    );
  }
}

function isThenable<V>(value: V | PromiseLike<V>): value is PromiseLike<V> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
