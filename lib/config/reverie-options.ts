import type { QueryCacheOptions } from '../cache/query-cache.js';
import type { ConnectOptions } from '../driver/connect.js';
import type { RetryOptions } from '../entity-manager/retry.js';
import type { DatabaseObject } from '../functions/database-object.js';
import type { LogEntry, LogKind } from '../logging/log-entry.js';
import type { EntityClass } from '../metadata/entity-metadata.js';
import type { SubscriberInput } from '../subscribers/entity-subscriber.js';
import type { ValidateOptions } from '../validation/index.js';

/** Another database of an ORM. */
export interface NamedConnectionOptions extends Pick<
  ConnectOptions,
  | 'namespace'
  | 'database'
  | 'auth'
  | 'onSignIn'
  | 'timeout'
  | 'connect'
  | 'reconnect'
  | 'ping'
  | 'pool'
  | 'capabilities'
> {
  readonly url: string;
  /** As for the ORM itself; concerns the entities of this connection. */
  readonly sync?: ReverieOptions['sync'];
}

/** What `Reverie.init` takes; `ormconfig.ts` exports the same through `defineConfig`. */
export interface ReverieOptions extends Pick<
  ConnectOptions,
  'auth' | 'onSignIn' | 'timeout' | 'connect' | 'reconnect' | 'ping' | 'pool' | 'capabilities'
> {
  /** `mem://`, `surrealkv://path`, `rocksdb://path` (embedded engine); `ws://`, `wss://`, `http://`, `https://` (server). */
  readonly url: string;
  readonly namespace?: string;
  readonly database?: string;
  /** Entity classes, or globs of the files that export them. */
  readonly entities: readonly (EntityClass | string)[];
  /** Functions, parameters and sequences of the database, for schema sync: `[gross, taxRate, invoiceNumber]`. */
  readonly definitions?: readonly DatabaseObject[];
  /** Other databases by name, for entities that say so (`@Table({ connection })`) and for `orm.using`. */
  readonly connections?: Readonly<Record<string, NamedConnectionOptions>>;
  /** Subscriber classes, instances of them, or globs. */
  readonly subscribers?: readonly (SubscriberInput | string)[];
  /**
   * What happens to the schema at boot: `off` (default; `safe` on `mem://`), `verify` throws on drift, `safe` applies what
   * keeps every record writable, `force` everything.
   */
  readonly sync?: 'off' | 'verify' | 'safe' | 'force';
  /** Which events are logged; `true` is all of them. */
  readonly logging?: boolean | readonly LogKind[];
  readonly logger?: (entry: LogEntry) => void;
  /** Milliseconds from which a request counts as slow; default 200. */
  readonly slowQuery?: number;
  /**
   * `true`: the rules of class-validator on entity classes are checked before anything is written. `false` leaves the
   * `schemaValidator` of `@Table` aside too.
   */
  readonly validate?: boolean | ValidateOptions;
  /** How `transaction()` meets write conflicts. */
  readonly retry?: RetryOptions;
  /** Where `orm.migrator` and `reverie migration:*` find migrations. */
  readonly migrations?: MigrationOptions;
  /** Where `reverie seed` finds seeders. */
  readonly seeds?: { readonly dir?: string };
  /** How reads with `cache` keep their answers; `false`: not at all, each is sent. */
  readonly cache?: QueryCacheOptions | false;
  /** Scripts may use `orm.em` without a fork or a request. */
  readonly allowGlobalContext?: boolean;
}

export interface MigrationOptions {
  /** A folder, from the working directory (for the command: from the configuration's folder); default `migrations`. */
  readonly dir?: string;
  /** Milliseconds after which the lease of a runner that gives no sign of life is taken over; default 15,000. */
  readonly lease?: number;
}

/**
 * Types a configuration file.
 *
 * ```ts
 * export default defineConfig({ url: 'mem://', namespace: 'app', database: 'app', entities: [User] });
 * ```
 */
export function defineConfig(options: ReverieOptions): ReverieOptions {
  return options;
}
