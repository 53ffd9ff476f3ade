import type { QueryRequest, StatementResult } from '../driver/driver.js';
import { onlyValue } from '../driver/error-classifier.js';
import {
  access as accessStatement,
  binary,
  path,
  value,
  type AccessNode,
  type Expression,
} from '../surrealql/nodes/index.js';
import { print } from '../surrealql/printer.js';
import type { RecordId } from '../values/index.js';

/** Who may do without a password: a record, or a system user by name. */
export type GrantSubject = RecordId | string;

/** Something that was given out: a key of a bearer access, or a refresh token. */
export interface AccessGrant {
  readonly id: string;
  /** The record, or the name of a system user. */
  readonly subject: GrantSubject;
  readonly created: Date;
  /** Undefined where it does not run out. */
  readonly expires: Date | undefined;
  readonly revoked: Date | undefined;
}

/** As the server tells of one. */
interface RawGrant {
  readonly id: string;
  readonly subject: { readonly record?: RecordId; readonly user?: string };
  readonly creation: Date;
  readonly expiration?: Date;
  readonly revocation?: Date;
  readonly grant: { readonly key: string };
}

export interface GrantsDriver {
  execute(request: QueryRequest): Promise<readonly StatementResult[]>;
}

/** What an access of a database has given out: https://surrealdb.com/docs/surrealql/statements/access */
export class AccessGrants {
  readonly #driver: GrantsDriver;
  readonly #access: string;

  constructor(driver: GrantsDriver, access: string) {
    this.#driver = driver;
    this.#access = access;
  }

  /** The only time that the key is told. */
  async grant(subject: GrantSubject): Promise<AccessGrant & { readonly key: string }> {
    const raw = (await this.#run({ grant: subject })) as RawGrant;
    return { ...grantOf(raw), key: raw.grant.key };
  }

  async list(of?: GrantSubject): Promise<AccessGrant[]> {
    const found = (await this.#run({ show: of === undefined ? undefined : subjectIs(of) })) as readonly RawGrant[];
    return found.map(grantOf);
  }

  /** Answers how many were good until now. */
  async revoke(which: Expression | undefined): Promise<number> {
    return ((await this.#run({ revoke: which })) as readonly (readonly unknown[])[]).flat().length;
  }

  async purge(): Promise<number> {
    return ((await this.#run('purge')) as readonly unknown[]).flat().length;
  }

  async #run(does: AccessNode['does']): Promise<unknown> {
    const request = { ...print(accessStatement(this.#access, does)), access: 'write', purpose: 'auth' } as const;
    return onlyValue(await this.#driver.execute(request), { ...request, purpose: 'raw' });
  }
}

export function subjectIs(subject: GrantSubject): Expression {
  return binary(path('subject', typeof subject === 'string' ? 'user' : 'record'), '=', value(subject));
}

export function grantIs(id: string): Expression {
  return binary(path('id'), '=', value(id));
}

function grantOf({ id, subject, creation, expiration, revocation }: RawGrant): AccessGrant {
  return {
    id,
    subject: (subject.record ?? subject.user) as GrantSubject,
    created: dateOf(creation),
    expires: expiration && dateOf(expiration),
    revoked: revocation && dateOf(revocation),
  };
}

/** A plain one: nobody counts the nanoseconds of a key. */
function dateOf(time: Date): Date {
  return new Date(time.getTime());
}
