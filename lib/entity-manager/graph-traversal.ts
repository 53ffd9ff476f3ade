import { stateOf } from '../entity/stamp.js';
import { ValidationError } from '../errors/index.js';
import type { EntityClass, EntityMetadata } from '../metadata/entity-metadata.js';
import { mayBe } from '../metadata/is-a.js';
import { buildWalk, buildWalkIds, buildWhere, repeatOf, toId, type WalkStep } from '../query/index.js';
import type { Fetch, FindOptions, Loaded, MemberInput, NoFetch, Where, Link } from '../types/index.js';
import { identityOf, toRecordId, type RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import { pathsOf, shortestPath } from './graph-paths.js';
import { checkReadOptions, type ReadOptions } from './read-options.js';
import { runStatement } from './run-statement.js';

/** A step that repeats is written out as often. */
const MOST_HOPS = 100;

interface Walk {
  readonly start: RecordId;
  readonly steps: readonly WalkStep[];
  /** The entity that the walk stands on; undefined where a start's table belongs to none. */
  readonly at: EntityMetadata | undefined;
}

/**
 * A walk over edges, built step by step; immutable.
 *
 * ```ts
 * const twoHops = await em.traverse(abe).out(Route).to(Airport).out(Route).to(Airport, { country: 'USA' }).list();
 * ```
 * @throws ValidationError for steps that can lead nowhere, and for whatever is wrong in a where
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
  static from<T extends object>(session: EmSession, start: T | Link<T> | RecordId | string): GraphTraversal<T> {
    const id = typeof start === 'string' ? idInText(session, start) : (stateOf(start)?.id ?? toRecordId(start));
    if (id === undefined) {
      throw refused('em.traverse() starts at an entity or a record id', 'em.traverse(em.getReference(User, key))');
    }
    return new GraphTraversal<T>(session, { start: id, steps: [], at: session.core.registry.byTable(id.table) });
  }

  /** Along edges that lead away: `->edge`. */
  out<E extends object>(edge: EntityClass<E>, where?: Where<E>): GraphTraversal<E> {
    return this.#step('->', edge, where);
  }

  /** Against edges that lead here: `<-edge`. */
  in<E extends object>(edge: EntityClass<E>, where?: Where<E>): GraphTraversal<E> {
    return this.#step('<-', edge, where);
  }

  /** Edges either way: `<->edge`. */
  both<E extends object>(edge: EntityClass<E>, where?: Where<E>): GraphTraversal<E> {
    return this.#step('<->', edge, where);
  }

  /** The records at the other end of the edges, those that match. */
  to<U extends object>(target: EntityClass<U>, where?: Where<U>): GraphTraversal<U> {
    const meta = this.#metaOf(target);
    const { start, steps } = this.#walk;
    const last = steps.at(-1);
    if (last === undefined || last.target !== undefined) {
      throw refused('.to() follows .out(), .in() or .both()', 'em.traverse(start).out(Edge).to(Target)');
    }
    this.#check(meta, where);
    refuseEnd(last, meta);
    return this.#on<U>({
      start,
      steps: [...steps.slice(0, -1), { ...last, target: meta, targetWhere: where }],
      at: meta,
    });
  }

  /**
   * Takes the last step again and again: the walk then ends at whatever it comes to in `min` to `max` times, each record once.
   * With `min` 0 the records before the step are among them.
   *
   * ```ts
   * const reachable = await em.traverse(abe).out(Route).to(Airport).repeat(1, 3).list();
   * ```
   * @throws ValidationError for numbers that cannot be right, and for a step that does not lead back to where it can start
   */
  repeat(min: number, max: number): GraphTraversal<T> {
    const { start, steps, at } = this.#walk;
    const last = steps.at(-1);
    if (last?.target === undefined || last.repeat !== undefined)
      throw refused('.repeat() follows .to()', 'em.traverse(start).out(Edge).to(Target).repeat(1, 3)');
    const whole = Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max >= Math.max(1, min);
    if (!whole || max > MOST_HOPS)
      throw refused(
        `.repeat(${min}, ${max}) cannot be right`,
        `two whole numbers from 0 to ${MOST_HOPS}, the smaller first: .repeat(1, 3)`,
      );
    refuseStart(last.arrow, last.edge, last.target);
    return this.#on<T>({ start, steps: [...steps.slice(0, -1), { ...last, repeat: { min, max } }], at });
  }

  /**
   * Every path of the walk: the records from the start to an end, both included. A path meets no record twice, parallel edges
   * are one, and of a step that repeats there are paths of every length.
   *
   * ```ts
   * const ways = await em.traverse(abe).out(Route).to(Airport).repeat(1, 3).paths({ limit: 100 });
   * ```
   * There may be very many: `limit` says how many at most.
   */
  async paths({ limit = Infinity }: { readonly limit?: number } = {}): Promise<T[][]> {
    const steps = this.#overRecords('paths');
    const paths = await pathsOf(this.#session, this.#walk.start, steps, limit);
    return this.#entitiesOf(paths);
  }

  /**
   * The shortest path to a record, taking the one step of the walk again and again, as often as `repeat` says or without an
   * end; both ends are included. Null where none leads there. What was met is not met again, so that a circle ends.
   *
   * ```ts
   * const route = await em.traverse(abe).out(Route).to(Airport).shortestPathTo(jfk);
   * ```
   * A few hops are one request.
   * @throws ValidationError for a walk of several steps, and for a record of another table
   */
  async shortestPathTo(node: T | MemberInput<T> | RecordId): Promise<T[] | null> {
    const [step, ...more] = this.#overRecords('shortestPathTo');
    if (step?.target === undefined || more.length > 0 || repeatOf(step).min > 1)
      throw refused(
        '.shortestPathTo() takes one step again and again',
        'em.traverse(start).out(Edge).to(Target).shortestPathTo(node)',
      );
    refuseStart(step.arrow, step.edge, step.target);
    const target = this.#session.uow.links.identify([step.target], node, 'shortestPathTo');
    const ids = await shortestPath(this.#session, this.#walk.start, step, target);
    return ids === null ? null : ((await this.#entitiesOf([ids]))[0] ?? null);
  }

  /** The managed entities that the walk ends at, each once. */
  async list<const F extends Fetch<T> = NoFetch>(options?: FindOptions<T, F>): Promise<Loaded<T, F>[]> {
    const { start, steps } = this.#walk;
    const meta = this.#end();
    checkReadOptions(meta, options);
    const request: ReadOptions = options === undefined ? {} : (options as ReadOptions);
    const plan = buildWalk(meta, start, steps, request, this.#session.finder.contextWith(request.filters));
    return this.#session.finder.run(meta, plan, request) as Promise<Loaded<T, F>[]>;
  }

  /** The ids that the walk ends at, each once; nothing is read of the records. */
  async ids(): Promise<RecordId[]> {
    this.#end();
    const statement = buildWalkIds(this.#walk.start, this.#walk.steps, this.#session.finder.context);
    return (await runStatement(this.#session, statement, 'find')) as RecordId[];
  }

  /** How many records the walk ends at. */
  async count(): Promise<number> {
    this.#end();
    const statement = buildWalkIds(this.#walk.start, this.#walk.steps, this.#session.finder.context, 'count');
    return Number(await runStatement(this.#session, statement, 'count'));
  }

  /** The steps of a walk that goes from record to record. */
  #overRecords(verb: string): readonly WalkStep[] {
    this.#end();
    const { steps } = this.#walk;
    if (steps.every(({ target }) => target !== undefined)) return steps;
    throw refused(`.${verb}() leads over records`, 'take .to(Target) after each edge');
  }

  /** The paths as entities, each record read once; those over a record that is not there, or not to be seen, are left out. */
  async #entitiesOf(paths: readonly (readonly RecordId[])[]): Promise<T[][]> {
    const ids = new Map(paths.flat().map((id) => [identityOf(id), id]));
    const entities = new Map<string, object | null>();
    const read = async (key: string, id: RecordId): Promise<void> => {
      entities.set(key, await this.#session.finder.byId(this.#metaOfTable(id.table), id));
    };
    await Promise.all(Array.from(ids, ([key, id]) => read(key, id)));
    const found = paths.map((path) => path.map((id) => entities.get(identityOf(id))));
    return found.filter((path) => !path.includes(null)) as T[][];
  }

  #metaOfTable(table: string): EntityMetadata {
    const { registry } = this.#session.core;
    return registry.byTable(table) ?? (this.#walk.steps.at(-1)?.target as EntityMetadata);
  }

  #step<E extends object>(arrow: WalkStep['arrow'], edge: EntityClass<E>, where: unknown): GraphTraversal<E> {
    const meta = this.#metaOf(edge);
    if (meta.type !== 'relation')
      throw refused(`${meta.className} is not an edge`, `@Table({ type: 'relation', … }) makes it one`);
    this.#check(meta, where);
    const { start, steps, at } = this.#walk;
    refuseStart(arrow, meta, at);
    return this.#on<E>({ start, steps: [...steps, { arrow, edge: meta, edgeWhere: where }], at: meta });
  }

  #on<U extends object>(walk: Walk): GraphTraversal<U> {
    return new GraphTraversal<U>(this.#session, walk);
  }

  #metaOf(entity: EntityClass): EntityMetadata {
    return this.#session.core.registry.get(entity) as EntityMetadata;
  }

  /** A wrong where is refused at its step, not when the walk sets off. */
  #check(meta: EntityMetadata, where: unknown): void {
    buildWhere(meta, where, this.#session.finder.context);
  }

  #end(): EntityMetadata {
    const { at, steps } = this.#walk;
    const last = steps.at(-1);
    if (at === undefined || last === undefined)
      throw refused('This traversal has no step', 'em.traverse(start).out(Edge).to(Target)');
    for (const { edge, target } of steps) {
      this.#session.refuseQueued(edge);
      if (target !== undefined) this.#session.refuseQueued(target);
    }
    return at;
  }
}

/** `'user:abc'`, with the table of an entity before the colon. */
function idInText(session: EmSession, text: string): RecordId | undefined {
  const meta = session.core.registry.byTable(text.slice(0, Math.max(0, text.indexOf(':'))));
  return meta && toId(meta, text, session.finder.context);
}

/** Where nothing can be at the other end, the walk would silently find nothing. */
function refuseEnd({ arrow, edge }: WalkStep, target: EntityMetadata): void {
  const ends = endsOf(edge, arrow === '->' ? 'out' : arrow === '<-' ? 'in' : 'both');
  if (ends.length === 0 || ends.some((each) => mayBe(target, each))) return;
  throw refused(
    `${edge.className} does not lead to ${target.className} this way`,
    `it leads to ${ends.map(({ className }) => className).join(' or ')}: .to(${ends[0]?.className}), or go the other way`,
  );
}

function refuseStart(arrow: WalkStep['arrow'], edge: EntityMetadata, at: EntityMetadata | undefined): void {
  const ends = endsOf(edge, arrow === '->' ? 'in' : arrow === '<-' ? 'out' : 'both');
  if (at === undefined || ends.length === 0 || ends.some((each) => mayBe(at, each))) return;
  throw refused(
    `${edge.className} does not start at ${at.className} this way`,
    `it starts at ${ends.map(({ className }) => className).join(' or ')}: take .to(…) first, or go the other way`,
  );
}

/** Nothing where an edge was declared without ends: it may join anything. */
function endsOf({ edge }: EntityMetadata, end: 'in' | 'out' | 'both'): readonly EntityMetadata[] {
  if (edge === undefined) return [];
  if (end !== 'both') return edge[end];
  return edge.in.length === 0 || edge.out.length === 0 ? [] : [...edge.in, ...edge.out];
}

function refused(what: string, fix: string): ValidationError {
  return new ValidationError({ what, fix, errors: [{ path: 'traverse', message: what, rule: 'graph' }] });
}
