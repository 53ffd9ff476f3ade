import { ValidationError } from '../errors/index.js';
import type { RecordId } from '../values/index.js';
import { grantIs, subjectIs, type AccessGrant, type AccessGrants, type GrantSubject } from './access-grants.js';
import type { SignedIn } from './signed-in.js';

/** Whom a key is for: an entity, its id or its key. Of an access `for: 'user'` the name of a system user. */
export type KeyOwner<T extends object> = T | RecordId | string | number;

export interface BearerHost<T extends object> {
  readonly grants: AccessGrants;
  /** @throws EntityNotFoundError for a record that there is not: the server would give it a key all the same */
  ownerOf(owner: KeyOwner<T>): Promise<GrantSubject>;
  signin(key: string): Promise<SignedIn<T>>;
}

/**
 * The keys of a bearer access: each signs its owner in without a password, until it runs out or is revoked.
 *
 * ```ts
 * const keys = orm.auth.bearer(Device);
 * const { key } = await keys.grant(device); // told this once
 * const { token } = await keys.signin(key);
 * await keys.revoke({ of: device });
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/access
 */
export class BearerKeys<T extends object> {
  readonly #host: BearerHost<T>;

  /** @internal */
  constructor(host: BearerHost<T>) {
    this.#host = host;
  }

  /**
   * Gives out a key: `ACCESS … GRANT FOR RECORD …`.
   *
   * @throws EntityNotFoundError for an owner that there is not
   */
  async grant(owner: KeyOwner<T>): Promise<AccessGrant & { readonly key: string }> {
    return this.#host.grants.grant(await this.#host.ownerOf(owner));
  }

  /** The user of a key, with a token. @throws AuthenticationError for one that is not, or no longer, good */
  signin(key: string): Promise<SignedIn<T>> {
    return this.#host.signin(key);
  }

  /** What was given out, of everybody or of one; never the keys themselves: `ACCESS … SHOW`. */
  async list(owner?: KeyOwner<T>): Promise<AccessGrant[]> {
    return this.#host.grants.list(owner === undefined ? undefined : await this.#host.ownerOf(owner));
  }

  /**
   * Makes keys worthless: one by its id, those of an owner, or `'all'`; answers how many: `ACCESS … REVOKE`. Tokens that were signed in
   * with by then are good until they run out.
   */
  async revoke(which: string | { readonly of: KeyOwner<T> }): Promise<number> {
    if (which === 'all') return this.#host.grants.revoke(undefined);
    if (typeof which === 'object') return this.#host.grants.revoke(subjectIs(await this.#host.ownerOf(which.of)));
    if (typeof which !== 'string' || which === '') throw noGrant(which);
    return this.#host.grants.revoke(grantIs(which));
  }

  /** Forgets keys that have run out or were revoked; answers how many: `ACCESS … PURGE`. */
  purge(): Promise<number> {
    return this.#host.grants.purge();
  }
}

function noGrant(given: unknown): ValidationError {
  return new ValidationError({
    what: `${JSON.stringify(given)} is not the id of a key`,
    fix: ['revoke(grant.id)', 'revoke({ of: device })', "revoke('all')"],
    errors: [{ path: 'which', message: 'the id of a key is expected', rule: 'type' }],
  });
}
