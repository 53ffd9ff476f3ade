import {
  accessParams,
  assertToken,
  signinCall,
  tokensOf,
  type AccessCredentials,
  type Credentials,
  type Place,
  type Tokens,
  type UserCredentials,
} from './credentials.js';
import { ValidationError } from '../errors/index.js';
import { Queryable } from './queryable.js';
import { isOfRecord } from './token-claims.js';
import { placeAfterUse, useParams, type SessionState } from './session-state.js';

export interface RpcOptions {
  readonly access?: 'read' | 'write';
  /** Whatever the server refuses is an AuthenticationError. */
  readonly auth?: boolean;
}

/** Where a connection is, who it is, and what it remembers. What is set here survives a lost connection. */
export abstract class ConnectionAuth extends Queryable {
  protected readonly state: SessionState;

  constructor(state: SessionState) {
    super();
    this.state = state;
  }

  protected abstract rpc(method: string, params: readonly unknown[], options?: RpcOptions): Promise<unknown>;

  get namespace(): string | undefined {
    return this.state.place.namespace;
  }

  get database(): string | undefined {
    return this.state.place.database;
  }

  /**
   * Chooses namespace and database for the calls that follow; the server makes them if they are missing. Another namespace
   * without a database leaves none chosen.
   *
   * @throws ValidationError for a database while there is no namespace
   */
  async use(place: { readonly namespace?: string; readonly database?: string }): Promise<void> {
    const next = placeAfterUse(this.state.place, place);
    await this.rpc('use', useParams(next), { access: 'write' });
    this.state.place = next;
  }

  /**
   * Signs this connection in, and moves it to the namespace and database that the credentials name.
   *
   * ```ts
   * const { token } = await db.signin({ username: 'root', password: 'root' });
   * ```
   * @throws AuthenticationError
   */
  async signin(credentials: UserCredentials | AccessCredentials): Promise<Tokens> {
    const { method, params } = signinCall(credentials, this.state.place);
    const wasRecordUser = this.state.isRecordUser;
    const answer = await this.rpc(method, params, { access: 'write', auth: true });
    const tokens = tokensOf(answer) ?? { token: '' };
    if (wasRecordUser) await this.#startAfresh(tokens.token);
    this.state.signedIn(credentials, tokens.token);
    await this.#moveTo(credentials);
    return tokens;
  }

  /** Makes a record user through an access method, and signs this connection in as that user. @throws AuthenticationError */
  async signup(credentials: AccessCredentials): Promise<Tokens> {
    const answer = await this.rpc('signup', [accessParams(credentials, this.state.place)], {
      access: 'write',
      auth: true,
    });
    const tokens = tokensOf(answer) ?? { token: '' };
    this.state.signedIn({ token: tokens.token }, tokens.token);
    await this.#moveTo(credentials);
    return tokens;
  }

  /** Signs this connection in by a token made earlier. @throws AuthenticationError */
  async authenticate(token: string): Promise<void> {
    assertToken(token);
    const wasRecordUser = this.state.isRecordUser;
    await this.rpc('authenticate', [token], { access: 'write', auth: true });
    if (wasRecordUser) await this.#startAfresh(token);
    this.state.signedIn({ token }, token);
  }

  /**
   * Makes a refresh token worthless, as a sign-out does; the access token beside it is good until it runs out.
   * https://surrealdb.com/docs/surrealdb/security/authentication
   */
  async revoke({ token, refresh }: Tokens): Promise<void> {
    await this.rpc('revoke', [{ access: token, refresh }], { access: 'write', auth: true });
  }

  /** Whose session it is, as the server sees it: the record of a record user, and where a token has led. */
  async whoami(): Promise<{ readonly record: unknown; readonly namespace: unknown; readonly database: unknown }> {
    const [[record, namespace, database]] = await this.query<[[unknown, unknown, unknown]]>(
      'RETURN [$auth, session::ns(), session::db()]',
    );
    return { record, namespace, database };
  }

  /** Signs this connection out; it stays where it is. */
  async invalidate(): Promise<void> {
    await this.rpc('invalidate', []);
    this.state.signedIn(undefined, undefined);
  }

  /**
   * Sets a variable that the statements of this connection see as `$name`; a value bound to a statement comes first.
   *
   * ```ts
   * await db.let('tenant', 'acme');
   * await db.query('SELECT * FROM order WHERE tenant = $tenant');
   * ```
   * @throws ValidationError for what is no name
   */
  async let(name: string, value: unknown): Promise<void> {
    checkVariableName('let', name);
    await this.rpc('let', [name, value]);
    this.state.let(name, value);
  }

  async unset(name: string): Promise<void> {
    checkVariableName('unset', name);
    await this.rpc('unset', [name]);
    this.state.unset(name);
  }

  /** SurrealDB 3.0 keeps `$auth` and `$access` of a record user when a system user signs in after it. */
  async #startAfresh(token: string): Promise<void> {
    if (token === '' || isOfRecord(token)) return;
    await this.rpc('invalidate', []);
    await this.rpc('authenticate', [token], { access: 'write', auth: true });
  }

  /** The server has moved the session to where the credentials lead; say it all the same, for every server to agree. */
  async #moveTo(credentials: Credentials): Promise<void> {
    if ('token' in credentials || credentials.namespace === undefined) return;
    const { namespace, database } = credentials;
    const next: Place = placeAfterUse(this.state.place, { namespace, ...(database !== undefined && { database }) });
    await this.rpc('use', useParams(next), { access: 'write' });
    this.state.place = next;
  }
}

/** A statement could not name it. */
function checkVariableName(verb: string, name: unknown): void {
  if (typeof name === 'string' && name !== '' && !name.startsWith('$')) return;
  const what = `${verb}() was given ${JSON.stringify(name) ?? String(name)}, which is no name of a variable`;
  throw new ValidationError({
    what,
    why: 'a statement could not name it',
    fix: `a text without the dollar: ${verb}('tenant'${verb === 'let' ? ", 'acme'" : ''}), and $tenant in the statement`,
    errors: [{ path: 'name', message: what, rule: 'type' }],
  });
}
