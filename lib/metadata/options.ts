import type { SurqlFragment } from '../surrealql/surql.js';
import type { StandardSchema } from '../types/standard-schema.js';
import type { EntityClass, FieldCodec, KeyType, VectorMetadata } from './entity-metadata.js';

/** A class, not yet resolved: entity files may import each other in a circle. */
export type Lazy<T extends object = object> = () => EntityClass<T>;

/** The class or classes at one end of an edge. */
export type LazyEnds = (() => EntityClass | readonly EntityClass[]) | readonly Lazy[];

export type Permission = 'full' | 'none' | boolean | SurqlFragment<unknown>;

export interface PermissionSet {
  readonly select?: Permission;
  readonly create?: Permission;
  readonly update?: Permission;
  readonly delete?: Permission;
}

/** https://surrealdb.com/docs/surrealql/statements/define/table */
export interface TableOptions {
  readonly name?: string;
  readonly type?: 'normal' | 'relation' | 'any';
  readonly schema?: 'full' | 'less';
  readonly in?: LazyEnds;
  readonly out?: LazyEnds;
  readonly enforced?: boolean;
  readonly changefeed?: { readonly expiry: string; readonly includeOriginal?: boolean };
  readonly permissions?: PermissionSet | 'full' | 'none';
  readonly drop?: boolean;
  readonly comment?: string;
  readonly connection?: string;
  readonly sync?: boolean;
  /** The table's name in the last release: schema sync copies its records, and removes it with `contract: true`. */
  readonly renamedFrom?: string;
  readonly discriminator?: string;
  readonly value?: string | number;
  /** Judges each record before it is written: a schema of zod, valibot or any library of the Standard Schema convention. */
  readonly schemaValidator?: StandardSchema;
}

/** https://surrealdb.com/docs/surrealql/statements/define/field */
export interface FieldOptions {
  readonly type?: string;
  readonly name?: string;
  readonly enum?: object;
  readonly default?: unknown;
  readonly defaultAlways?: unknown;
  readonly value?: SurqlFragment<unknown>;
  readonly assert?: SurqlFragment<unknown>;
  readonly readonly?: boolean;
  readonly flexible?: boolean;
  readonly permissions?: PermissionSet | 'full' | 'none';
  readonly comment?: string;
  readonly hidden?: boolean;
  readonly lazy?: boolean;
  readonly unique?: boolean;
  /** Made by Reverie for a new entity that does not bring a value: there before the flush, and written with the record. */
  readonly generate?: 'uuid' | 'ulid' | (() => unknown);
  readonly codec?: FieldCodec<never, never> | object;
  /** The column's name in the last release: schema sync copies its values, and takes it away with `contract: true`. */
  readonly renamedFrom?: string;
  readonly precision?: number | 'ns';
  readonly scale?: number;
  /** Admits NONE; for the forms without a type string: an embedded class, an enum, a type taken from the class. */
  readonly optional?: boolean;
}

/** Of `@CreatedAt` and `@UpdatedAt`. */
export interface TimestampOptions {
  /** `'ns'` keeps what the server's clock gives; the default is whole milliseconds, as a `Date` holds. */
  readonly precision?: 'ms' | 'ns';
  readonly name?: string;
  readonly hidden?: boolean;
  readonly comment?: string;
  readonly codec?: FieldCodec<never, never> | object;
}

/** Of `@SoftDelete`. */
export type SoftDeleteOptions = Omit<TimestampOptions, 'precision'>;

/** Of `@Filter`. */
export interface FilterOptions<P = Readonly<Record<string, unknown>>> {
  /** By which a fork or a read gives it parameters, or switches it off. */
  readonly name: string;
  /** The condition that every row must meet, in terms of the class's properties; undefined for none this time. */
  readonly where: ((params: P) => object | undefined) | object;
  /** Holds without being asked for; default false. */
  readonly default?: boolean;
}

export type HashAlgorithm = 'argon2' | 'bcrypt' | 'pbkdf2' | 'scrypt';

/** Of `@Encrypted`. */
export interface EncryptedOptions {
  readonly name?: string;
  /** Admits NONE. */
  readonly optional?: boolean;
  readonly permissions?: PermissionSet | 'full' | 'none';
  readonly comment?: string;
}

export interface VersionOptions {
  /** An int that grows by one (default), or the time of the last write. */
  readonly type?: 'int' | 'datetime';
  readonly name?: string;
  readonly hidden?: boolean;
  readonly comment?: string;
}

