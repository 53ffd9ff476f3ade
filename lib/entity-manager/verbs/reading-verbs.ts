import type { EntityClass } from '../../metadata/entity-metadata.js';
import { toId, type Explained } from '../../query/index.js';
import { requireList } from '../../query/operators/operator.js';
import type {
  CountOptions,
  Fetch,
  FindOptions,
  IdInput,
  Loaded,
  Page,
  PageOptions,
  Secrets,
  Select,
  StreamOptions,
  Where,
  WholeOf,
  WithFields,
} from '../../types/index.js';
import type { RecordId } from '../../values/index.js';
import { notFound } from '../errors.js';
import { loadFields } from '../load-fields.js';
import { mapRow } from '../map-row.js';
import { readPage, type PageReadOptions } from '../page-reader.js';
import { asReadOptions, checkCountOptions } from '../read-options.js';
import { streamRows, type StreamReadOptions } from '../stream-reader.js';
import { isUniqueEntity } from '../uniqueness.js';
import { verifyRecord } from '../verify.js';
import { TrackingVerbs } from './tracking-verbs.js';

type ItemOf<E> = E extends readonly (infer T)[] ? T : E;

/** Reads of records, which come back as tracked entities. */
export abstract class ReadingVerbs extends TrackingVerbs {
  /**
   * Reads fields that earlier reads have left out, `lazy` ones or those of a partial entity: one request for all entities of
   * a class, none where nothing is missing. Values that an entity has, or was given, stay.
   *
   * ```ts
   * const posts = await em.find(Post); // body is lazy
   * await em.load(posts, ['body']);
   * ```
   * @throws EntityNotFoundError when a record is gone
   */
  async load<E extends object, const S extends Select<WholeOf<ItemOf<E>>>>(
    entities: E,
    fields: S,
  ): Promise<E extends readonly (infer T)[] ? WithFields<T, S>[] : WithFields<E, S>> {
    const list = (Array.isArray(entities) ? entities : [entities]) as readonly object[];
    const names = requireList(fields, 'em.load(…, fields)') as readonly string[];
    await loadFields(list[0] === undefined ? this.session : this.sessionWith(list[0]), list, names);
    return entities as never;
  }

  /**
   * All records that match.
   *
   * ```ts
   * const posts = await em.find(Post, { author: { name: 'Ann' } }, { fetch: { author: true }, orderBy: { at: 'desc' }, limit: 20 });
   * ```
   * @see https://surrealdb.com/docs/surrealql/statements/select
   */
  async find<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(entity: EntityClass<T>, where?: Where<T>, options?: FindOptions<T, F, S, O>): Promise<Loaded<T, F, S, O>[]> {
    return this.sessionOf(entity).finder.find(this.core.registry.get(entity) as never, where, options) as Promise<
      Loaded<T, F, S, O>[]
    >;
  }

  /** The first record that matches, or null. By the id of a managed entity nothing is sent. */
  async findOne<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(entity: EntityClass<T>, where: Where<T>, options?: FindOptions<T, F, S, O>): Promise<Loaded<T, F, S, O> | null> {
    return this.sessionOf(entity).finder.findOne(
      this.core.registry.get(entity) as never,
      where,
      options,
    ) as Promise<Loaded<T, F, S, O> | null>;
  }

  /** The first record that matches. @throws EntityNotFoundError when there is none */
  async findOneOrFail<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(entity: EntityClass<T>, where: Where<T>, options?: FindOptions<T, F, S, O>): Promise<Loaded<T, F, S, O>> {
    const found = await this.findOne(entity, where, options);
    if (found !== null) return found;
    throw notFound(this.core.registry.get(entity).className, where);
  }

  /** The records of these ids, in their order; `null` where there is none. */
  async findByIds<T extends object>(
    entity: EntityClass<T>,
    ids: readonly (IdInput<T> | RecordId)[],
  ): Promise<(T | null)[]> {
    const meta = this.core.registry.get(entity);
    const { finder } = this.sessionOf(entity);
    const list = requireList(ids, `em.findByIds(${meta.className}, …)`) as typeof ids;
    return finder.findByIds(
      meta as never,
      list.map((id) => toId(meta, id, finder.context)),
    ) as Promise<(T | null)[]>;
  }

