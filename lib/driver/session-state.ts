import { ValidationError } from '../errors/index.js';
import {
  isBearerKey,
  placed,
  signinCall,
  tokensOf,
  type AuthOption,
  type Credentials,
  type Place,
  type Tokens,
} from './credentials.js';
import { askForCredentials } from './ask-for-credentials.js';
import { claimsOf, expiryOf, isOfRecord } from './token-claims.js';
import type { Send } from './transport/transport.js';

/** Runs before a sign-in, with its credentials: an embedded store gets its first root user here. */
export type BeforeSignin = (send: Send, credentials: Credentials) => Promise<void>;

export type OnSignIn = (tokens: Tokens) => void | Promise<void>;

/** What a session inherits its user from. */
export interface Inherited {
  /** The credentials of the moment; undefined for nobody. */
  inheritable(): Promise<Credentials | undefined>;
  readonly isRenewable: boolean;
  readonly mayBeRecordUser: boolean;
}

export interface SessionStateParts {
  readonly place: Place;
  /** Who signs in: of its own, or whoever is signed in on another session. */
  readonly auth: AuthOption | Inherited | undefined;
  readonly beforeSignin?: BeforeSignin | undefined;
  /** Told of what each sign-in gives, before the next one begins: a refresh token is good for one use. */
  readonly onSignIn?: OnSignIn | undefined;
  /** What runs out: the session that a sign-in begins, or the token that each request carries. */
  readonly expires?: 'session' | 'token';
  /** Milliseconds that a function has to give credentials. */
  readonly timeout: number;
}

/** Signs in again at most so many milliseconds before the end, and never earlier than after most of the time granted. */
const RENEW_BEFORE = 60_000;
const OF_THE_TIME_GRANTED = 0.2;
/** A token with less than this left, in milliseconds, is not handed on. */
const WORTH_HANDING_ON = 5_000;

/** What a session was told, so that a new connection can be told the same: place, sign-in, variables. */
export class SessionState implements Inherited {
  readonly #variables = new Map<string, unknown>();
  readonly #beforeSignin: BeforeSignin | undefined;
  readonly #onSignIn: OnSignIn | undefined;
  readonly #expires: 'session' | 'token';
  readonly #timeout: number;
  /** The sign-in under way that others wait for. */
  #signingIn: Promise<unknown> = Promise.resolve();
  #place: Place;
  #auth: AuthOption | Inherited | undefined;
  #token: string | undefined;
  #expiry: number | undefined;
  #renewAt: number | undefined;

  constructor({ place, auth, beforeSignin, onSignIn, timeout, expires = 'session' }: SessionStateParts) {
    this.#place = place;
    this.#auth = auth;
    this.#beforeSignin = beforeSignin;
    this.#onSignIn = onSignIn;
    this.#expires = expires;
    this.#timeout = timeout;
  }

  get place(): Place {
    return this.#place;
  }

  set place(place: Place) {
    this.#place = place;
  }

  /** The token of the sign-in that is in force; undefined for nobody, and where a server gives none. */
  get token(): string | undefined {
    return this.#token;
  }

  /** When the sign-in runs out, in milliseconds since 1970; undefined where it does not, or nobody knows. */
  get expiry(): number | undefined {
    return this.#expiry;
  }

  /** When to sign in again; undefined for never. */
  get renewAt(): number | undefined {
    return this.#renewAt;
  }

  /** Whether it can sign in again without being told how. A token is no such thing: it only runs out. */
  get isRenewable(): boolean {
    const auth = this.#auth;
    if (auth === undefined) return false;
    return isInherited(auth) ? auth.isRenewable : typeof auth === 'function' || !('token' in auth);
  }

  /** Whether a record user is signed in, as far as the token tells. */
  get isRecordUser(): boolean {
    return this.#token !== undefined && isOfRecord(this.#token);
  }

