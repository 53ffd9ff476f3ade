import { AuthenticationError, ValidationError } from '../errors/index.js';

/** A system user: of the root, or of a namespace or database when those are named. */
export interface UserCredentials {
  readonly username: string;
  readonly password: string;
  readonly namespace?: string;
  readonly database?: string;
}

/** A record user or bearer key, through an access method (`DEFINE ACCESS`). */
export interface AccessCredentials {
  readonly access: string;
  /** What the method's SIGNIN or SIGNUP expects, such as `{ email, pass }`; `{ key }` for a bearer method. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Default: the connection's. */
  readonly namespace?: string;
  /** Default: the connection's. */
  readonly database?: string;
}

/** A JSON web token made earlier, by this server or by whoever holds the key. */
export interface TokenCredentials {
  readonly token: string;
}

export type Credentials = UserCredentials | AccessCredentials | TokenCredentials;

/** Credentials, or a function that gives fresh ones each time the connection has to sign in. */
export type AuthOption = Credentials | (() => Credentials | Promise<Credentials>);

/** What a sign-in gives. */
export interface Tokens {
  readonly token: string;
  /** For access methods WITH REFRESH. */
  readonly refresh?: string;
}

export interface Place {
  readonly namespace: string | undefined;
  readonly database: string | undefined;
}

/** A bearer key is good again and again; SurrealDB 3.0 takes the token that it gives for no further sign-in. */
export function isBearerKey(credentials: Credentials): boolean {
  return 'access' in credentials && typeof credentials.variables?.['key'] === 'string';
}

/** The RPC that signs in with these credentials: `authenticate` for a token, else `signin`. */
export function signinCall(
  credentials: Credentials,
  place: Place,
): { readonly method: string; readonly params: readonly unknown[] } {
  assertCredentials(credentials);
  if ('token' in credentials) return { method: 'authenticate', params: [credentials.token] };
  if ('access' in credentials) return { method: 'signin', params: [accessParams(credentials, place)] };
  const { username: user, password: pass, namespace: ns, database: db } = credentials;
  return {
    method: 'signin',
    params: [{ ...(ns !== undefined && { ns }), ...(db !== undefined && { db }), user, pass }],
  };
}

/** @throws ValidationError for what nobody could sign in with, AuthenticationError for an empty token */
export function assertCredentials(credentials: unknown): asserts credentials is Credentials {
  if (!isObject(credentials)) throw unreadable(credentials);
  const given = credentials as Readonly<Record<string, unknown>>;
  if ('token' in given) return assertToken(given['token']);
  const needed = 'access' in given ? ['access'] : ['username', 'password'];
  if (needed.some((name) => typeof given[name] !== 'string')) throw unreadable(given);
}

/** An access is one of a namespace and database: said, so that it can be used from elsewhere. */
export function placed(credentials: Credentials, { namespace, database }: Place): Credentials {
  if (!('access' in credentials)) return credentials;
  return { ...(namespace !== undefined && { namespace }), ...(database !== undefined && { database }), ...credentials };
}

/** `{ ns, db, ac, …variables }`, as `signin` and `signup` take it. */
export function accessParams(credentials: AccessCredentials, place: Place): Readonly<Record<string, unknown>> {
  assertCredentials(credentials);
  const ns = credentials.namespace === undefined ? place.namespace : credentials.namespace;
  const db = credentials.database === undefined ? place.database : credentials.database;
  return {
    ...credentials.variables,
    ...(ns !== undefined && { ns }),
    ...(db !== undefined && { db }),
    ac: credentials.access,
  };
}

/** An empty token would leave the session anonymous without a word. */
export function assertToken(token: unknown): asserts token is string {
  if (typeof token === 'string' && token.trim() !== '') return;
  throw new AuthenticationError({
    what: 'An empty token cannot sign anybody in',
    why: `the token is ${typeof token === 'string' ? 'an empty text' : `no text but ${typeof token}`}`,
    fix: 'give a JSON web token, or leave `auth` out to stay anonymous',
  });
}

/** Reads the answer of `signin` and `signup`: a token, or a pair for methods WITH REFRESH. */
export function tokensOf(answer: unknown): Tokens | undefined {
  if (typeof answer === 'string') return { token: answer };
  if (!isObject(answer)) return undefined;
  const { access, refresh } = answer as Record<string, unknown>;
  if (typeof access !== 'string') return undefined;
  return typeof refresh === 'string' ? { token: access, refresh } : { token: access };
}

/** Names what was given, never a value of it: that may be a password. */
function unreadable(given: unknown): ValidationError {
  const names = isObject(given) ? Object.keys(given).join(', ') : undefined;
  return new ValidationError({
    what: 'The credentials cannot be read',
    why: names === undefined ? `they are ${given === null ? 'null' : typeof given}` : `they hold ${names || 'nothing'}`,
    fix: [
      "{ username: 'root', password: '…' } for a system user",
      "{ access: 'account', variables: { email, pass } } for a record user",
      "{ token: '…' } for a JSON web token",
    ],
    errors: [
      { path: 'auth', message: 'expected { username, password }, { access, variables } or { token }', rule: 'type' },
    ],
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
