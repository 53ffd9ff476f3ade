import type { EntityClass } from '../../metadata/entity-metadata.js';
import { SelectQuery } from '../builders/select-query.js';
import { DeleteQuery, UpdateQuery } from '../builders/set-query.js';
import { refuseIgnored } from '../builders/ignored-arguments.js';
import { GraphVerbs } from './graph-verbs.js';

/** Queries built step by step. */
export abstract class BuilderVerbs extends GraphVerbs {
  /**
   * A select to be built: for queries that are put together in several places, subqueries, groups and splits.
   *
   * ```ts
   * const mine = em.select(Order).where({ buyer: user });
   * await mine.orderBy({ at: 'desc' }).limit(10).list();
   * await em.find(Product, { id: { $in: mine.value('product') } });
   * ```
   * @see https://surrealdb.com/docs/surrealql/statements/select
   */
  select<T extends object>(entity: EntityClass<T>): SelectQuery<T>;
  select<T extends object>(entity: EntityClass<T>, ...ignored: readonly unknown[]): SelectQuery<T> {
    refuseIgnored('select', entity, ignored);
    const meta = this.core.registry.get(entity) as never;
    return new SelectQuery<T>({ session: this.sessionOf(entity), meta, wheres: [] });
  }

  /**
   * A change of every record that matches, to be built. Without a condition it needs `.all()`.
   *
   * ```ts
   * const n = await em.update(Post).set({ hidden: true }).where({ author: ann }).execute();
   * ```
   * @see https://surrealdb.com/docs/surrealql/statements/update
   */
  update<T extends object>(entity: EntityClass<T>): UpdateQuery<T>;
  update<T extends object>(entity: EntityClass<T>, ...ignored: readonly unknown[]): UpdateQuery<T> {
    refuseIgnored('update', entity, ignored);
    return new UpdateQuery<T>(this.#written(entity));
  }

  /**
   * A deletion of every record that matches, to be built. Without a condition it needs `.all()`.
   *
   * ```ts
   * const gone = await em.delete(Draft).where({ at: { $lt: lastYear } }).execute();
   * ```
   * @see https://surrealdb.com/docs/surrealql/statements/delete
   */
  delete<T extends object>(entity: EntityClass<T>): DeleteQuery<T>;
  delete<T extends object>(entity: EntityClass<T>, ...ignored: readonly unknown[]): DeleteQuery<T> {
    refuseIgnored('delete', entity, ignored);
    return new DeleteQuery<T>(this.#written(entity));
  }

  #written(entity: EntityClass): ConstructorParameters<typeof DeleteQuery>[0] {
    return { session: this.sessionOf(entity), meta: this.core.registry.get(entity) as never, wheres: [], all: false };
  }
}
