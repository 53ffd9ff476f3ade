import type { EntityClass } from '../metadata/entity-metadata.js';
import type {
  Aggregate,
  AggregateOptions,
  AggregateRow,
  ChangeData,
  CountOptions,
  CreateData,
  Fetch,
  FindOptions,
  GroupKey,
  HybridHit,
  HybridOptions,
  IdInput,
  Loaded,
  NearestOptions,
  Neighbour,
  Page,
  PageOptions,
  SearchHit,
  SearchOptions,
  SearchText,
  Secrets,
  Select,
  ExistingPath,
  PathValue,
  StreamOptions,
  UpdateData,
  Vector,
  VectorKey,
  Where,
  WithFields,
} from '../types/index.js';
import type { ChangeFeed, ChangesOptions } from '../live/changes/index.js';
import type { LiveList, LiveListOptions, LiveOptions, LiveStream } from '../live/index.js';
import type { Explained } from '../query/index.js';
import type { RecordId, RecordKey } from '../values/index.js';
import type { SelectQuery } from './builders/select-query.js';
import type { DeleteQuery, UpdateQuery } from './builders/set-query.js';
import type { RowStream } from './insert-stream.js';
import type { BulkResult, InsertOptions } from './bulk-insert.js';
import type { DeleteOptions, SetOptions } from './direct/plan-set.js';
import type { PatchOptions } from './direct/patch.js';
import type { UpsertOptions } from './direct/upsert.js';
import type { EntityManager } from './entity-manager.js';

/**
 * An EntityManager's verbs for one entity class.
 *
 * ```ts
 * const users = em.getRepository(User);
 * const ann = await users.findOneOrFail({ email: 'ann@example.com' });
 * ```
 */
export class Repository<T extends object> {
  readonly #em: EntityManager;
  readonly #entity: EntityClass<T>;

  constructor(em: EntityManager, entity: EntityClass<T>) {
    this.#em = em;
    this.#entity = entity;
  }

  get em(): EntityManager {
    return this.#em;
  }

