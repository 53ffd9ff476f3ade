import type { Driver } from '../driver/driver.js';
import { CapabilityError } from '../errors/index.js';
import type { EntityMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import type { Expression } from '../surrealql/nodes/index.js';
import type { PrintOptions } from '../surrealql/printer.js';
import type { SubscriberDispatcher } from '../subscribers/dispatcher.js';
import { LIVE_HOOKS } from '../subscribers/event-name.js';
import type { LiveChange, LiveEvent, LiveResyncEvent } from '../subscribers/events.js';
import { reportError, type ErrorReporter } from '../subscribers/report-error.js';
import type { Subscription } from '../subscribers/subscription.js';
import type { LiveRow } from './live-feed.js';
import type { LiveStream } from './live-stream.js';
import { openLiveStream } from './open-live-stream.js';

export interface SubscriberStreamsOptions<Em> {
  /** Whose entities: the name of a connection; left out, the ORM's own. */
  readonly connection?: string | undefined;
  readonly dispatcher: SubscriberDispatcher<Em>;
  readonly registry: MetadataRegistry;
  readonly driver: Pick<Driver, 'capabilities' | 'live'>;
  /** Makes an unmanaged instance; of tables shared by several classes the right one. */
  readonly hydrate: (metadata: EntityMetadata, row: LiveRow) => object | PromiseLike<object>;
  /** A new entity manager for each event. */
  readonly em: () => Em;
  /** What tells the rows of a class that shares its table. */
  readonly conditionOf?: (metadata: EntityMetadata) => Expression | undefined;
  readonly printing?: PrintOptions;
  readonly report?: ErrorReporter;
}

export interface SubscriberStreams {
  /** How many live queries are open. */
  readonly size: number;
  close(): Promise<void>;
}

interface Audience {
  readonly subscription: Subscription;
  readonly metadata: EntityMetadata;
}

/**
 * Opens the live queries of all subscribers with an `onLive…` hook on one connection: one for each subscriber and table. Hooks of one stream run one after the other; what they throw is reported and does not end it.
 *
 * @throws CapabilityError that names the subscriber, where the connection knows no live queries. Nothing stays open then.
 */
export async function openSubscriberStreams<Em>(options: SubscriberStreamsOptions<Em>): Promise<SubscriberStreams> {
  const audiences = audiencesOf(options);
  const [first] = audiences;
  if (first !== undefined && !options.driver.capabilities.live) throw incapable(first, options.driver);
  const opened = await Promise.allSettled(audiences.map((audience) => open(audience, options)));
  const streams = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const close = async () => {
    await Promise.all(streams.map((stream) => stream.close()));
  };
  const failed = opened.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  return { size: streams.length, close };
}

/** A base class that is registered itself covers the subclasses in its table. */
function audiencesOf<Em>({ dispatcher, registry, connection }: SubscriberStreamsOptions<Em>): readonly Audience[] {
  const entities = registry.entities.filter(
    ({ type, options }) => type !== 'view' && options.connection === connection,
  );
  return dispatcher.subscriptions.filter(hearsLive).flatMap((subscription) => {
    const wanted = entities.filter((metadata) => subscription.isFor(metadata));
    return wanted
      .filter(
        (metadata) =>
          !wanted.some((base) => base !== metadata && base.table === metadata.table && extendsClass(metadata, base)),
      )
      .map((metadata) => ({ subscription, metadata }));
  });
}

function hearsLive(subscription: Subscription): boolean {
  return Object.values(LIVE_HOOKS).some((hook) => subscription.hears(hook));
}

function extendsClass(metadata: EntityMetadata, base: EntityMetadata): boolean {
  return Object.prototype.isPrototypeOf.call(base.target.prototype as object, metadata.target.prototype as object);
}

async function open<Em>(audience: Audience, options: SubscriberStreamsOptions<Em>): Promise<LiveStream> {
  const { metadata } = audience;
  const report = options.report ?? reportError;
  const stream = await openLiveStream({
    driver: options.driver,
    metadata,
    condition: options.conditionOf?.(metadata),
    hydrate: (row) => options.hydrate(metadata, row),
    report,
    ...(options.printing !== undefined && { printing: options.printing }),
  });
  void listen(stream, audience, options.em, report);
  return stream;
}

/** Never rejects. */
async function listen<Em>(
  stream: LiveStream,
  { subscription, metadata }: Audience,
  em: () => Em,
  report: ErrorReporter,
): Promise<void> {
  try {
    for await (const change of stream) {
      if (change.action === 'leave') continue;
      const hook = LIVE_HOOKS[change.action];
      if (!subscription.hears(hook)) continue;
      try {
        await subscription.call(hook, eventOf(change, em(), metadata));
      } catch (error) {
        report(error, `${subscription.name}.${hook}`);
      }
    }
  } catch (error) {
    report(error, `the live stream of ${subscription.name} on ${metadata.table}`);
  }
}

function eventOf<Em>(
  change: LiveChange,
  em: Em,
  metadata: EntityMetadata,
): LiveEvent<object, Em> | LiveResyncEvent<object, Em> {
  if (change.action === 'resync') return Object.freeze({ action: change.action, em, metadata });
  return Object.freeze({ ...change, em, metadata }) as LiveEvent<object, Em>;
}

function incapable({ subscription, metadata }: Audience, driver: Pick<Driver, 'capabilities'>): CapabilityError {
  return new CapabilityError({
    what: `${subscription.name} listens to live events of ${metadata.className}, which need a connection that the server can speak over`,
    why: `this one is ${driver.capabilities.transport}`,
    fix: ['connect to ws:// or wss://, or use the embedded engine', `leave ${subscription.name} out of subscribers`],
  });
}
