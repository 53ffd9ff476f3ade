import { stateOf } from '../entity/stamp.js';
import type { EntityClass, EntityMetadata } from '../metadata/entity-metadata.js';
import { isPathStep, tableInText, toId, visibleWhere, type EdgeStep } from '../query/index.js';
import { isFragment } from '../surrealql/surql.js';
import type { Fragment, Where, Link } from '../types/index.js';
import type { LeadsTo, StartsAt } from '../types/hops.js';
import { toRecordId, type RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import { refused, refuseEnd, refuseStart, startsAt } from './graph-ends.js';
import { GraphWalk, type Walk } from './graph-walk.js';

/** A step that repeats is written out as often. */
const MOST_HOPS = 100;

type Edges = readonly EntityClass[];
type AnyOf<C extends Edges> = InstanceType<C[number]>;

/**
 * A walk over edges, built step by step; immutable.
 *
 * ```ts
 * const twoHops = await em.traverse(abe).out(Route).to(Airport).out(Route).to(Airport, { country: 'USA' }).list();
 * ```
 * @throws ValidationError for steps that can lead nowhere, and for whatever is wrong in a where
 * @see https://surrealdb.com/docs/surrealql/datamodel/idioms#graph-traversal
 */
export class GraphTraversal<T extends object> extends GraphWalk<T> {
  /** @internal */
  static from<T extends object>(session: EmSession, start: T | Link<T> | RecordId | string): GraphTraversal<T> {
    const id = typeof start === 'string' ? idInText(session, start) : (stateOf(start)?.id ?? toRecordId(start));
    if (id === undefined) {
      throw refused('em.traverse() starts at an entity or a record id', 'em.traverse(em.getReference(User, key))');
    }
    return new GraphTraversal<T>(session, { start: id, steps: [], at: session.core.registry.byTable(id.table) });
  }

  /** Along edges that lead away, `->edge`: of one kind, of several, or of every kind that starts here. */
  out<E extends object>(edge: EntityClass<E> & StartsAt<T, E, 'out'>, where?: Where<E>): GraphTraversal<E>;
  out<const C extends Edges = Edges>(
    edges?: C & StartsAt<T, AnyOf<C>, 'out'>,
    where?: Where<AnyOf<C>>,
  ): GraphTraversal<AnyOf<C>>;
  out(edges?: EntityClass | Edges, where?: unknown): GraphTraversal<object> {
    return this.#step('->', edges, where);
  }

  /** Against edges that lead here, `<-edge`: of one kind, of several, or of every kind that ends here. */
  in<E extends object>(edge: EntityClass<E> & StartsAt<T, E, 'in'>, where?: Where<E>): GraphTraversal<E>;
  in<const C extends Edges = Edges>(
    edges?: C & StartsAt<T, AnyOf<C>, 'in'>,
    where?: Where<AnyOf<C>>,
  ): GraphTraversal<AnyOf<C>>;
  in(edges?: EntityClass | Edges, where?: unknown): GraphTraversal<object> {
    return this.#step('<-', edges, where);
  }

  /** Edges either way, `<->edge`: of one kind, of several, or of every kind. */
  both<E extends object>(edge: EntityClass<E> & StartsAt<T, E, 'both'>, where?: Where<E>): GraphTraversal<E>;
  both<const C extends Edges = Edges>(
    edges?: C & StartsAt<T, AnyOf<C>, 'both'>,
    where?: Where<AnyOf<C>>,
  ): GraphTraversal<AnyOf<C>>;
  both(edges?: EntityClass | Edges, where?: unknown): GraphTraversal<object> {
    return this.#step('<->', edges, where);
  }

  /**
   * A step written in SurrealQL, from each record that the walk stands on: what has no words of its own here. Of what it comes to,
   * the records of `target` count that match.
   *
   * ```ts
   * const above = await em.traverse(ann).path(User, surql`.{1..5+collect}->reports_to[WHERE since < ${year}]->user`).list();
   * ```
   */
  path<U extends object>(target: EntityClass<U>, path: Fragment, where?: Where<U>): GraphTraversal<U> {
    const meta = this.#metaOf(target);
    if (!isFragment(path)) throw refused('.path() takes SurrealQL', '.path(User, surql`->follows->user`)');
    this.#check([meta], where);
    const { start, steps } = this.walk;
    return this.#on<U>({ start, steps: [...steps, { path, target: meta, targetWhere: where }], at: meta });
  }

  /** The records at the other end of the edges, those that match. */
  to<U extends object>(target: EntityClass<U> & LeadsTo<U, T>, where?: Where<U>): GraphTraversal<U> {
    const meta = this.#metaOf(target);
    const { start, steps } = this.walk;
    const last = steps.at(-1);
    if (last === undefined || isPathStep(last) || last.target !== undefined) {
      throw refused('.to() follows .out(), .in() or .both()', 'em.traverse(start).out(Edge).to(Target)');
    }
    this.#check([meta], where);
    refuseEnd(last, meta);
    if (last.repeat !== undefined) refuseStart(last.arrow, last.edges, meta);
    return this.#on<U>({
      start,
      steps: [...steps.slice(0, -1), { ...last, target: meta, targetWhere: where }],
      at: meta,
    });
  }

  /**
   * Takes the last step again and again: the walk then ends at whatever it comes to in `min` to `max` times, each record once.
   * With `min` 0 the records before the step are among them. It stands behind `.to()`, or before it.
   *
   * ```ts
   * const reachable = await em.traverse(abe).out(Route).to(Airport).repeat(1, 3).list();
   * ```
   * @throws ValidationError for numbers that cannot be right, and for a step that does not lead back to where it can start
   */
  repeat(min: number, max: number): GraphTraversal<T> {
    const { start, steps, at } = this.walk;
    const last = steps.at(-1);
    if (last === undefined || isPathStep(last) || last.repeat !== undefined)
      throw refused('.repeat() follows a step over edges', 'em.traverse(start).out(Edge).to(Target).repeat(1, 3)');
    const whole = Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max >= Math.max(1, min);
    if (!whole || max > MOST_HOPS)
      throw refused(
        `.repeat(${min}, ${max}) cannot be right`,
        `two whole numbers from 0 to ${MOST_HOPS}, the smaller first: .repeat(1, 3)`,
      );
    if (last.target !== undefined) refuseStart(last.arrow, last.edges, last.target);
    return this.#on<T>({ start, steps: [...steps.slice(0, -1), { ...last, repeat: { min, max } }], at });
  }

  #step(arrow: EdgeStep['arrow'], given: EntityClass | Edges | undefined, where: unknown): GraphTraversal<object> {
    const { start, steps, at } = this.walk;
    const edges = given === undefined ? this.#everyEdge(arrow) : [given].flat().map((edge) => this.#metaOf(edge));
    const odd = edges.find(({ type }) => type !== 'relation');
    if (odd !== undefined)
      throw refused(`${odd.className} is not an edge`, `@Table({ type: 'relation', … }) makes it one`);
    if (edges.length === 0) throw refused('No kind of edge starts here', 'name one: .out(Edge)');
    this.#check(edges, where);
    refuseStart(arrow, edges, at);
    const step = { arrow, edges, edgeWhere: where };
    return this.#on<object>({ start, steps: [...steps, step], at: edges.length === 1 ? edges[0] : undefined });
  }

  /** Those of the entities: what else the database may hold, nobody here could read. */
  #everyEdge(arrow: EdgeStep['arrow']): readonly EntityMetadata[] {
    const { at } = this.walk;
    const edges = this.session.core.registry.entities.filter(({ type }) => type === 'relation');
    return at === undefined ? edges : edges.filter((edge) => startsAt(arrow, edge, at));
  }

  #on<U extends object>(walk: Walk): GraphTraversal<U> {
    return new GraphTraversal<U>(this.session, walk);
  }

  #metaOf(entity: EntityClass): EntityMetadata {
    return this.session.core.registry.get(entity) as EntityMetadata;
  }

  /** A wrong where is refused at its step, not when the walk sets off. */
  #check(metas: readonly EntityMetadata[], where: unknown): void {
    visibleWhere(metas[0] as EntityMetadata, where, this.session.finder.context, metas);
  }
}

/** `'user:abc'`, with the table of an entity before the colon. */
function idInText(session: EmSession, text: string): RecordId | undefined {
  const table = tableInText(text)?.table;
  const meta = table === undefined ? undefined : session.core.registry.byTable(table);
  return meta && toId(meta, text, session.finder.context);
}
