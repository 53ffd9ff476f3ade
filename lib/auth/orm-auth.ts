import type { Tokens } from '../driver/connect.js';
import type { ConnectionAuth } from '../driver/connection-auth.js';
import type { DriverSession } from '../driver/driver.js';
import { AuthenticationError, ValidationError } from '../errors/index.js';
import type { EntityClass, EntityMetadata } from '../metadata/entity-metadata.js';
import { RecordId } from '../values/index.js';

/** Who has signed in, and what says so. */
export interface SignedIn<T> extends Tokens {
  readonly user: T;
}

export interface SignOptions {
  /** Which `@Access` of the class; default: its first for records. */
  readonly access?: string;
}

/** What an access expects, by name: `{ email, password }`. */
export type SignVariables = Readonly<Record<string, unknown>>;

/** What `orm.auth` works with. */
export interface AuthHost {
  readonly driver: {
    readonly namespace: string | undefined;
    readonly database: string | undefined;
    nobody(): DriverSession & ConnectionAuth;
  };
  metadataOf(entity: EntityClass): EntityMetadata;
  /** Reads a user as the ORM itself, tracked by an EntityManager of its own. */
  find(entity: EntityClass, id: RecordId): Promise<object | null>;
}

/**
 * Signing record users up and in, through the `@Access` of their class. Each call has a session of its own that ends with it: the
 * connection that the others share stays signed in as it was.
 *
 * ```ts
 * const { user, token } = await orm.auth.signup(User, { email, password, name });
 * const em = orm.em.fork({ auth: { token } }); // as that user
 * ```
 */
export class OrmAuth {
  readonly #host: AuthHost;

  /** @internal */
  constructor(host: AuthHost) {
    this.#host = host;
  }

  /**
   * Makes the record of a new user, and signs it in.
   *
   * @throws AuthenticationError when the access refuses it, a taken unique value included
   * @see https://surrealdb.com/docs/surrealql/statements/define/access/record
   */
  async signup<T extends object>(
    entity: EntityClass<T>,
    variables: SignVariables,
    options?: SignOptions,
  ): Promise<SignedIn<T>> {
    const access = this.#accessOf(entity, options);
    return this.#signed(entity, (session) => session.signup({ access, variables }));
  }

  /**
   * Signs a user in.
   *
   * ```ts
   * const { user, token, refresh } = await orm.auth.signin(User, { email, password });
   * ```
   * @throws AuthenticationError
   */
  async signin<T extends object>(
    entity: EntityClass<T>,
    variables: SignVariables,
    options?: SignOptions,
  ): Promise<SignedIn<T>> {
    const access = this.#accessOf(entity, options);
    return this.#signed(entity, (session) => session.signin({ access, variables }));
  }

  /**
   * Takes a refresh token, which is worth one use, for a new token and the next refresh token.
   *
   * @throws AuthenticationError for one that was used, revoked, or has run out
   */
  async refresh<T extends object>(
    entity: EntityClass<T>,
    refresh: string | Pick<Tokens, 'refresh'>,
    options?: SignOptions,
  ): Promise<SignedIn<T>> {
    const token = typeof refresh === 'string' ? refresh : refresh.refresh;
    if (typeof token !== 'string' || token === '') throw noRefreshToken();
    return this.signin(entity, { refresh: token }, options);
  }

  /** The user whom a token stands for; null for a token that is not, or no longer, good here, or is somebody else's. */
  async authenticate<T extends object>(
    entity: EntityClass<T>,
    token: string,
  ): Promise<{ readonly user: T; readonly id: RecordId } | null> {
    const id = await this.validate(token);
    if (id === null || id.table !== this.#host.metadataOf(entity).table) return null;
    const user = await this.#host.find(entity, id);
    return user === null ? null : { user: user as T, id };
  }

  /**
   * The record that a token stands for, whoever it is; null for a token that is not good here: expired, forged, of another
   * database, or of no record. The server is asked each time. An unreachable server throws.
   */
  async validate(token: string): Promise<RecordId | null> {
    try {
      return await this.#alone(async (session) => {
        await session.authenticate(token);
        return this.#recordOf(session);
      });
    } catch (error) {
      if (error instanceof AuthenticationError) return null;
      throw error;
    }
  }

  /**
   * Signs out: makes a refresh token worthless. An access token by itself cannot be taken back, it is good until it runs out: keep
   * its duration short.
   *
   * @throws AuthenticationError for tokens that the server does not know
   */
  async invalidate(tokens: Tokens | string): Promise<void> {
    const given = typeof tokens === 'string' ? { token: tokens } : tokens;
    await this.#alone(async (session) => {
      if (given.refresh !== undefined) return session.revoke(given);
      await session.authenticate(given.token);
      await session.invalidate();
    });
  }

  async #signed<T extends object>(
    entity: EntityClass<T>,
    sign: (session: ConnectionAuth) => Promise<Tokens>,
  ): Promise<SignedIn<T>> {
    const { table, className } = this.#host.metadataOf(entity);
    const { tokens, id } = await this.#alone(async (session) => ({
      tokens: await sign(session),
      id: await this.#recordOf(session),
    }));
    const user = id?.table === table ? await this.#host.find(entity, id) : null;
    if (user === null) throw notTheirs(className, id);
    return { user: user as T, ...tokens };
  }

  async #recordOf(session: ConnectionAuth): Promise<RecordId | null> {
    const { namespace, database } = this.#host.driver;
    const who = await session.whoami();
    const isHere = who.namespace === namespace && who.database === database;
    return isHere && RecordId.is(who.record) ? who.record : null;
  }

  async #alone<R>(work: (session: ConnectionAuth) => Promise<R>): Promise<R> {
    const session = this.#host.driver.nobody();
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  #accessOf(entity: EntityClass, { access }: SignOptions = {}): string {
    const { accesses, className } = this.#host.metadataOf(entity);
    const found =
      access === undefined
        ? accesses.find(({ type = 'record' }) => type === 'record')
        : accesses.find(({ name }) => name === access);
    if (found !== undefined) return found.name;
    const what =
      access === undefined ? `${className} has no @Access` : `${className} has no @Access called "${access}"`;
    throw new ValidationError({
      what,
      fix: `@Access({ name: 'account' }) class ${className}`,
      errors: [{ path: className, message: what, rule: 'access' }],
    });
  }
}

function notTheirs(className: string, id: RecordId | null): AuthenticationError {
  return new AuthenticationError({
    what: `The access signed in no ${className}`,
    why: id === null ? 'it names no record' : `${String(id)} is of another table, or cannot be read`,
    fix: `let SIGNUP and SIGNIN answer with a record of ${className}`,
  });
}

function noRefreshToken(): AuthenticationError {
  return new AuthenticationError({
    what: 'There is no refresh token',
    why: 'only an access with `refresh: true` (or a `duration.grant`) gives one',
    fix: "@Access({ …, duration: { token: '15m', grant: '30d' } })",
  });
}
