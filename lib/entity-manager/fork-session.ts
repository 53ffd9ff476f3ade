import type { Driver, DriverSession } from '../driver/driver.js';
import { CapabilityError } from '../errors/index.js';
import { EmSession } from './em-session.js';
import { checkForkOptions, type ForkOptions } from './fork-options.js';
import type { OrmCore } from './orm-core.js';

/** What an EntityManager is forked into. */
export interface Fork {
  readonly session: EmSession;
  /** Ends the session over the connection that is this fork's alone; undefined where it shares one. */
  readonly end: (() => Promise<void>) | undefined;
  /** Lets that session go until it is used again. */
  readonly release: (() => Promise<void>) | undefined;
}

/** @throws ValidationError, AuthenticationError, CapabilityError */
export function forkSession(core: OrmCore, parent: EmSession | undefined, given: ForkOptions, verb: string): Fork {
  const { filters, weak, ...place } = checkForkOptions(given, verb);
  const scope = (parent?.filters ?? core.filters).with(filters);
  const driver = parent?.connection ?? core.driver;
  const own = place.auth === undefined ? undefined : sessionOf(driver, place);
  const connection = own ?? core.places.at(driver, place);
  return {
    session: new EmSession(core, { filters: scope, weak, connection }),
    end: own && (() => own.close()),
    release: own && (() => own.release()),
  };
}

/** Sessions that differ in their place alone are shared by all who are there: they know nothing of anybody. */
export class SharedPlaces {
  readonly #places = new WeakMap<Driver, Map<string, WeakRef<DriverSession>>>();

  /** The session of this place, as whoever the driver is signed in. A driver keeps its sessions while the server has them. */
  at(driver: Driver, place: Pick<ForkOptions, 'namespace' | 'database'>): Driver {
    const { namespace, database } = place;
    if (namespace === undefined && database === undefined) return driver;
    const places = this.#places.get(driver) ?? new Map<string, WeakRef<DriverSession>>();
    this.#places.set(driver, places);
    const key = JSON.stringify([namespace, database]);
    const known = places.get(key)?.deref();
    if (known !== undefined) return known;
    for (const [gone, session] of places) if (session.deref() === undefined) places.delete(gone);
    const session = sessionOf(driver, { namespace, database });
    places.set(key, new WeakRef(session));
    return session;
  }
}

function sessionOf(driver: Driver, options: Pick<ForkOptions, 'namespace' | 'database' | 'auth'>): DriverSession {
  if (driver.session !== undefined) return driver.session(options);
  throw new CapabilityError({
    what: 'This driver has no sessions of their own',
    why: 'another namespace, database or user needs one',
    fix: 'use the driver that connect() gives',
  });
}
