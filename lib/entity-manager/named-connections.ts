import type { Driver } from '../driver/driver.js';
import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { didYouMean } from '../types/nearest-word.js';
import { contextValue, runWithContext } from './async-context.js';

/** What the ORM's own connection is called among the others. */
export const DEFAULT = 'default';

/** The connections of an ORM beside its own, and which of them work goes to: what `using` says, else the entity's own. */
export class NamedConnections {
  readonly #drivers = new Map<string, Driver>();

  get isEmpty(): boolean {
    return this.#drivers.size === 0;
  }

  get names(): readonly string[] {
    return [DEFAULT, ...this.#drivers.keys()];
  }

  set(name: string, driver: Driver): void {
    this.#drivers.set(name, driver);
  }

  delete(name: string): void {
    this.#drivers.delete(name);
  }

  has(name: string): boolean {
    return this.#drivers.has(name);
  }

  /** @throws ValidationError for a name that there is not */
  get(name: string): Driver {
    const driver = this.#drivers.get(name);
    if (driver !== undefined) return driver;
    throw this.unknown(name);
  }

  /** Whatever runs inside works on this connection, across awaits; blocks may stand in one another. */
  using<R>(name: string, work: () => R): R {
    if (name !== DEFAULT && !this.has(name)) throw this.unknown(name);
    return runWithContext([[this, name]], work);
  }

  /** Where work on an entity goes; undefined where nobody says. */
  nameFor(meta: EntityMetadata | undefined): string | undefined {
    return (contextValue(this) as string | undefined) ?? meta?.options.connection;
  }

  unknown(name: string): ValidationError {
    const what = `There is no connection called "${name}".${didYouMean(name, this.names)}`;
    return new ValidationError({
      what,
      why: `the connections are ${this.names.join(', ')}`,
      fix: [
        `Reverie.init({ connections: { ${JSON.stringify(name)}: { url } } })`,
        `orm.connections.add(${JSON.stringify(name)}, { url })`,
      ],
      errors: [{ path: 'connection', message: what, rule: 'unknown' }],
    });
  }
}

/** A block has one connection: a commit over two could keep the one half and lose the other. */
export function overTwo(what: string, names: readonly string[]): ValidationError {
  return new ValidationError({
    what: `${what} goes over the connections ${names.join(' and ')}`,
    why: 'no database commits together with another: one half could be kept and the other lost',
    fix: ['flush the entities of each connection by themselves', `orm.using('…', () => em.transaction(…))`],
    errors: names.map((path) => ({ path, message: 'belongs to another connection', rule: 'connection' })),
  });
}