  /** The records of one page, and how many match in all. */
  async findAndCount<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: FindOptions<T, F, S, O>,
  ): Promise<[Loaded<T, F, S, O>[], number]> {
    asReadOptions(this.core.registry.get(entity) as never, options);
    return Promise.all([
      this.find(entity, where, options),
      this.sessionOf(entity).finder.count(this.core.registry.get(entity) as never, where, options),
    ]);
  }

  /**
   * One page, from where another ended: rows that come or go in between shift nothing, and the thousandth page costs no more
   * than the second.
   *
   * ```ts
   * const page = await em.findPage(Post, { hidden: false }, { first: 20, after: request.query.after, orderBy: { at: 'desc' } });
   * page.items; page.endCursor; page.hasNextPage;
   * ```
   * A cursor belongs to its entity, where and orderBy. Where a cursor was given, rows are taken to stand before it.
   *
   * @throws ValidationError for a cursor of another result, and for what is none
   * @see https://surrealdb.com/docs/surrealql/statements/select
   */
  async findPage<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(entity: EntityClass<T>, where?: Where<T>, options?: PageOptions<T, F, S, O>): Promise<Page<Loaded<T, F, S, O>>> {
    return readPage(
      this.sessionOf(entity),
      this.core.registry.get(entity) as never,
      where,
      options as PageReadOptions,
    ) as Promise<Page<Loaded<T, F, S, O>>>;
  }

  /**
   * All records that match, at flat memory: batch by batch, and plain instances that no EntityManager keeps.
   *
   * ```ts
   * for await (const user of em.stream(User, { active: true }, { batch: 1000 })) await send(user);
   * ```
   * By the id (in either direction, or without an order) the table is read in ranges of ids; in any other order, and where an index
   * serves the where, the ids of a hundred batches are sorted at once and the records read by those. It is no snapshot: records
   * written behind the place where it stands are not met. With `managed: true` the EntityManager keeps what it has read.
   *
   * @throws ValidationError at the call for whatever is wrong in where and options
   * @see https://surrealdb.com/docs/surrealql/datamodel/ids
   */
  stream<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: StreamOptions<T, F, S, O>,
  ): AsyncGenerator<Loaded<T, F, S, O>, void, undefined> {
    const meta = this.core.registry.get(entity) as never;
    return streamRows(this.sessionOf(entity), meta, where, options as StreamReadOptions) as AsyncGenerator<
      Loaded<T, F, S, O>,
      void,
      undefined
    >;
  }

  /**
   * The managed entity of a row that a query of your own has brought: the one that is here already, or a new one. Columns that
   * the row lacks stay unread, and a link that the query fetched is loaded.
   *
   * ```ts
   * const [rows] = await em.query<[object[]]>(surql`SELECT * FROM ${User} WHERE string::len(name) > ${20}`);
   * const users = rows.map((row) => em.map(User, row));
   * ```
   * @throws ValidationError for what has no id of this entity
   */
  map<T extends object>(entity: EntityClass<T>, row: unknown): T {
    return mapRow(this.sessionOf(entity), this.core.registry.get(entity) as never, row) as T;
  }

  /**
   * How the server would answer a find: which indexes it uses, whether it reads the whole table. With `full` it does answer, and
   * says how many rows went where and how long that took.
   *
   * ```ts
   * const { indexesUsed, fullScan, tree } = await em.explain(User, { email: 'ann@example.com' });
   * ```
   * @see https://surrealdb.com/docs/surrealql/clauses/explain
   */
  async explain<T extends object>(
    entity: EntityClass<T>,
    where?: Where<T>,
    options?: FindOptions<T> & { readonly full?: boolean },
  ): Promise<Explained> {
    const { full, ...read } = asReadOptions(this.core.registry.get(entity) as never, options);
    return this.sessionOf(entity).finder.explain(
      this.core.registry.get(entity) as never,
      where,
      read as never,
      full === true,
    );
  }

  /**
   * The record that matches and is known by these secrets, or null. The server compares them with its hashes; nothing secret
   * comes back.
   *
   * ```ts
   * const ann = await em.verify(User, { email: 'ann@example.com' }, { password: request.body.password });
   * if (ann === null) return unauthorized();
   * ```
   * @throws ValidationError for an empty where, for what is no secret (`@Encrypted`) and for a secret that is no text
   * @see https://surrealdb.com/docs/surrealql/functions/database/crypto
   */
  async verify<T extends object>(entity: EntityClass<T>, where: Where<T>, secrets: Secrets<T>): Promise<T | null> {
    return verifyRecord(
      this.sessionOf(entity),
      this.core.registry.get(entity) as never,
      where,
      secrets,
    ) as Promise<T | null>;
  }

  /**
   * Whether no other record stands in the way of this entity as it is now: under the unique indexes of its table, and under its
   * id where it is new. One request; the flush may still meet a record that was written meanwhile.
   *
   * ```ts
   * const user = em.create(User, { email, name }, { persist: false });
   * if (!(await em.isUnique(user))) return conflict();
   * ```
   * A partial index (`where`) counts where the entity meets its condition. Changes that wait for the flush, of other entities,
   * are not looked at.
   */
  async isUnique(entity: object): Promise<boolean> {
    return isUniqueEntity(this.sessionWith(entity), entity);
  }

  /** How many records match. */
  async count<T extends object>(entity: EntityClass<T>, where?: Where<T>, options?: CountOptions): Promise<number> {
    const read = checkCountOptions(this.core.registry.get(entity) as never, options);
    return this.sessionOf(entity).finder.count(this.core.registry.get(entity) as never, where, read);
  }

  /** Whether a record matches. */
  async exists<T extends object>(entity: EntityClass<T>, where?: Where<T>, options?: CountOptions): Promise<boolean> {
    const read = checkCountOptions(this.core.registry.get(entity) as never, options);
    return this.sessionOf(entity).finder.exists(this.core.registry.get(entity) as never, where, read);
  }
}
