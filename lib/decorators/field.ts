import type { EntityClass } from '../metadata/entity-metadata.js';
import type { FieldOptions } from '../metadata/options.js';
import type { SurqlFragment } from '../surrealql/surql.js';
import type { TextForm } from '../types/create-data.js';
import type { Anything, BoxesOf, TypeText } from '../types/property-check.js';
import type { Box, WideOf } from '../types/type-of.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

type Embedded<E extends object> = () => EntityClass<E> | readonly EntityClass<E>[];

/** A value of the field, or a form that is read into one, as create takes it. */
type DefaultOf<B> = WideOf<B> | TextForm<WideOf<B>>;

/** Options beside a type text: the default has to be a value of that type. */
export type FieldOptionsOf<B> = Omit<FieldOptions, 'type' | 'enum' | 'default' | 'defaultAlways'> & {
  readonly default?: DefaultOf<B> | SurqlFragment<unknown>;
  /** The default of each write, updates too; `true` beside `default` makes that one it. */
  readonly defaultAlways?: DefaultOf<B> | SurqlFragment<unknown> | boolean;
};

/** A codec decides what the property holds. */
type TypedBox<B, O> = O extends { readonly codec: object } ? Anything : B | OptionalBox<O>;
type OptionalBox<O> = O extends { readonly optional: true } ? Box<undefined> : never;

type OptionsBox<O> = O extends { readonly codec: object }
  ? Anything
  : O extends { readonly type: infer S extends string }
    ? BoxesOf<S> | OptionalBox<O>
    : O extends { readonly enum: infer V extends object }
      ? Box<EnumValue<V>> | OptionalBox<O>
      : GuessedBox | OptionalBox<O>;

type EnumValue<V> = V extends readonly (infer E)[] ? E : V[keyof V];

/** What `emitDecoratorMetadata` tells without doubt. */
type GuessedBox = Box<never, string | number | boolean | Date>;

type EmbeddedBox<C, O> =
  | (C extends readonly EntityClass<infer E>[]
      ? Box<E[], readonly E[]>
      : C extends EntityClass<infer E>
        ? Box<E>
        : Anything)
  | OptionalBox<O>
  | WrittenBox<O>;
/** What a type text beside an embedded class adds: `{ type: 'option<object>' }`. */
type WrittenBox<O> = O extends { readonly type: infer S extends string }
  ? Extract<BoxesOf<S>, Box<undefined> | Box<null>>
  : never;

/**
 * A stored property. Its SurrealQL type is written as a text, taken from an enum or an embedded class, or, for string,
 * number, boolean and Date, from what the compiler emits with `emitDecoratorMetadata`.
 *
 * ```ts
 * @Field() name!: string;
 * @Field('option<string>', { assert: surql`string::is_email($value)` }) email?: string;
 * @Field({ enum: Role }) role!: Role;
 * @Field(() => Address) address!: Address;
 * @Field(() => [Address]) others!: Address[];
 * ```
 *
 * The property's TypeScript type is checked against it by the compiler.
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/field
 */
export const Field = factory('Field()', field);
function field(): PropertyDecoration<GuessedBox>;
function field<const S extends string, const O extends FieldOptionsOf<BoxesOf<S>>>(
  type: S & TypeText<S>,
  options?: O,
): PropertyDecoration<TypedBox<BoxesOf<S>, O>>;
function field<C extends EntityClass | readonly EntityClass[], const O extends FieldOptions>(
  embedded: () => C,
  options?: O,
): PropertyDecoration<EmbeddedBox<C, O>>;
function field<const O extends FieldOptions>(options: O & OptionsText<O>): PropertyDecoration<OptionsBox<O>>;
function field(first?: string | FieldOptions | Embedded<object>, options?: FieldOptions): PropertyDecoration<Anything> {
  const embedded = typeof first === 'function' ? first : undefined;
  const given: FieldOptions =
    typeof first === 'string' ? { ...options, type: first } : typeof first === 'object' ? first : { ...options };
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Field', (property) => ({
      kind: 'field',
      property,
      options: Object.freeze({ ...given }),
      ...(embedded && { embedded }),
    }));
}

type OptionsText<O> = O extends { readonly type: infer S extends string } ? { readonly type: TypeText<S> } : unknown;
