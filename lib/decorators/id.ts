import type { KeyType } from '../metadata/entity-metadata.js';
import type { IdOptions } from '../metadata/options.js';
import type { TypeMismatch } from '../types/property-check.js';
import type { RecordId, Uuid } from '../values/index.js';
import type { Box } from '../types/type-of.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { Declares } from './signatures.js';

/** What a key of the declared type is in TypeScript. */
type KeyOf<K> = K extends 'string' | 'ulid'
  ? string
  : K extends 'int'
    ? number | bigint
    : K extends 'uuid'
      ? Uuid
      : K extends 'object'
        ? { readonly [name: string]: unknown }
        : K extends readonly unknown[]
          ? readonly unknown[]
          : unknown;

type IdCheck<K, P> = [Exclude<P, undefined>] extends [RecordId<string, infer Key>]
  ? [Key & KeyOf<K>] extends [never]
    ? TypeMismatch<'the key of this RecordId has another type than @Id says', P>
    : unknown
  : TypeMismatch<'the id is a RecordId', P>;

/** The decorator of `id`, whose type is a RecordId with a key of type `K`. */
interface IdDecoration<K> extends Declares<Box<RecordId, RecordId | undefined>> {
  <This, P>(
    value: undefined,
    context: ClassFieldDecoratorContext<This, P> & { readonly name: 'id' } & IdCheck<K, P>,
  ): void;
  <T extends object>(target: T, property: 'id' & (T extends { readonly id?: infer P } ? IdCheck<K, P> : unknown)): void;
}

/**
 * The record id; the property is always called `id`. The declared key type (`string` when nothing is said) decides how a key
 * given as text is read. Keys of type string, uuid and ulid are made by Reverie before the flush, others are brought.
 *
 * ```ts
 * @Id() id!: RecordId<'user'>;
 * @Id('uuid') id!: RecordId<'order', Uuid>;
 * @Id(['string', 'int']) id!: RecordId<'reading'>;
 * @Id({ from: 'sku' }) id!: RecordId<'product'>;
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/datamodel/ids
 */
export const Id = factory('Id()', id);
function id(): IdDecoration<'string'>;
function id<const O extends IdOptions>(options: O): IdDecoration<O extends { readonly type: infer K } ? K : 'any'>;
function id<const K extends KeyType>(type: K, options?: Omit<IdOptions, 'type'>): IdDecoration<K>;
function id(first?: KeyType | IdOptions, options?: Omit<IdOptions, 'type'>): (...args: readonly unknown[]) => void {
  const given: IdOptions = first === undefined ? {} : isKeyType(first) ? { ...options, type: first } : first;
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Id', (property) => ({ kind: 'id', property, options: Object.freeze({ ...given }) }));
}

function isKeyType(value: KeyType | IdOptions): value is KeyType {
  return typeof value === 'string' || Array.isArray(value);
}
