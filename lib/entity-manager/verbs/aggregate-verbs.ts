import type { EntityClass } from '../../metadata/entity-metadata.js';
import {
  count,
  type Aggregate,
  type AggregateOptions,
  type AggregateRow,
  type GroupKey,
  type ExistingPath,
  type PathValue,
  type Where,
} from '../../types/index.js';
import { readAggregate } from '../aggregate-reader.js';
import { ReadingVerbs } from './reading-verbs.js';

/** What is made of many records at once. */
export abstract class AggregateVerbs extends ReadingVerbs {
  /**
   * Values made of many records: of all that match, or of each group of them.
   *
   * ```ts
   * await em.aggregate(Order, { where: { paid: true }, select: { n: count(), total: sum('amount') } });   // { n: 3, total: 42 }
   * await em.aggregate(Order, {
   *   groupBy: ['status', 'customer.country'],
   *   select: { n: count(), total: sum('amount') },
   *   having: { n: { $gt: 1 } },
   *   orderBy: { total: 'desc' },
   *   limit: 10,
   * });                                                          // [{ status: 'open', 'customer.country': 'NO', n: 2, … }]
   * ```
   * Records that lack a field count for nothing in what is made of it; where none has a value, counts are 0, lists empty and
   * all else null. `sum('amount')` may also take an expression: ``sum(surql`price * quantity`)``.
   *
   * @throws ValidationError for paths that there are not, and for numbers asked of what holds none
   * @see https://surrealdb.com/docs/surrealql/clauses/group-by
   */
  async aggregate<
    T extends object,
    const G extends readonly GroupKey[] = [],
    const S extends Readonly<Record<string, Aggregate>> = {},
  >(
    entity: EntityClass<T>,
    options: AggregateOptions<T, G, S>,
  ): Promise<G extends readonly [] ? AggregateRow<T, G, S> : AggregateRow<T, G, S>[]> {
    const meta = this.core.registry.get(entity) as never;
    return readAggregate(this.sessionOf(entity), meta, options) as never;
  }

  /**
   * How many records there are of each value of a field; those that lack it count under null.
   *
   * ```ts
   * const perStatus = await em.countBy(Order, 'status');
   * perStatus.get('open');   // 3
   * ```
   */
  async countBy<T extends object, const P extends string>(
    entity: EntityClass<T>,
    path: P & ExistingPath<T, P>,
    where?: Where<T>,
  ): Promise<Map<PathValue<T, P> | null, number>> {
    const meta = this.core.registry.get(entity) as never;
    const request = { groupBy: [path], select: { '*': count() }, ...(where !== undefined && { where }) };
    const rows = (await readAggregate(this.sessionOf(entity), meta, request)) as Record<string, number>[];
    const counts = new Map<PathValue<T, P> | null, number>();
    // NULL and a missing value are groups of their own to the server.
    for (const row of rows) {
      const value = row[path] as PathValue<T, P> | null;
      counts.set(value, (counts.get(value) ?? 0) + Number(row['*']));
    }
    return counts;
  }
}
