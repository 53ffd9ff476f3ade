import { ValidationError } from '../errors/index.js';
import { signinCall, tokensOf, type AuthOption, type Credentials, type Place } from './credentials.js';
import type { Send } from './transport/transport.js';

/** Runs before a sign-in, with its credentials: an embedded store gets its first root user here. */
export type BeforeSignin = (send: Send, credentials: Credentials) => Promise<void>;

/** What a session was told, so that a new connection can be told the same: place, sign-in, variables. */
export class SessionState {
  readonly #variables = new Map<string, unknown>();
  readonly #beforeSignin: BeforeSignin | undefined;
  #place: Place;
  #auth: AuthOption | undefined;

  constructor(place: Place, auth: AuthOption | undefined, beforeSignin?: BeforeSignin) {
    this.#place = place;
    this.#auth = auth;
    this.#beforeSignin = beforeSignin;
  }

  get place(): Place {
    return this.#place;
  }

  set place(place: Place) {
    this.#place = place;
  }

  set auth(auth: AuthOption | undefined) {
    this.#auth = auth;
  }

  let(name: string, value: unknown): void {
    this.#variables.set(name, value);
  }

  unset(name: string): void {
    this.#variables.delete(name);
  }

  /** Tells a fresh session everything, in this order: use, sign-in, use where the sign-in has moved it, variables. */
  async restore(send: Send): Promise<void> {
    await this.#use(send);
    if (this.#auth !== undefined) {
      await this.signIn(send);
      await this.#use(send);
    }
    for (const [name, value] of this.#variables) await send('let', [name, value]);
  }

  /** Signs in with fresh credentials where they come from a function; answers with the token, if the server gives one. */
  async signIn(send: Send): Promise<string | undefined> {
    const auth = this.#auth;
    if (auth === undefined) return undefined;
    const credentials = typeof auth === 'function' ? await auth() : auth;
    const { method, params } = signinCall(credentials, this.#place);
    await this.#beforeSignin?.(send, credentials);
    const answer = await send(method, params, 'write');
    return method === 'authenticate' ? (params[0] as string) : tokensOf(answer)?.token;
  }

  async #use(send: Send): Promise<void> {
    const { namespace, database } = this.#place;
    if (namespace !== undefined) await send('use', useParams(this.#place), 'write');
    else if (database !== undefined) throw databaseAlone(database);
  }
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
