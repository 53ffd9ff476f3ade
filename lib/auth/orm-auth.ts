import type { Tokens } from '../driver/connect.js';
import type { ConnectionAuth } from '../driver/connection-auth.js';
import type { DriverSession } from '../driver/driver.js';
import { AuthenticationError, EntityNotFoundError, ValidationError } from '../errors/index.js';
import type { EntityClass, EntityMetadata } from '../metadata/entity-metadata.js';
import { RecordId } from '../values/index.js';
import { AccessGrants, subjectIs, type GrantsDriver } from './access-grants.js';
import { noBearer, noPassword, noRefreshToken, notTheirs, passwordOf, wrongPassword } from './auth-errors.js';
import { BearerKeys, type KeyOwner } from './bearer-keys.js';
import { CheckedTokens } from './checked-tokens.js';
import type { SignedIn } from './signed-in.js';
import { readToken, type TokenReading } from './token-reading.js';

export interface SignOptions {
  /** Which `@Access` of the class; default: its first for records. */
  readonly access?: string;
}

export interface PasswordOptions {
  /** Which `@Encrypted` field; default: the class's only one. */
  readonly field?: string;
  /** Makes the refresh tokens worthless that were given to the user before: whoever has one signs in again. */
  readonly revoke?: boolean;
}

export interface ValidateTokenOptions {
  /**
   * Milliseconds for which the server's answer is good without asking again; default 0. A user who is deleted, or an access that is
   * redefined, meanwhile shows only then. Never longer than the token itself.
   */
  readonly ttl?: number;
}

/** What an access expects, by name: `{ email, password }`. */
export type SignVariables = Readonly<Record<string, unknown>>;

/** What `orm.auth` works with. */
export interface AuthHost {
  readonly driver: GrantsDriver & {
    readonly namespace: string | undefined;
    readonly database: string | undefined;
    nobody(): DriverSession & ConnectionAuth;
  };
  metadataOf(entity: EntityClass): EntityMetadata;
  /** Reads a user as the ORM itself, tracked by an EntityManager of its own. */
  find(entity: EntityClass, id: RecordId): Promise<object | null>;
  /** The id that a key, an entity or an id stands for. @throws ValidationError */
  idOf(entity: EntityClass, given: unknown): RecordId;
  /** In one request: whether the record had the secret `current`, and has `next` now. */
  changeSecret(entity: EntityClass, id: RecordId, field: string, current: string, next: string): Promise<boolean>;
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
  readonly #checked = new CheckedTokens();

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
    options?: ValidateTokenOptions,
  ): Promise<{ readonly user: T; readonly id: RecordId } | null> {
    const id = await this.validate(token, options);
    if (id === null || id.table !== this.#host.metadataOf(entity).table) return null;
    const user = await this.#host.find(entity, id);
    return user === null ? null : { user: user as T, id };
  }

  /**
   * The record that a token stands for, whoever it is; null for a token that is not good here: expired, forged, of another
   * database, or of no record. The server is asked each time, unless `ttl` says for how long its answer is good. An unreachable
   * server throws.
   *
   * ```ts
   * const id = await orm.auth.validate(token, { ttl: 60_000 });
   * ```
   */
  validate(token: string, { ttl = 0 }: ValidateTokenOptions = {}): Promise<RecordId | null> {
    return ttl > 0 ? this.#checked.get(token, ttl, () => this.#validate(token)) : this.#validate(token);
  }

  /**
   * What a token says, read here and now: nobody has checked its signature, so it proves nothing. To show who seems to be signed in,
   * or when to refresh. Null for what is no token, and for one that has run out.
   */
  decodeUnsafe(token: string): TokenReading | null {
    return readToken(token);
  }

  async #validate(token: string): Promise<RecordId | null> {
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
    await this.#checked.forget(given.token);
    await this.#alone(async (session) => {
      if (given.refresh !== undefined) return session.revoke(given);
      await session.authenticate(given.token);
      await session.invalidate();
    });
  }

  /**
   * Gives a user another password, in one request that compares the current one first. It is hashed once, by its field.
   *
   * ```ts
   * await orm.auth.changePassword(user, 'secret', 'another', { revoke: true });
   * ```
   * A copy of the user that some EntityManager holds is not told; with `@Version` refresh it before it is changed.
   * @throws AuthenticationError when the current password is wrong, or there is no such user: nothing was changed
   */
  async changePassword(user: object, current: string, next: string, options: PasswordOptions = {}): Promise<void> {
    const entity = user.constructor as EntityClass;
    const meta = this.#host.metadataOf(entity);
    const id = this.#host.idOf(entity, user);
    const field = options.field ?? passwordOf(meta);
    for (const [path, given] of Object.entries({ current, next })) {
      if (typeof given !== 'string' || given === '') throw noPassword(path);
    }
    if (!(await this.#host.changeSecret(entity, id, field, current, next))) throw wrongPassword(meta.className);
    if (options.revoke !== true) return;
    const refreshing = meta.accesses.filter(({ type = 'record', refresh, duration }) => {
      return type === 'record' && (refresh ?? duration?.grant !== undefined);
    });
    for (const { name } of refreshing) await this.#grants(name).revoke(subjectIs(id));
  }

  /**
   * The keys of a bearer access: giving them out, signing in with them, taking them back.
   *
   * @throws ValidationError for a class without `@Access({ type: 'bearer' })`
   */
  bearer<T extends object>(entity: EntityClass<T>, options: SignOptions = {}): BearerKeys<T> {
    const meta = this.#host.metadataOf(entity);
    const access = meta.accesses.find(({ name, type }) => type === 'bearer' && name === (options.access ?? name));
    if (access === undefined) throw noBearer(meta.className, options.access);
    return new BearerKeys<T>({
      grants: this.#grants(access.name),
      ownerOf: (owner) => (access.for === 'user' ? Promise.resolve(String(owner)) : this.#existing(entity, owner)),
      signin: (key) => this.signin(entity, { key }, { access: access.name }),
    });
  }

  #grants(access: string): AccessGrants {
    return new AccessGrants(this.#host.driver, access);
  }

  async #existing<T extends object>(entity: EntityClass<T>, owner: KeyOwner<T>): Promise<RecordId> {
    const id = this.#host.idOf(entity, owner);
    if ((await this.#host.find(entity, id)) !== null) return id;
    const { className } = this.#host.metadataOf(entity);
    throw new EntityNotFoundError({
      what: `${className} ${String(id)} does not exist`,
      why: 'a key for it would be a key for whatever gets that id one day',
      entity: className,
      id,
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