export interface IdOptions {
  readonly type?: KeyType;
  readonly generate?: 'random' | 'uuid' | 'ulid' | false | (() => unknown);
  /** The field that the key is taken from; where that has no value, `generate` makes one if it is given beside. */
  readonly from?: string;
}

export interface RelationOptions {
  readonly name?: string;
  readonly many?: boolean;
  readonly list?: boolean;
  readonly optional?: boolean;
  readonly onDelete?: 'reject' | 'cascade' | 'ignore' | 'unset' | SurqlFragment<unknown>;
  readonly owns?: boolean;
  readonly edge?: Lazy;
  readonly direction?: 'in' | 'out' | 'both';
  readonly inverse?: string;
  readonly hidden?: boolean;
  readonly comment?: string;
  readonly permissions?: PermissionSet | 'full' | 'none';
  readonly renamedFrom?: string;
}

export interface ComputedOptions {
  readonly type?: string;
  readonly stored?: boolean;
  readonly name?: string;
  readonly hidden?: boolean;
  readonly comment?: string;
}

export type VectorOptions = Partial<Omit<VectorMetadata, 'dimension'>> & {
  readonly dimension: number;
  readonly optional?: boolean;
  readonly name?: string;
  readonly hidden?: boolean;
};

export interface IndexOptions {
  readonly name?: string;
  readonly fields?: readonly string[];
  readonly unique?: boolean;
  readonly count?: boolean;
  readonly where?: object | SurqlFragment<unknown>;
  readonly nullsDistinct?: boolean;
  /** Built beside other writers, who need not wait for it; schema sync ends when it is ready. Not for unique indexes. */
  readonly concurrently?: boolean;
  /** Kept up to date in the background, a little behind the records. Needs a server that has it. */
  readonly defer?: boolean;
  readonly fulltext?: {
    readonly analyzer: string;
    readonly bm25?: readonly [number, number] | boolean;
    readonly highlights?: boolean;
  };
  readonly comment?: string;
}

export interface AnalyzerOptions {
  readonly name: string;
  readonly tokenizers?: readonly string[];
  readonly filters?: readonly string[];
  readonly function?: string;
  readonly comment?: string;
}

/** https://surrealdb.com/docs/surrealql/statements/define/access */
export interface AccessOptions {
  readonly name: string;
  /** Default: `record`. */
  readonly type?: 'record' | 'jwt' | 'bearer';
  /** What makes the record of a new user; its variables are those given to `orm.auth.signup`. */
  readonly signup?: SurqlFragment | false;
  /** What finds the record of a user. */
  readonly signin?: SurqlFragment | false;
  /** Runs at every sign-in and for every token; it may THROW, or answer with another record. */
  readonly authenticate?: SurqlFragment;
  /** The field by which the derived `signin` knows a user; default `email`. */
  readonly identifier?: string;
  /** Durations such as `15m`. `token` is an hour unless given; a `session` lasts unless given; `grant` is that of refresh tokens and keys. */
  readonly duration?: { readonly token?: string; readonly session?: string; readonly grant?: string };
  /** Signing in gives a refresh token too; default: where `duration.grant` is given. */
  readonly refresh?: boolean;
  /** Whose tokens are taken: those signed with a key, or with one of a JWKS at a url. */
  readonly jwt?:
    { readonly algorithm: JwtAlgorithm; readonly key: string; readonly issuerKey?: string } | { readonly url: string };
  /** Whom the keys of a bearer access stand for; default `record`. */
  readonly for?: 'record' | 'user';
}

export type JwtAlgorithm =
  | 'EDDSA'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'RS256'
  | 'RS384'
  | 'RS512';

/** https://surrealdb.com/docs/surrealql/statements/define/event */
export interface EventOptions {
  readonly name: string;
  readonly when?: SurqlFragment<unknown>;
  readonly then: SurqlFragment<unknown> | readonly SurqlFragment<unknown>[];
  readonly async?: boolean;
  readonly retry?: number;
  readonly comment?: string;
}

export type LifecycleEvent =
  | 'beforeCreate'
  | 'afterCreate'
  | 'beforeUpdate'
  | 'afterUpdate'
  | 'beforeDelete'
  | 'afterDelete'
  | 'beforeSave'
  | 'afterSave'
  | 'onLoad';
