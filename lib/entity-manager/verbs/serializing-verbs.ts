import { stateOf } from '../../entity/stamp.js';
import type { SerializeRequest } from '../../entity/serialize.js';
import type { EntityClass } from '../../metadata/entity-metadata.js';
import type { SerializablePath, Serialized, SerializedFields } from '../../types/index.js';
import { notAnEntity } from '../../unit-of-work/errors.js';
import { FunctionVerbs } from './function-verbs.js';

/** What of an entity is made into plain data. */
export interface SerializeOptions {
  /** Groups of class-transformer's `@Expose`, where that is installed. */
  readonly groups?: readonly string[];
}

/** The same, some properties only. */
export interface SerializeFieldsOptions<T, F extends string> extends SerializeOptions {
  /** Properties and paths: `'name'`, `'address.city'`, `'author.name'`. */
  readonly fields: readonly (F & SerializablePath<T, F>)[];
}

/** Entities as plain data. */
export abstract class SerializingVerbs extends FunctionVerbs {
  /**
   * Plain data of what is loaded, ready for JSON: record ids, dates and other values as text, a link that is not loaded as
   * its id, an entity that is being written already as its id. Hidden fields are never in it. Nothing is sent.
   *
   * ```ts
   * const post = await em.findOneOrFail(Post, 'hello', { fetch: { author: true } });
   * em.serialize(post, { fields: ['title', 'author.name'] });   // { title: 'Hello', author: { name: 'Ann' } }
   * ```
   * @throws ValidationError for what is no entity, and for a field that there is not
   */
  serialize<T extends object>(
    entities: readonly T[],
    options?: SerializeOptions & { readonly fields?: undefined },
  ): Serialized<T>[];
  serialize<T extends object, const F extends string>(
    entities: readonly T[],
    options: SerializeFieldsOptions<T, F>,
  ): SerializedFields<T, F>[];
  serialize<T extends object>(entity: T, options?: SerializeOptions & { readonly fields?: undefined }): Serialized<T>;
  serialize<T extends object, const F extends string>(
    entity: T,
    options: SerializeFieldsOptions<T, F>,
  ): SerializedFields<T, F>;
  serialize(given: object | readonly object[], options: SerializeRequest = {}): unknown {
    return Array.isArray(given)
      ? given.map((entity: object) => this.#serializeOne(entity, options))
      : this.#serializeOne(given, options);
  }

  #serializeOne(entity: object, options: SerializeRequest): unknown {
    const meta = stateOf(entity)?.meta ?? this.core.registry.find(entity?.constructor as EntityClass);
    if (meta === undefined) throw notAnEntity(entity, 'serialize');
    return this.core.serializer.serialize(meta, entity, options);
  }
}
