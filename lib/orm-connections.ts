import type { Connection } from './driver/connection.js';
import { ValidationError } from './errors/index.js';
import { DEFAULT, type NamedConnections } from './entity-manager/named-connections.js';

/** Makes a connection, with the schema of its entities as `sync` wants it. */
export type OpenConnection<O> = (name: string, options: O) => Promise<Connection>;

/**
 * The connections of an ORM by name; its own is `default`.
 *
 * ```ts
 * await orm.connections.add('analytics', { url: 'ws://warehouse:8000', namespace: 'app', database: 'analytics', auth });
 * orm.connections.list(); // ['default', 'analytics']
 * ```
 */
export class OrmConnections<O> {
  readonly #own: Connection;
  readonly #names: NamedConnections;
  readonly #open: OpenConnection<O>;
  readonly #opened = new Map<string, Connection>();

  /** @internal */
  constructor(own: Connection, names: NamedConnections, open: OpenConnection<O>) {
    this.#own = own;
    this.#names = names;
    this.#open = open;
  }

  /** Connects; a connection of this name that was there is closed. @throws ConnectionError, AuthenticationError */
  async add(name: string, options: O): Promise<Connection> {
    if (typeof name !== 'string' || name === '' || name === DEFAULT) throw reserved(name);
    const opened = await this.#open(name, options);
    const before = this.#opened.get(name);
    this.#opened.set(name, opened);
    this.#names.set(name, opened);
    await before?.close();
    return opened;
  }

  /** @throws ValidationError for a name that there is not */
  get(name: string): Connection {
    const found = name === DEFAULT ? this.#own : this.#opened.get(name);
    if (found !== undefined) return found;
    throw this.#names.unknown(name);
  }

  list(): string[] {
    return [...this.#names.names];
  }

  /** Closes it when its calls have ended. @throws ValidationError for a name that there is not, and for `default` */
  async remove(name: string): Promise<void> {
    if (name === DEFAULT) throw reserved(name);
    const connection = this.get(name);
    this.#opened.delete(name);
    this.#names.delete(name);
    await connection.close();
  }

  /** @internal */
  async closeAll(options?: { readonly timeout?: number }): Promise<void> {
    await Promise.all([...this.#opened.values()].map((connection) => connection.close(options)));
  }
}

function reserved(name: unknown): ValidationError {
  const what = `${JSON.stringify(name)} cannot be the name of another connection`;
  return new ValidationError({
    what,
    why: "names are texts, and 'default' is the ORM's own connection, which orm.close() closes",
    fix: "orm.connections.add('analytics', { url })",
    errors: [{ path: 'name', message: what, rule: 'name' }],
  });
}
