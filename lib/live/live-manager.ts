import type { EntityClass } from '../metadata/entity-metadata.js';
import type { LiveChange, LiveRecordChange, LiveResync } from '../subscribers/events.js';
import { reportError } from '../subscribers/report-error.js';
import type { Where } from '../types/index.js';
import type { LiveOptions } from './live-options.js';
import type { LiveStream } from './live-stream.js';

/** An EntityManager, as far as a LiveManager knows it. */
export interface LiveOpener {
  /** Answers with a LiveStream of the entity. */
  live(entity: EntityClass, where?: never, options?: never): Promise<object>;
}

type Action = LiveChange['action'];

/** One function for all events, or one for each kind; those without are passed over. */
export type LiveHandler<T extends object> =
  | ((change: LiveChange<T>) => unknown)
  | { readonly [A in Action]?: (change: A extends 'resync' ? LiveResync : LiveRecordChange<T>) => unknown };

export interface LiveManagerOptions {
  /**
   * Told of what a handler throws, with the event; the stream goes on. Told without an event of what a stream ends with. Default
   * is a warning of the process.
   */
  readonly onError?: (error: unknown, stream: LiveStream, change?: LiveChange) => void;
}

/**
 * Many live streams and their handlers, closed together. The handler of a stream gets one event after the other: an async one is
 * awaited, and events wait for it in the stream's buffer.
 *
 * ```ts
 * const live = new LiveManager(orm.em.fork(), { onError: (error) => log.error(error) });
 * await live.watch(Order, { status: 'paid' }, async ({ action, entity }) => ship(entity));
 * await live.watch(User, {}, { delete: ({ id }) => sessions.end(id) });
 * await live.close();
 * ```
 */
export class LiveManager {
  readonly #em: LiveOpener;
  readonly #onError: NonNullable<LiveManagerOptions['onError']>;
  readonly #watched = new Map<LiveStream<never>, Promise<void>>();

  constructor(em: LiveOpener, options: LiveManagerOptions = {}) {
    this.#em = em;
    this.#onError = options.onError ?? ((error) => reportError(error, 'LiveManager'));
  }

  /** How many streams are open. */
  get size(): number {
    return this.#watched.size;
  }

  /** The streams that are open. */
  get streams(): readonly LiveStream[] {
    return [...this.#watched.keys()] as unknown as readonly LiveStream[];
  }

  /**
   * Opens a stream as `em.live()` does, and hands its events to a handler; it is registered when this resolves.
   *
   * @throws what `em.live()` throws
   */
  async watch<T extends object>(
    entity: EntityClass<T>,
    where: Where<T>,
    handler: LiveHandler<T>,
    options?: LiveOptions<T>,
  ): Promise<LiveStream<T>> {
    const opened = await this.#em.live(entity, where as never, options as never);
    const stream = opened as LiveStream<T>;
    const ended = this.#follow(stream, handler).finally(() => this.#watched.delete(stream as never));
    this.#watched.set(stream as never, ended);
    return stream;
  }

  /** Closes one stream; resolves when its handler has returned. One that is not open is passed over. */
  async stop<T extends object>(stream: LiveStream<T>): Promise<void> {
    const ended = this.#watched.get(stream as never);
    await stream.close();
    await ended;
  }

  /** Closes all streams; resolves when their handlers have returned. */
  async close(): Promise<void> {
    await Promise.all(this.streams.map((stream) => this.stop(stream)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Never rejects. */
  async #follow<T extends object>(stream: LiveStream<T>, handler: LiveHandler<T>): Promise<void> {
    try {
      for await (const change of stream) {
        try {
          await callbackOf(handler, change.action)?.(change);
        } catch (error) {
          this.#tell(error, stream, change);
        }
      }
    } catch (error) {
      this.#tell(error, stream);
    }
  }

  #tell<T extends object>(error: unknown, stream: LiveStream<T>, change?: LiveChange<T>): void {
    try {
      this.#onError(error, stream as unknown as LiveStream, change as LiveChange | undefined);
    } catch (failure) {
      reportError(failure, 'LiveManager.onError');
    }
  }
}

function callbackOf<T extends object>(
  handler: LiveHandler<T>,
  action: Action,
): ((change: LiveChange<T>) => unknown) | undefined {
  return typeof handler === 'function'
    ? handler
    : (handler[action] as ((change: LiveChange<T>) => unknown) | undefined);
}
