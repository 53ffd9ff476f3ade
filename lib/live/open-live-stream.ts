import type { Driver, LiveChannel } from '../driver/driver.js';
import { CapabilityError, ConnectionError, LiveError, ReverieError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { Expression } from '../surrealql/nodes/index.js';
import { print, type PrintOptions } from '../surrealql/printer.js';
import { LiveFeed, type HydrateRow } from './live-feed.js';
import { liveStatement } from './live-statement.js';
import { LiveStream } from './live-stream.js';
import { checkStreamOptions, type LiveStreamOptions } from './live-stream-options.js';
import { untilAborted } from './until-aborted.js';

export interface OpenLiveOptions<T extends object> extends LiveStreamOptions {
  readonly driver: Pick<Driver, 'capabilities' | 'live'>;
  readonly metadata: EntityMetadata<T>;
  /** Over the row, as in a find; it must not fail for any row, because its error would fail the write that set it off. */
  readonly condition?: Expression | undefined;
  /** Fills `changedFields`. */
  readonly diff?: boolean | undefined;
  /** Makes an unmanaged instance of a row; may be async (to fetch), the order of events is kept. */
  readonly hydrate: HydrateRow<T>;
  /** Runs when events were missed, before the reader is told. */
  readonly catchUp?: (() => Promise<void>) | undefined;
  /** For entity classes and their properties inside `surql` texts. */
  readonly printing?: PrintOptions;
}

/**
 * Registers a live query and gives its stream once the server has it: no event after that is missed.
 *
 * ```ts
 * const stream = await openLiveStream({ driver, metadata, condition, hydrate: (row) => mapper.map(metadata, row) });
 * ```
 *
 * @throws CapabilityError over http and for a view; the signal's reason when it is aborted first; what the driver throws,
 *   such as a QueryError for a table that does not exist.
 */
export async function openLiveStream<T extends object>(options: OpenLiveOptions<T>): Promise<LiveStream<T>> {
  const { driver, metadata, signal } = options;
  checkCapable(driver, metadata);
  checkStreamOptions(options);
  signal?.throwIfAborted();
  const statement = liveStatement(metadata, options);
  const printed = print(statement, options.printing);
  const channel = await untilAborted(driver.live(printed), signal, (late) => late.close());
  return streamOf(channel, options);
}

function streamOf<T extends object>(channel: LiveChannel, options: OpenLiveOptions<T>): LiveStream<T> {
  const { metadata, hydrate } = options;
  return new LiveStream<T>((source) => {
    const feed = new LiveFeed({ metadata, hydrate, catchUp: options.catchUp }, source, options);
    channel.on((notification) => feed.take(notification));
    channel.onResubscribed(() => feed.resync());
    channel.onEnd((reason, error) => feed.end(endError(metadata, reason, error)));
    return () => {
      feed.stop();
      return channel.close();
    };
  }, options);
}

function checkCapable(driver: Pick<Driver, 'capabilities'>, metadata: EntityMetadata): void {
  if (!driver.capabilities.live) {
    throw new CapabilityError({
      what: `Live queries of ${metadata.className} need a connection that the server can speak over`,
      why: `this one is ${driver.capabilities.transport}`,
      fix: [
        'connect to ws:// or wss:// (the same server, path /rpc)',
        'or use the embedded engine: mem://, surrealkv://, rocksdb://',
      ],
    });
  }
  if (metadata.type === 'view') {
    throw new CapabilityError({
      what: `${metadata.className} is a view, and SurrealDB sends no live events for views`,
      fix: 'listen to the tables that the view reads, and read the view again',
    });
  }
}

function endError(
  metadata: EntityMetadata,
  reason: 'closed' | 'killed' | 'disconnected',
  error: Error | undefined,
): Error | undefined {
  if (reason === 'closed') return undefined;
  if (reason === 'killed') {
    return new LiveError({
      reason: 'killed',
      what: `The live query on ${metadata.table} (${metadata.className}) was ended by the server`,
      why: 'its table was removed, the query was killed from elsewhere, or somebody else has signed in on its session',
      fix: 'open the stream again once the table exists',
      cause: error,
    });
  }
  if (ReverieError.is(error) && (error.code === 'CONNECTION' || error.code === 'AUTHENTICATION')) return error;
  return new ConnectionError({
    what: `The connection was lost, and with it the live query on ${metadata.table} (${metadata.className})`,
    why: error === undefined ? 'the server closed it or went away' : error.message,
    fix: 'open the stream again, and read what may have changed in between',
    cause: error,
  });
}
