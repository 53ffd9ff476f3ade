import type { EntityClass, EntityMetadata } from '../../metadata/entity-metadata.js';
import type { EdgeData, EndInput, IdInput, Link, NodeInput, OtherEnd } from '../../types/index.js';
import type { RecordId } from '../../values/index.js';
import { RelateQuery } from '../builders/relate-query.js';
import type { Direction } from '../direct/edge-ends.js';
import { relateRecords, relating, type RelateOptions } from '../direct/relate.js';
import { unrelateEvery, unrelateRecords } from '../direct/unrelate.js';
import { GraphTraversal } from '../graph-traversal.js';
import { relatedRecords } from '../related.js';
import { DirectVerbs } from './direct-verbs.js';

/** Edges between records, and walks along them. */
export abstract class GraphVerbs extends DirectVerbs {
  /** An edge to be built: `em.relate(Follows).from(ann).to(bob).set({ since }).execute()`. */
  relate<E extends object>(edge: EntityClass<E>): RelateQuery<E>;
  /**
   * Makes an edge at once. Both ends must be in the database; each is an entity, a link, a record id, a key or text.
   *
   * ```ts
   * const follows = await em.relate(ann, Follows, 'user:bob', { since: new Date() });
   * await em.relate(ann, Follows, bob, {}, { onConflict: 'ignore' }); // the one that is there already
   * ```
   * Without `onConflict` a second edge between the same records is one more, unless a unique index forbids it. With it an
   * edge is the same when it has the same ends and, where unique indexes hold both ends, the same values under one of them.
   * In a deferred transaction it is queued and resolves to undefined.
   * @throws ValidationError for ends and data that the edge cannot have
   * @throws UniqueConstraintError for an id that exists, and where a unique index forbids the edge
   * @throws EntityNotFoundError for an end that is missing, where the edge is `enforced`
   * @throws NotUniqueResultError for `update` where several edges join the two
   * @see https://surrealdb.com/docs/surrealql/statements/relate
   */
  relate<E extends object>(
    from: EndInput<E, 'in'>,
    edge: EntityClass<E>,
    to: EndInput<E, 'out'>,
    data?: EdgeData<E> & { readonly id?: IdInput<E> },
    options?: RelateOptions,
  ): Promise<E>;
  relate<E extends object>(
    ...[from, edge, to, data, options]: [unknown, EntityClass<E>?, unknown?, object?, RelateOptions?]
  ): Promise<E> | RelateQuery<E> {
    if (edge === undefined) return new RelateQuery<E>(this.sessionOf(edge), this.#edge(from as EntityClass<E>));
    return this.#relate({ edge, from, to, data: data ?? {} }, options ?? {});
  }

  async #relate<E extends object>(
    { edge, from, to, data }: { edge: EntityClass<E>; from: unknown; to: unknown; data: object },
    options: RelateOptions,
  ): Promise<E> {
    return (await relateRecords(relating(this.sessionOf(edge), this.#edge(edge), from, to, data), options)) as E;
  }

  /**
   * Deletes the edges that lead from one record to another, parallel ones too; answers how many.
   *
   * ```ts
   * const gone = await em.unrelate(ann, Follows, bob);
   * ```
   * In a deferred transaction it is queued and resolves to undefined. Subscribers hear of it as `beforeBulk` and `afterBulk`.
   * @see https://surrealdb.com/docs/surrealql/statements/delete
   */
  async unrelate<E extends object>(
    from: EndInput<E, 'in'>,
    edge: EntityClass<E>,
    to: EndInput<E, 'out'>,
  ): Promise<number> {
    return unrelateRecords(this.sessionOf(edge), this.#edge(edge), from, to) as Promise<number>;
  }

  /**
   * Deletes the edges of a record, in one request: those that lead away (`out`), those that lead to it (`in`), or both, which
   * is the default. Answers how many.
   *
   * ```ts
   * await em.unrelateAll(ann, [Follows, Likes], 'out');
   * ```
   * @see https://surrealdb.com/docs/surrealql/statements/delete
   */
  async unrelateAll<const C extends EntityClass | readonly EntityClass[], const D extends Direction = 'both'>(
    node: NodeInput<InstanceOf<C>, D>,
    edges: C,
    direction?: D,
  ): Promise<number> {
    const metas = [edges].flat().map((edge) => this.#edge(edge as EntityClass));
    return unrelateEvery(
      this.sessionOf([edges].flat()[0] as EntityClass),
      metas,
      node,
      direction ?? 'both',
    ) as Promise<number>;
  }

  /**
   * The records at the other end of a record's edges, each once, as managed entities; `out` is the default.
   *
   * ```ts
   * const friends = await em.related(ann, Follows, 'both');
   * ```
   * Conditions, order and fetches go with `em.traverse(…)`.
   * @see https://surrealdb.com/docs/surrealql/datamodel/idioms#graph-traversal
   */
  async related<E extends object, const D extends Direction = 'out'>(
    node: NodeInput<E, D>,
    edge: EntityClass<E>,
    direction?: D,
  ): Promise<OtherEnd<E, D>[]> {
    return relatedRecords(this.sessionOf(edge), this.#edge(edge), node, direction ?? 'out') as Promise<
      OtherEnd<E, D>[]
    >;
  }

  /**
   * Walks the graph.
   *
   * ```ts
   * const reachable = await em.traverse(abe).out(Route).to(Airport).out(Route).to(Airport).list();
   * ```
   * @see https://surrealdb.com/docs/surrealql/datamodel/idioms#graph-traversal
   */
  traverse<T extends object>(start: T | Link<T> | RecordId | string): GraphTraversal<T> {
    return GraphTraversal.from<T>(this.sessionWith(start as object), start);
  }

  #edge(edge: EntityClass): EntityMetadata {
    return this.core.registry.get(edge) as EntityMetadata;
  }
}

type InstanceOf<C> = C extends EntityClass<infer E> ? E : C extends readonly EntityClass<infer E>[] ? E : never;