  create(data: CreateData<T>, options?: { readonly persist?: boolean }): T {
    return this.#em.create(this.#entity, data, options);
  }
  persist(entity: T): this {
    this.#em.persist(entity);
    return this;
  }
  remove(entity: T, options?: { readonly hard?: boolean }): this {
    this.#em.remove(entity, options);
    return this;
  }
  restore(entity: T): this {
    this.#em.restore(entity);
    return this;
  }
  save<E extends T | readonly T[]>(entities: E): Promise<E> {
    return this.#em.save(entities);
  }
  flush(): Promise<void> {
    return this.#em.flush();
  }
  assign(entity: T, data: UpdateData<T>): T {
    return this.#em.assign(entity, data as never);
  }
  refresh(entity: T): Promise<T> {
    return this.#em.refresh(entity);
  }
  merge(entity: T): T {
    return this.#em.merge(entity);
  }
  getReference(id: IdInput<T> | RecordId): T {
    return this.#em.getReference(this.#entity, id);
  }
  find<const F extends Fetch<T> = {}, const S extends Select<T> = Select<T>, const O extends Select<T> = Select<T>>(
    where?: Where<T>,
    options?: FindOptions<T, F, S, O>,
  ): Promise<Loaded<T, F, S, O>[]> {
    return this.#em.find(this.#entity, where, options);
  }
  findOne<const F extends Fetch<T> = {}, const S extends Select<T> = Select<T>, const O extends Select<T> = Select<T>>(
    where: Where<T>,
    options?: FindOptions<T, F, S, O>,
  ): Promise<Loaded<T, F, S, O> | null> {
    return this.#em.findOne(this.#entity, where, options);
  }
  findOneOrFail<
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(where: Where<T>, options?: FindOptions<T, F, S, O>): Promise<Loaded<T, F, S, O>> {
    return this.#em.findOneOrFail(this.#entity, where, options);
  }
  load<E extends object, const S extends Select<T>>(
    entities: E,
    fields: S,
  ): Promise<E extends readonly (infer U)[] ? WithFields<U, S>[] : WithFields<E, S>> {
    return this.#em.load(entities, fields as never) as never;
  }
  findByIds(ids: readonly (IdInput<T> | RecordId)[]): Promise<(T | null)[]> {
    return this.#em.findByIds(this.#entity, ids);
  }
  findAndCount<
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(where?: Where<T>, options?: FindOptions<T, F, S, O>): Promise<[Loaded<T, F, S, O>[], number]> {
    return this.#em.findAndCount(this.#entity, where, options);
  }
  findPage<const F extends Fetch<T> = {}, const S extends Select<T> = Select<T>, const O extends Select<T> = Select<T>>(
    where?: Where<T>,
    options?: PageOptions<T, F, S, O>,
  ): Promise<Page<Loaded<T, F, S, O>>> {
    return this.#em.findPage(this.#entity, where, options);
  }
  stream<const F extends Fetch<T> = {}, const S extends Select<T> = Select<T>, const O extends Select<T> = Select<T>>(
    where?: Where<T>,
    options?: StreamOptions<T, F, S, O>,
  ): AsyncGenerator<Loaded<T, F, S, O>, void, undefined> {
    return this.#em.stream(this.#entity, where, options);
  }
  aggregate<const G extends readonly GroupKey[] = [], const S extends Readonly<Record<string, Aggregate>> = {}>(
    options: AggregateOptions<T, G, S>,
  ): Promise<G extends readonly [] ? AggregateRow<T, G, S> : AggregateRow<T, G, S>[]> {
    return this.#em.aggregate(this.#entity, options);
  }
  countBy<const P extends string>(
    path: P & ExistingPath<T, P>,
    where?: Where<T>,
  ): Promise<Map<PathValue<T, P> | null, number>> {
    return this.#em.countBy(this.#entity, path as never, where);
  }
  select(): SelectQuery<T>;
  select(...ignored: readonly unknown[]): SelectQuery<T> {
    return this.#em.select(this.#entity, ...(ignored as []));
  }
  update(): UpdateQuery<T> {
    return this.#em.update(this.#entity);
  }
  delete(): DeleteQuery<T> {
    return this.#em.delete(this.#entity);
  }
  nearest<const F extends Fetch<T> = {}, const S extends Select<T> = Select<T>, const O extends Select<T> = Select<T>>(
    field: VectorKey<T>,
    vector: Vector,
    options?: NearestOptions<T, F, S, O>,
  ): Promise<Neighbour<T, F, S, O>[]> {
    return this.#em.nearest(this.#entity, field, vector, options);
  }
  search<const F extends Fetch<T> = {}, const S extends Select<T> = Select<T>, const O extends Select<T> = Select<T>>(
    text: SearchText<T>,
    options?: SearchOptions<T, F, S, O>,
  ): Promise<SearchHit<T, F, S, O>[]> {
    return this.#em.search(this.#entity, text, options);
  }
  hybrid<const F extends Fetch<T> = {}, const S extends Select<T> = Select<T>, const O extends Select<T> = Select<T>>(
    options: HybridOptions<T, F, S, O>,
  ): Promise<HybridHit<T, F, S, O>[]> {
    return this.#em.hybrid(this.#entity, options);
  }
  id(key: RecordKey): RecordId {
    return this.#em.id(this.#entity, key);
  }
  get serialize(): EntityManager['serialize'] {
    return this.#em.serialize.bind(this.#em);
  }
  map(row: unknown): T {
    return this.#em.map(this.#entity, row);
  }
  explain(where?: Where<T>, options?: FindOptions<T> & { readonly full?: boolean }): Promise<Explained> {
    return this.#em.explain(this.#entity, where, options);
  }
  count(where?: Where<T>, options?: CountOptions): Promise<number> {
    return this.#em.count(this.#entity, where, options);
  }
  exists(where?: Where<T>, options?: CountOptions): Promise<boolean> {
    return this.#em.exists(this.#entity, where, options);
  }
  verify(where: Where<T>, secrets: Secrets<T>): Promise<T | null> {
    return this.#em.verify(this.#entity, where, secrets);
  }
  isUnique(entity: T): Promise<boolean> {
    return this.#em.isUnique(entity);
  }
  insert(
    rows: CreateData<T> | readonly CreateData<T>[] | RowStream<CreateData<T>>,
    options?: InsertOptions,
  ): Promise<BulkResult<T>> {
    return this.#em.insert(this.#entity, rows, options);
  }
  upsert(data: readonly CreateData<T>[], options?: UpsertOptions<T>): Promise<T[]>;
  upsert(data: CreateData<T>, options?: UpsertOptions<T>): Promise<T>;
  upsert(data: CreateData<T> | readonly CreateData<T>[], options?: UpsertOptions<T>): Promise<T | T[]> {
    return this.#em.upsert(this.#entity, data as CreateData<T>, options);
  }
  patch(id: IdInput<T> | RecordId, changes: ChangeData<T>, options: { readonly returning: 'none' }): Promise<void>;
  patch(id: IdInput<T> | RecordId, changes: ChangeData<T>, options?: PatchOptions): Promise<T>;
  patch(id: IdInput<T> | RecordId, changes: ChangeData<T>, options?: PatchOptions): Promise<T | void> {
    return this.#em.patch(this.#entity, id, changes, options);
  }
  updateWhere(where: Where<T>, changes: ChangeData<T>, options?: SetOptions): Promise<number> {
    return this.#em.updateWhere(this.#entity, where, changes, options);
  }
  deleteWhere(where: Where<T>, options?: DeleteOptions): Promise<number> {
    return this.#em.deleteWhere(this.#entity, where, options);
  }
  live<const F extends Fetch<T> = {}>(
    where?: Where<T>,
    options?: LiveOptions<T, F>,
  ): Promise<LiveStream<Loaded<T, F>>> {
    return this.#em.live(this.#entity, where, options);
  }
  liveList<const F extends Fetch<T> = {}>(
    where?: Where<T>,
    options?: LiveListOptions<T, F>,
  ): Promise<LiveList<Loaded<T, F>>> {
    return this.#em.liveList(this.#entity, where, options);
  }
  changes(options?: ChangesOptions): ChangeFeed<T> {
    return this.#em.changes(this.#entity, options);
  }
}
