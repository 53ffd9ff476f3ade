import type { IsAny, IsWriteOnly, Unreadable } from './markers.js';
import type { LinksTo, LinkTo } from './relations.js';
import type { AnyBox, Box, ParseType, ReadOf, WideOf, Wrong } from './type-of.js';

/** Shown by the compiler where a property's TypeScript type and its decorator disagree. */
export interface TypeMismatch<Reason extends string, Property> {
  readonly reason: Reason;
  readonly property: Property;
}

/** Shown by the compiler where a type text is not a SurrealQL type. */
export interface NotASurrealType<Reason extends string> {
  readonly reason: Reason;
}

/** `unknown` when the text is a SurrealQL type, to be joined to the parameter that takes it. */
export type TypeText<S extends string> = string extends S
  ? unknown
  : ParseType<S> extends Wrong<infer Reason>
    ? NotASurrealType<Reason>
    : unknown;

/** The boxes of a type text; of one that is not known before run time, or wrong, anything. */
export type BoxesOf<S extends string> = string extends S
  ? Anything
  : ParseType<S> extends infer B extends AnyBox
    ? B
    : Anything;
export type Anything = Box<unknown>;

/** Text that the server hashes: it is never read back. */
export interface HashedBox extends Box<string> {
  readonly hashed: true;
}

/**
 * `unknown` when a property of type `P` holds exactly what the boxes `B` say, to be joined to the parameter that stands for
 * the property; else a mismatch that the compiler prints. No boxes: a decorator that says nothing of the type.
 */
export type PropertyCheck<B, P> = [B] extends [never]
  ? unknown
  : IsAny<P> extends true
    ? unknown
    : unknown extends ReadOf<B>
      ? unknown
      : IsReadableHash<B, P> extends true
        ? TypeMismatch<'what is hashed is never read back: the property is a WriteOnly<string>', P>
        : Misfit<B, Exclude<P, Unreadable>> extends infer Reason extends string
          ? [Reason] extends [never]
            ? unknown
            : TypeMismatch<Reason, P>
          : unknown;

type IsReadableHash<B, P> = [Extract<B, HashedBox>] extends [never]
  ? false
  : IsWriteOnly<P> extends true
    ? false
    : true;

type Misfit<B, P> = ValueMisfit<B, P> | (IsStrict extends true ? NoneMisfit<B, P> | NullMisfit<B, P> : never);

/** Without strictNullChecks nothing is known of undefined and null. */
type IsStrict = undefined extends string ? false : true;

type NoneMisfit<B, P> = undefined extends P
  ? undefined extends ReadOf<B>
    ? never
    : 'the property may be undefined, the field may not be NONE: write option<…> or optional: true; Opt<…> where there is a default'
  : undefined extends ReadOf<B>
    ? 'the field may be NONE, the property is never undefined: write it with a ?'
    : never;

/** Where NONE is admitted, null stands for it. */
type NullMisfit<B, P> = null extends P
  ? null extends ReadOf<B>
    ? never
    : undefined extends ReadOf<B>
      ? never
      : 'the property may be null, the field may not: add | null to the SurrealQL type'
  : null extends ReadOf<B>
    ? 'the field may be NULL, the property is never null'
    : never;

type ValueMisfit<B, P> = [Exclude<P, null | undefined>] extends [Exclude<WideOf<B>, null | undefined>]
  ? Unmet<B, Exclude<P, null | undefined>>
  : [WideOf<B>] extends [LinkTo<unknown> | LinksTo<unknown> | undefined]
    ? LinkHint<WideOf<B>, P>
    : 'the property holds values that the field does not';

/** A relation declared as the target's class itself, as other ORMs have it, or as one where there are many. */
type LinkHint<W, P> = [Exclude<P, null | undefined>] extends [LinkTo<unknown> | LinksTo<unknown>]
  ? 'the link leads to another class, by another edge, or to one where there are many'
  : [Exclude<W, undefined>] extends [LinksTo<unknown>]
    ? 'the property of a relation to many is a Links<…>'
    : 'the property of a relation is a Link<…>';

/** Every member of the field's union must be one that the property can hold. */
type Unmet<B, P> = B extends AnyBox
  ? [Exclude<B['wide'], null | undefined>] extends [never]
    ? never
    : [P & B['meets']] extends [never]
      ? 'the field holds values that the property does not'
      : never
  : never;

/** An object that is not a list, a set, a map or a date. */
export type ObjectLike = object & { readonly [Symbol.iterator]?: never; readonly getTime?: never };
