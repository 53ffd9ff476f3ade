import type { QueryCache } from './cache/query-cache.js';
import { connectOptions } from './config/connect-options.js';
import type { NamedConnectionOptions, ReverieOptions } from './config/reverie-options.js';
import { connect } from './driver/connect.js';
import type { Connection } from './driver/connection.js';
import type { Driver } from './driver/driver.js';
import type { PoolStats } from './driver/request-pool.js';
import { plainEntity } from './entity-manager/open-live.js';
import { checkPlace, type ForkOptions } from './entity-manager/fork-options.js';
import type { OrmCore } from './entity-manager/orm-core.js';
import { installToJSON } from './entity/to-json.js';
import { openSubscriberStreams, type SubscriberStreams } from './live/index.js';
import { OrmConnections, type OpenConnection } from './orm-connections.js';
import { OrmPlace, type PlaceDriver, type PlaceOptions, schemaOf } from './orm-place.js';
import { openCore } from './open-core.js';
import { objectsOf } from './functions/objects-of.js';
import type { MetadataRegistry } from './metadata/entity-metadata.js';

/** Milliseconds that `close()` waits for flushes and transactions unless it is told otherwise. */
const DRAIN = 5_000;

/** What `orm.health()` says; it never throws. */
export interface Health {
  readonly ok: boolean;
  /** Milliseconds of one round trip. */
  readonly latency: number;
  readonly version: string;
  /** How many connections are open: sockets, and 1 over http and of an embedded engine. */
  readonly connections: number;
  readonly error?: unknown;
}

/**
 * An ORM: the entities, the connection and the schema of one database.
 *
 * ```ts
 * const orm = await Reverie.init({ url: 'mem://', namespace: 'app', database: 'app', entities: [User] });
 * const em = orm.em.fork();
 * await orm.close();
 * ```
 */
export class Reverie extends OrmPlace {
  /** The connection, for statements past the EntityManager. */
  readonly driver: Connection;
  readonly metadata: MetadataRegistry;
  /** Answers of reads that ask to be kept: `invalidate(User)`, `forget(key)`, `clear()`, `stats()`. */
  readonly cache: QueryCache;
  /** Other databases by name. */
  readonly connections: OrmConnections<NamedConnectionOptions>;
  readonly #options: PlaceOptions;
  readonly #places = new Map<string, WeakRef<OrmPlace>>();
  #streams: SubscriberStreams | undefined;

  private constructor(
    core: OrmCore,
    driver: Connection,
    options: PlaceOptions,
    open: OpenConnection<NamedConnectionOptions>,
  ) {
    super(core, driver, options);
    this.driver = driver;
    this.metadata = core.registry;
    this.cache = core.cache;
    this.#options = options;
    this.connections = new OrmConnections(driver, core.connections, open);
  }

  /**
   * Checks the entities, connects and brings the schema up to date.
   *
   * @throws MetadataError with every problem of every entity; ConnectionError; AuthenticationError; CapabilityError for a
   * server older than 3.0; SchemaDriftError when the schema cannot be synced safely
   */
  static async init(options: ReverieOptions): Promise<Reverie> {
    const { core, driver, requests, observer } = await openCore(options);
    const place = { objects: objectsOf(options.definitions), migrations: options.migrations ?? {} };
    const orm: Reverie = new Reverie(core, driver, place, async (name, { sync, url, ...other }) => {
      const opened = await connect(url, { ...connectOptions(other), observer });
      try {
        await schemaOf(core, opened, name).sync({ mode: syncOf({ url, sync }) });
        await orm.#openStreams(opened, name);
      } catch (error) {
        await opened.close();
        throw error;
      }
      return opened;
    });
    requests.em = orm.em;
    for (const meta of core.registry.entities) installToJSON(meta, core.serializer);
    try {
      await orm.schema.sync({ mode: syncOf(options) });
      const others = Object.entries(options.connections ?? {});
      await Promise.all(others.map(([name, other]) => orm.connections.add(name, other)));
      orm.#streams = await orm.#openStreams(driver);
    } catch (error) {
      await orm.connections.closeAll();
      await driver.close();
      throw error;
    }
    return orm;
  }

  /**
   * The same entities in another namespace or database, over the same connection: one of each tenant, say. What is left out is
   * as it is here.
   *
   * ```ts
   * const acme = orm.at({ namespace: 'acme' });
   * await acme.schema.sync();
   * const em = acme.em.fork();
   * const { token } = await acme.auth.signin(User, { email, password });
   * ```
   * @throws ValidationError for what is no name
   * @see https://surrealdb.com/docs/surrealql/statements/use
   */
  at(place: Pick<ForkOptions, 'namespace' | 'database'>): OrmPlace {
    const { namespace, database } = checkPlace(place);
    const key = JSON.stringify([namespace, database]);
    const known = this.#places.get(key)?.deref();
    if (known !== undefined) return known;
    for (const [gone, ref] of this.#places) if (ref.deref() === undefined) this.#places.delete(gone);
    const driver = this.core.places.at(this.driver, { namespace, database }) as PlaceDriver;
    const made = new OrmPlace(Object.freeze({ ...this.core, driver }), driver, this.#options);
    this.#places.set(key, new WeakRef(made));
    return made;
  }

  /**
   * Whatever runs inside works on another connection, across awaits, whatever its entities say; blocks may stand in one another.
   *
   * ```ts
   * const visits = await orm.using('analytics', () => orm.em.fork().count(Visit));
   * ```
   * @throws ValidationError for a name that there is not
   */
  using<R>(connection: string, work: () => R): R {
    return this.core.connections.using(connection, work);
  }

  /** What the ORM's connection is doing; of another one `orm.connections.get(name).stats()` tells. */
  stats(): PoolStats {
    return this.driver.stats();
  }

  /** One round trip to the server of the ORM's own connection. */
  async health(): Promise<Health> {
    const start = performance.now();
    const { version } = this.driver.capabilities;
    try {
      await this.driver.version();
      return { ok: true, latency: performance.now() - start, version, connections: this.#openConnections() };
    } catch (error) {
      return { ok: false, latency: performance.now() - start, version, connections: 0, error };
    }
  }

  /** Ends live streams, waits for what is under way and disconnects; twice is fine. */
  async close(options: { readonly timeout?: number } = {}): Promise<void> {
    await this.core.pending.settled(options.timeout ?? DRAIN);
    await this.#streams?.close();
    await this.connections.closeAll(options);
    await this.driver.close(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Over http there is one for each request, and none that stays. */
  #openConnections(): number {
    const { transport } = this.driver.capabilities;
    return transport === 'http' ? 1 : this.driver.stats().total;
  }

  /** The streams of subscribers to entities of one connection; they end with it. */
  #openStreams(driver: Driver, connection?: string): Promise<SubscriberStreams> {
    const { core } = this;
    return openSubscriberStreams({
      dispatcher: core.dispatcher,
      registry: core.registry,
      driver,
      connection,
      hydrate: (metadata, row) => plainEntity(core, metadata, row, this.em),
      conditionOf: (metadata) => metadata.hierarchy?.condition,
      em: () => this.em.fork(),
      printing: core.printing,
    });
  }
}

function syncOf({ url, sync }: Pick<ReverieOptions, 'url' | 'sync'>): NonNullable<ReverieOptions['sync']> {
  return sync ?? (url.startsWith('mem:') ? 'safe' : 'off');
}
