import type { QueryCache } from '../cache/query-cache.js';
import type { Driver } from '../driver/driver.js';
import type { Serializer } from '../entity/serialize.js';
import type { OpenLists } from '../live/index.js';
import type { FilterScope } from '../query/index.js';
import type { PrintOptions } from '../surrealql/printer.js';
import type { SubscriberDispatcher } from '../subscribers/dispatcher.js';
import type { UnitContext } from '../unit-of-work/unit-context.js';
import type { SharedPlaces } from './fork-session.js';
import type { KnownTables } from './known-tables.js';
import type { NamedConnections } from './named-connections.js';
import type { PendingWork } from './pending-work.js';
import type { RetryOptions } from './retry.js';

/** What all EntityManagers of one ORM share. */
export interface OrmCore extends UnitContext {
  /** What reads leave out where nobody says otherwise. */
  readonly filters: FilterScope;
  readonly driver: Driver;
  /** Answers of reads that ask to be kept. */
  readonly cache: QueryCache;
  /** The connections beside it. */
  readonly connections: NamedConnections;
  /** Sessions at other namespaces and databases. */
  readonly places: SharedPlaces;
  readonly serializer: Serializer;
  /** Lets an entity class stand for its table in `surql`. */
  readonly printing: PrintOptions;
  readonly dispatcher: SubscriberDispatcher;
  readonly retry: RetryOptions;
  /** Live lists that are open. */
  readonly lists: OpenLists;
  readonly tables: KnownTables;
  /** What closing waits for. */
  readonly pending: PendingWork;
  /** Scripts may use `orm.em` without a request or a fork. */
  readonly allowGlobalContext: boolean;
}
