import type { Row } from '../entity/row.js';
import { stateOf } from '../entity/stamp.js';
import { ValidationError } from '../errors/index.js';
import type { EntityClass, EntityMetadata } from '../metadata/entity-metadata.js';
import { buildWhere } from '../query/index.js';
import { call, graph, select, value, type GraphHop } from '../surrealql/nodes/index.js';
import type { Where } from '../types/index.js';
import { toRecordId, type RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import { runStatement } from './run-statement.js';

interface Walk {
  readonly start: RecordId;
  readonly hops: readonly GraphHop[];
  /** What the last hop leads to; undefined while it stands on an edge. */
  readonly at: EntityMetadata | undefined;
}

/**
 * A walk over edges, built hop by hop; immutable.
 *
 * ```ts
 * const twoHops = await em.traverse(abe).out(Route).to(Airport).out(Route).to(Airport, { country: 'USA' }).list();
 * ```
 * @see https://surrealdb.com/docs/surrealql/datamodel/idioms#graph-traversal
 */
export class GraphTraversal<T extends object> {
  readonly #session: EmSession;
  readonly #walk: Walk;

  private constructor(session: EmSession, walk: Walk) {
    this.#session = session;
    this.#walk = walk;
  }

  /** @internal */
  static from<T extends object>(session: EmSession, start: T | RecordId): GraphTraversal<T> {
    const id = stateOf(start)?.id ?? toRecordId(start);
    if (id === undefined) {
      throw new ValidationError({ what: 'em.traverse() starts at an entity or a record id', fix: 'em.traverse(em.getReference(User, key))' });
    }
    return new GraphTraversal<T>(session, { start: id, hops: [], at: session.core.registry.byTable(id.table) });
  }

  /** Along edges that lead away: `->edge`. */
  out<E extends object>(edge: EntityClass<E>, where?: Where<E>): GraphTraversal<E> {
    return this.#hop('->', edge, where);
  }

  /** Against edges that lead here: `<-edge`. */
  in<E extends object>(edge: EntityClass<E>, where?: Where<E>): GraphTraversal<E> {
    return this.#hop('<-', edge, where);
  }

  /** The records at the other end of the edges, those that match. */
  to<U extends object>(target: EntityClass<U>, where?: Where<U>): GraphTraversal<U> {
    const last = this.#walk.hops.at(-1);
    if (last === undefined || this.#walk.at !== undefined) {
      throw new ValidationError({ what: '.to() follows .out() or .in()', fix: 'em.traverse(start).out(Edge).to(Target)' });
    }
    return this.#hop(last.arrow, target, where, true);
  }

  /** The managed entities that the walk ends at, each once. */
  async list(): Promise<T[]> {
    const { at, hops } = this.#walk;
    const meta = at ?? this.#metaOfLast();
    const reached = call('array::distinct', graph(hops, value(this.#walk.start)));
    const rows = (await runStatement(this.#session, select({ from: [reached] }), 'find')) as readonly Row[];
    return this.#session.finder.adoptRows(meta, rows) as Promise<T[]>;
  }

  /** The ids that the walk ends at, each once; nothing is read of the records. */
  async ids(): Promise<RecordId[]> {
    const reached = call('array::distinct', graph(this.#walk.hops, value(this.#walk.start)));
    return (await runStatement(this.#session, select({ value: reached, from: [value(this.#walk.start)], only: true }), 'find')) as RecordId[];
  }

  #hop<U extends object>(arrow: GraphHop['arrow'], entity: EntityClass<U>, where: unknown, lands = false): GraphTraversal<U> {
    const meta = this.#session.core.registry.get(entity) as unknown as EntityMetadata;
    if (!lands && meta.type !== 'relation') {
      throw new ValidationError({ what: `${meta.className} is not an edge`, fix: `@Table({ type: 'relation', … }) makes it one` });
    }
    const condition = where === undefined ? undefined : buildWhere(meta, where, { registry: this.#session.core.registry });
    const hop: GraphHop = { arrow, tables: [meta.table], ...(condition !== undefined && { where: condition }) };
    return new GraphTraversal<U>(this.#session, { start: this.#walk.start, hops: [...this.#walk.hops, hop], at: lands ? meta : undefined });
  }

  #metaOfLast(): EntityMetadata {
    const table = this.#walk.hops.at(-1)?.tables[0] ?? this.#walk.start.table;
    const meta = this.#session.core.registry.byTable(table);
    if (meta !== undefined) return meta;
    throw new ValidationError({ what: `Table ${table} belongs to no entity of this ORM` });
  }
}

