import type { EntityClass } from '../../metadata/entity-metadata.js';
import { SelectQuery } from '../builders/select-query.js';
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
  select<T extends object>(entity: EntityClass<T>): SelectQuery<T> {
    const meta = this.core.registry.get(entity) as never;
    return new SelectQuery<T>({ session: this.session, meta, wheres: [] });
  }
}
