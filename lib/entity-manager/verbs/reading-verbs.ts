import type { EntityClass } from '../../metadata/entity-metadata.js';
import { toId } from '../../query/index.js';
import type { Fetch, FindOptions, IdInput, Loaded, Where } from '../../types/index.js';
import type { RecordId } from '../../values/index.js';
import { notFound } from '../errors.js';
import { TrackingVerbs } from './tracking-verbs.js';

/** Reads of records, which come back as tracked entities. */
export abstract class ReadingVerbs extends TrackingVerbs {
  /**
   * All records that match.
   *
   * ```ts
   * const posts = await em.find(Post, { author: { name: 'Ann' } }, { fetch: { author: true }, orderBy: { at: 'desc' }, limit: 20 });
   * ```
   * @see https://surrealdb.com/docs/surrealql/statements/select
   */
  async find<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: FindOptions<T, F>,
  ): Promise<Loaded<T, F>[]> {
    return this.session.finder.find(this.core.registry.get(entity) as never, where, options) as Promise<Loaded<T, F>[]>;
  }

  /** The first record that matches, or null. By the id of a managed entity nothing is sent. */
  async findOne<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where: Where<T>,
    options?: FindOptions<T, F>,
  ): Promise<Loaded<T, F> | null> {
    return this.session.finder.findOne(this.core.registry.get(entity) as never, where, options) as Promise<Loaded<
      T,
      F
    > | null>;
  }

  /** The first record that matches. @throws EntityNotFoundError when there is none */
  async findOneOrFail<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where: Where<T>,
    options?: FindOptions<T, F>,
  ): Promise<Loaded<T, F>> {
    const found = await this.findOne(entity, where, options);
    if (found !== null) return found;
    throw notFound(this.core.registry.get(entity).className, where);
  }

  /** The records of these ids, in their order; `null` where there is none. */
  async findByIds<T extends object>(
    entity: EntityClass<T>,
    ids: readonly (IdInput<T> | RecordId)[],
  ): Promise<(T | null)[]> {
    const meta = this.core.registry.get(entity) as never;
    const { finder } = this.session;
    return finder.findByIds(
      meta,
      ids.map((id) => toId(meta, id, finder.context)),
    ) as Promise<(T | null)[]>;
  }

  /** The records of one page, and how many match in all. */
  async findAndCount<T extends object, const F extends Fetch<T> = {}>(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: FindOptions<T, F>,
  ): Promise<[Loaded<T, F>[], number]> {
    return Promise.all([this.find(entity, where, options), this.count(entity, where)]);
  }

  /** How many records match. */
  async count<T extends object>(entity: EntityClass<T>, where?: Where<T>): Promise<number> {
    return this.session.finder.count(this.core.registry.get(entity) as never, where);
  }

  /** Whether a record matches. */
  async exists<T extends object>(entity: EntityClass<T>, where?: Where<T>): Promise<boolean> {
    return this.session.finder.exists(this.core.registry.get(entity) as never, where);
  }
}
