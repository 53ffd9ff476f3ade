/** Type-only brands; no value carries them. */
declare const OPTIONAL: unique symbol;
declare const IMMUTABLE: unique symbol;
declare const UNREADABLE: unique symbol;

/** The brand of `Opt`. */
export interface OptionalOnCreate {
  readonly [OPTIONAL]?: never;
}
/** The brand of `Immutable`. */
export interface CreateOnly {
  readonly [IMMUTABLE]?: never;
}
/** What reading a `WriteOnly` property gives: nothing that could be used. */
export interface Unreadable {
  readonly [UNREADABLE]: never;
}

/**
 * May be left out of create, because the field has a default; it is there when read.
 *
 * ```ts
 * @Field('bool', { default: true }) active!: Opt<boolean>;
 * ```
 */
export type Opt<T> = (T & OptionalOnCreate) | Extract<T, null>;

/**
 * May be given to create only (`READONLY`).
 *
 * ```ts
 * @Field('string', { readonly: true }) sku!: Immutable<string>;
 * ```
 */
export type Immutable<T> = (T & CreateOnly) | Extract<T, null>;

/**
 * Is written, but never read back.
 *
 * ```ts
 * @Field('string', { hidden: true }) pin!: WriteOnly<string>;
 * ```
 */
export type WriteOnly<T> = T | Unreadable;

export type IsAny<T> = 0 extends 1 & T ? true : false;
/** Whether `P` was marked with `Opt`. */
export type IsOpt<P> = IsAny<P> extends true ? false : typeof OPTIONAL extends keyof NonNullable<P> ? true : false;
/** Whether `P` was marked with `Immutable`. */
export type IsImmutable<P> =
  IsAny<P> extends true ? false : typeof IMMUTABLE extends keyof NonNullable<P> ? true : false;
/** Whether `P` was marked with `WriteOnly`. */
export type IsWriteOnly<P> = IsAny<P> extends true ? false : [Extract<P, Unreadable>] extends [never] ? false : true;
