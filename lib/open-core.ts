import { QueryCache } from './cache/query-cache.js';
import { checkOptions } from './config/check-options.js';
import { connectOptions } from './config/connect-options.js';
import { loadClasses } from './config/load-classes.js';
import type { ReverieOptions } from './config/reverie-options.js';
import { connect } from './driver/connect.js';
import type { Connection } from './driver/connection.js';
import { observers, type RequestObserver } from './driver/request-observer.js';
import { SharedPlaces } from './entity-manager/fork-session.js';
import { KnownTables } from './entity-manager/known-tables.js';
import { NamedConnections } from './entity-manager/named-connections.js';
import type { OrmCore } from './entity-manager/orm-core.js';
import { PendingWork } from './entity-manager/pending-work.js';
import { printingOf } from './entity-manager/printing.js';
import { EntityShapes } from './entity/entity-shape.js';
import { loadExposures } from './entity/exposures.js';
import { Serializer } from './entity/serialize.js';
import { OpenLists } from './live/index.js';
import { RequestEvents } from './logging/request-events.js';
import { discover } from './metadata/index.js';
import { FilterScope } from './query/index.js';
import { SubscriberDispatcher } from './subscribers/index.js';
import { loadRules } from './validation/index.js';

interface OpenedCore {
  readonly core: OrmCore;
  readonly driver: Connection;
  readonly requests: RequestEvents;
  /** Of the requests of every connection. */
  readonly observer: RequestObserver;
}

/** What an ORM is made of. The entities are read and checked before anything is connected. */
export async function openCore(options: ReverieOptions): Promise<OpenedCore> {
  checkOptions(options);
  const registry = discover(await loadClasses(options.entities, 'entities'));
  const serializer = new Serializer(await loadExposures());
  const rules = await loadRules(registry.entities, options.validate);
  const dispatcher = new SubscriberDispatcher(registry, await loadClasses(options.subscribers ?? [], 'subscribers'));
  const requests = new RequestEvents(options, dispatcher);
  const cache = new QueryCache(registry, options.cache);
  const observer = observers(...requests.observing(), cache.observer);
  const driver = await connect(options.url, { ...connectOptions(options), observer });
  cache.serve(driver, options);
  const core: OrmCore = Object.freeze({
    registry,
    dispatcher,
    driver,
    cache,
    connections: new NamedConnections(),
    places: new SharedPlaces(),
    tables: new KnownTables(),
    shapes: new EntityShapes(),
    filters: FilterScope.of(registry),
    rules,
    serializer,
    printing: printingOf(registry, driver),
    retry: options.retry ?? {},
    lists: new OpenLists(),
    pending: new PendingWork(),
    allowGlobalContext: options.allowGlobalContext === true,
  });
  return { core, driver, requests, observer };
}
