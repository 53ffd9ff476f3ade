import type { EntityClass } from '../../metadata/entity-metadata.js';
import { toId } from '../../query/index.js';
import type { ChangeData, CreateData, IdInput, Where } from '../../types/index.js';
import type { RecordId } from '../../values/index.js';
import { InsertQuery } from '../builders/insert-query.js';
import { insertRows, type BulkResult, type InsertOptions } from '../bulk-insert.js';
import { insertStream, isStream, type RowStream } from '../insert-stream.js';
import { patchRecord, type PatchOptions } from '../direct/patch.js';
import type { DeleteOptions, SetOptions } from '../direct/plan-set.js';
import { deleteMatching, updateMatching } from '../direct/set-based.js';
import { upsertRecords, type UpsertOptions } from '../direct/upsert.js';
import { AggregateVerbs } from './aggregate-verbs.js';

/** Writes that act at once, past the unit of work (in a transaction block: with it). */
export abstract class DirectVerbs extends AggregateVerbs {
  /** An insert to be built: `em.insert(User).values(rows).onConflict('ignore').execute()`. */
  insert<T extends object>(entity: EntityClass<T>): InsertQuery<T>;
  /**
   * Writes rows at once, past the unit of work, in chunks. In a deferred transaction they are queued, and it resolves to
   * undefined.
   *
   * ```ts
   * await em.insert(Airport, rows, { chunk: 500, concurrency: 4, onProgress: ({ done, total }) => bar.update(done / total) });
   * ```
   * Rows may come one by one, from a file or another database (`em.insert(Airport, readRows())`): then no more of them are in memory
   * than are under way, and `total` is how many have come.
   *
   * @throws ValidationError for rows that cannot be stored; then nothing was sent (of rows that come one by one: none of theirs)
   * @throws BulkError when a chunk failed after others were written; `result` says what was
   * @see https://surrealdb.com/docs/surrealql/statements/insert
   */
  insert<T extends object>(
    entity: EntityClass<T>,
    rows: CreateData<T> | readonly CreateData<T>[] | RowStream<CreateData<T>>,
    options?: InsertOptions,
  ): Promise<BulkResult<T>>;
  insert<T extends object>(
    entity: EntityClass<T>,
    ...given: [rows?: CreateData<T> | RowStream<CreateData<T>>, options?: InsertOptions]
  ): Promise<BulkResult<T>> | InsertQuery<T> {
    const meta = this.core.registry.get(entity) as never;
    if (given.length === 0) return new InsertQuery<T>(this.sessionOf(entity), meta);
    const [rows, options = {}] = given;
    if (isStream(rows)) return insertStream(this.sessionOf(entity), meta, rows, options) as Promise<BulkResult<T>>;
    const list = (Array.isArray(rows) ? rows : [rows]) as readonly object[];
    return insertRows(this.sessionOf(entity), meta, list, options) as Promise<BulkResult<T>>;
  }

  /**
   * Writes a record whether it exists or not: an existing one is given the fields of `data`, others stay. Which one is
   * meant is told by the id, or by the fields of a unique index. Answers managed entities, in the order given.
   *
   * ```ts
   * const ann = await em.upsert(User, { email: 'ann@example.com', name: 'Ann', age: 42 }, { on: 'email' });
   * ```
   * In a deferred transaction it is queued and resolves to undefined.
   * @throws ValidationError for `on` without such a unique index, for an id beside it, and for one record given twice
   * @see https://surrealdb.com/docs/surrealql/statements/update
   */
  upsert<T extends object>(
    entity: EntityClass<T>,
    data: readonly CreateData<T>[],
    options?: UpsertOptions<T>,
  ): Promise<T[]>;
  upsert<T extends object>(entity: EntityClass<T>, data: CreateData<T>, options?: UpsertOptions<T>): Promise<T>;
  async upsert<T extends object>(
    entity: EntityClass<T>,
    data: CreateData<T> | readonly CreateData<T>[],
    options: UpsertOptions<T> = {},
  ): Promise<T | T[]> {
    const rows = (Array.isArray(data) ? data : [data]) as readonly object[];
    const meta = this.core.registry.get(entity) as never;
    const entities = await upsertRecords(this.sessionOf(entity), meta, rows, [options.on ?? 'id'].flat());
    return (Array.isArray(data) ? entities : entities?.[0]) as T | T[];
  }

  /**
   * Changes fields of one record without reading it. Besides values, a change may be `surql` or one of `append`,
   * `addToSet`, `pull`, `increment` and `unset`. A copy that is managed here is refreshed; its own changes stay pending.
   *
   * ```ts
   * const post = await em.patch(Post, 'hello', { title: 'Hello!', stars: increment(1) });
   * ```
   * In a deferred transaction it is queued, before what the block's entities change, and resolves to undefined.
   * @throws EntityNotFoundError when there is no such record
   * @throws ValidationError for fields that cannot be written, and for `returning: 'after'` in a deferred transaction
   * @see https://surrealdb.com/docs/surrealql/statements/update
   */
  patch<T extends object>(
    entity: EntityClass<T>,
    id: IdInput<T> | RecordId,
    changes: ChangeData<T>,
    options: { readonly returning: 'none' },
  ): Promise<void>;
  patch<T extends object>(
    entity: EntityClass<T>,
    id: IdInput<T> | RecordId,
    changes: ChangeData<T>,
    options?: PatchOptions,
  ): Promise<T>;
  async patch<T extends object>(
    entity: EntityClass<T>,
    id: IdInput<T> | RecordId,
    changes: ChangeData<T>,
    options: PatchOptions = {},
  ): Promise<T | void> {
    const meta = this.core.registry.get(entity) as never;
    const session = this.sessionOf(entity);
    const record = toId(meta, id, session.finder.context);
    return (await patchRecord(session, meta, record, changes, options)) as T | undefined;
  }

  /**
   * Changes every record that matches, in one statement; answers how many. Copies that the where names by id are
   * refreshed. Subscribers hear of it as `beforeBulk` and `afterBulk`.
   *
   * ```ts
   * const reset = await em.updateWhere(Post, { author: 'user:ann' }, { stars: 0 });
   * ```
   * @throws ValidationError for an empty where
   * @see https://surrealdb.com/docs/surrealql/statements/update
   */
  async updateWhere<T extends object>(
    entity: EntityClass<T>,
    where: Where<T>,
    changes: ChangeData<T>,
    options: SetOptions = {},
  ): Promise<number> {
    const meta = this.core.registry.get(entity) as never;
    return updateMatching(this.sessionOf(entity), meta, where, changes, options) as Promise<number>;
  }

  /**
   * Deletes every record that matches, in one statement; answers how many. Copies that the where names by id are let go.
   * With `@SoftDelete` the records stay, hidden from reads, unless `hard: true` says otherwise.
   * Subscribers hear of it as `beforeBulk` and `afterBulk`.
   *
   * ```ts
   * const gone = await em.deleteWhere(Post, { stars: { $lt: 1 } });
   * ```
   * @throws ValidationError for an empty where
   * @see https://surrealdb.com/docs/surrealql/statements/delete
   */
  async deleteWhere<T extends object>(
    entity: EntityClass<T>,
    where: Where<T>,
    options: DeleteOptions = {},
  ): Promise<number> {
    return deleteMatching(
      this.sessionOf(entity),
      this.core.registry.get(entity) as never,
      where,
      options,
    ) as Promise<number>;
  }
}