  /** Before the first sign-in only the credentials can tell. */
  get mayBeRecordUser(): boolean {
    const auth = this.#auth;
    if (this.#token !== undefined) return isOfRecord(this.#token);
    if (auth === undefined) return false;
    if (isInherited(auth)) return auth.mayBeRecordUser;
    if (typeof auth === 'function' || 'access' in auth) return true;
    return 'token' in auth && isOfRecord(auth.token);
  }

  /** Somebody has signed in, or out, by a call of their own. */
  signedIn(auth: AuthOption | undefined, token: string | undefined): void {
    this.#auth = auth;
    this.#grant(token, this.#expires === 'token' && token !== undefined ? expiryOf(token) : undefined);
  }

  let(name: string, value: unknown): void {
    this.#variables.set(name, value);
  }

  unset(name: string): void {
    this.#variables.delete(name);
  }

  /** The token while it is good for some time: it says the same as the credentials, and costs the server no hash. */
  async inheritable(): Promise<Credentials | undefined> {
    const token = this.#token;
    const auth = this.#auth;
    const isKey = typeof auth === 'object' && !isInherited(auth) && isBearerKey(auth);
    if (token === undefined || isKey) return this.#handedOn();
    const expiry = expiryOf(token);
    const isGood = expiry === undefined || expiry - Date.now() > WORTH_HANDING_ON;
    return isGood || !this.isRenewable ? { token } : this.#handedOn();
  }

  async #handedOn(): Promise<Credentials | undefined> {
    const credentials = await this.#credentials();
    return credentials && placed(credentials, this.#place);
  }

  /** Tells a fresh session everything, in this order: use, sign-in, use where the sign-in has moved it, variables. */
  async restore(send: Send): Promise<void> {
    const before = this.#expiry;
    await this.#use(send);
    await this.renew(send);
    this.#notLaterThan(before);
    for (const [name, value] of this.#variables) await send('let', [name, value]);
  }

  /** Signs in, with fresh credentials where they come from a function, and goes back to where the session was. */
  renew(send: Send): Promise<void> {
    if (this.#onSignIn === undefined) return this.#signIn(send);
    const next = this.#signingIn.then(() => this.#signIn(send));
    this.#signingIn = next.catch(() => undefined);
    return next;
  }

  async #signIn(send: Send): Promise<void> {
    const credentials = await this.#credentials();
    if (credentials === undefined) return;
    const { method, params } = signinCall(credentials, this.#place);
    await this.#beforeSignin?.(send, credentials);
    const answer = await send(method, params, 'write');
    const tokens = method === 'authenticate' ? undefined : tokensOf(answer);
    if (tokens !== undefined) await this.#onSignIn?.(tokens);
    await this.#use(send);
    const token = method === 'authenticate' ? (params[0] as string) : tokens?.token;
    this.#grant(token, await this.#expiryOf(send, token));
  }

  async #credentials(): Promise<Credentials | undefined> {
    const auth = this.#auth;
    if (auth === undefined) return undefined;
    if (isInherited(auth)) return auth.inheritable();
    return typeof auth === 'function' ? askForCredentials(auth, this.#timeout) : auth;
  }

  async #expiryOf(send: Send, token: string | undefined): Promise<number | undefined> {
    if (this.#expires === 'token') return token === undefined ? undefined : expiryOf(token);
    // System users' sessions last, unless they were told otherwise: then the refusal of a call will tell.
    if (!this.isRenewable || token === undefined || claimsOf(token)['AC'] === undefined) return undefined;
    // A server may deny record users queries of their own.
    const answer = await send('query', ['RETURN $session.exp']).catch(() => undefined);
    const [first] = (Array.isArray(answer) ? answer : []) as readonly { readonly result?: unknown }[];
    return typeof first?.result === 'number' ? first.result * 1_000 : undefined;
  }

  #grant(token: string | undefined, expiry: number | undefined): void {
    this.#token = token;
    this.#expiry = expiry;
    const left = expiry === undefined ? undefined : expiry - Date.now();
    this.#renewAt =
      left === undefined || !this.isRenewable
        ? undefined
        : Date.now() + left - Math.min(RENEW_BEFORE, left * OF_THE_TIME_GRANTED);
  }

  /** A connection beside others: those have been signed in for longer, and are the first to run out. */
  #notLaterThan(expiry: number | undefined): void {
    const isLater = expiry !== undefined && this.#expiry !== undefined && this.#expiry > expiry;
    if (isLater && expiry > Date.now()) this.#grant(this.#token, expiry);
  }

  async #use(send: Send): Promise<void> {
    const { namespace, database } = this.#place;
    if (namespace !== undefined) await send('use', useParams(this.#place), 'write');
    else if (database !== undefined) throw databaseAlone(database);
  }
}

function isInherited(auth: AuthOption | Inherited): auth is Inherited {
  return typeof auth === 'object' && 'inheritable' in auth;
}
/** Both always, for `use` with a database and no namespace aborts the process of an engine. */
export function useParams({ namespace, database }: Place): readonly unknown[] {
  return [namespace, database === undefined ? null : database];
}

/** Where `use` leads from here. Another namespace leaves the database of the old one behind. */
export function placeAfterUse(
  current: Place,
  wanted: { readonly namespace?: string; readonly database?: string },
): Place {
  for (const name of [wanted.namespace, wanted.database]) {
    if (name !== undefined && (typeof name !== 'string' || name === '')) throw noName(name);
  }
  const namespace = wanted.namespace === undefined ? current.namespace : wanted.namespace;
  if (namespace === undefined) throw databaseAlone(wanted.database);
  const stays = namespace === current.namespace;
  return { namespace, database: wanted.database === undefined && stays ? current.database : wanted.database };
}

function databaseAlone(database: string | undefined): ValidationError {
  return new ValidationError({
    what:
      database === undefined
        ? 'use() was given neither a namespace nor a database'
        : `The database ${JSON.stringify(database)} was chosen without a namespace`,
    why: 'databases live in namespaces, and the connection has none yet',
    fix: "use({ namespace: 'app', database: 'app' })",
    errors: [{ path: 'namespace', message: 'a namespace is required', rule: 'required' }],
  });
}

function noName(name: unknown): ValidationError {
  return new ValidationError({
    what: `${JSON.stringify(name)} is no name of a namespace or database`,
    fix: "use({ namespace: 'app', database: 'app' })",
    errors: [{ path: 'use', message: 'a non-empty text is expected', rule: 'type' }],
  });
}
