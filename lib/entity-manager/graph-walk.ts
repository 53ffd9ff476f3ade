import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildWalk, buildWalkIds, isPathStep, repeatOf, type EdgeStep, type WalkStep } from '../query/index.js';
import type { Fetch, FindOptions, Loaded, MemberInput, NoFetch, Select } from '../types/index.js';
import { identityOf, type RecordId } from '../values/index.js';
import { asOptions } from './as-options.js';
import type { EmSession } from './em-session.js';
import { refused, refuseStart } from './graph-ends.js';
import { pathsOf, shortestPath } from './graph-paths.js';
import { treeOf, type WalkTree } from './graph-tree.js';
import { asReadOptions, checkReadOptions, type ReadOptions } from './read-options.js';
import { runStatement } from './run-statement.js';

/** The steps of a walk, and where they lead. */
export interface Walk {
  readonly start: RecordId;
  readonly steps: readonly WalkStep[];
  /** The entity that the walk stands on; undefined where a start's table belongs to none. */
  readonly at: EntityMetadata | undefined;
}

/** A walk over edges that can be made: what it ends at, its paths, its tree. */
export abstract class GraphWalk<T extends object> {
  /** @internal */
  protected readonly session: EmSession;
  /** @internal */
  protected readonly walk: Walk;

  protected constructor(session: EmSession, walk: Walk) {
    this.session = session;
    this.walk = walk;
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
  async paths(options?: { readonly limit?: number }): Promise<T[][]> {
    const limit = limitOf('paths', options);
    const steps = this.#overRecords('paths');
    const paths = await pathsOf(this.session, this.walk.start, steps, limit);
    return this.#entitiesOf(paths);
  }

  /**
   * The paths of the walk as one tree, the start at its root; null where that is not there. The limit is that of `paths`.
   *
   * ```ts
   * const chart = await em.traverse(boss).in(ReportsTo).to(User).repeat(1, 5).tree(); // { node: boss, next: [{ node, next }, …] }
   * ```
   */
  async tree(options?: { readonly limit?: number }): Promise<WalkTree<T> | null> {
    limitOf('tree', options);
    const paths = await this.paths(options);
    const { start } = this.walk;
    const root = await this.session.finder.byId(this.#metaOfTable(start.table), start);
    return root === null ? null : treeOf(root as T, paths);
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
    refuseStart(step.arrow, step.edges, step.target);
    const target = this.session.uow.links.identify([step.target], node, 'shortestPathTo');
    const ids = await shortestPath(this.session, this.walk.start, step, target);
    return ids === null ? null : ((await this.#entitiesOf([ids]))[0] ?? null);
  }

  /** The managed entities that the walk ends at, each once. */
  async list<
    const F extends Fetch<T> = NoFetch,
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(options?: FindOptions<T, F, S, O>): Promise<Loaded<T, F, S, O>[]> {
    const { start, steps } = this.walk;
    const meta = this.#end();
    const request = asReadOptions(meta, options as ReadOptions | undefined);
    checkReadOptions(meta, request);
    const query = this.session.finder.contextWith(request.filters);
    const plan = (asked: ReadOptions) => buildWalk(meta, start, steps, asked, query);
    return this.session.finder.read(meta, request, plan) as Promise<Loaded<T, F, S, O>[]>;
  }

  /** The ids that the walk ends at, each once; nothing is read of the records. */
  async ids(): Promise<RecordId[]> {
    this.#end();
    const statement = buildWalkIds(this.walk.start, this.walk.steps, this.session.finder.context);
    return (await runStatement(this.session, statement, 'find')) as RecordId[];
  }

  /** How many records the walk ends at. */
  async count(): Promise<number> {
    this.#end();
    const statement = buildWalkIds(this.walk.start, this.walk.steps, this.session.finder.context, 'count');
    return Number(await runStatement(this.session, statement, 'count'));
  }

  /** The steps of a walk that goes from record to record. */
  #overRecords(verb: string): readonly EdgeStep[] {
    this.#end();
    const { steps } = this.walk;
    if (steps.some(isPathStep))
      throw refused(`.${verb}() does not know the records within a .path()`, 'go by .out(), .in() and .both()');
    if (steps.every(({ target }) => target !== undefined)) return steps as readonly EdgeStep[];
    throw refused(`.${verb}() leads over records`, 'take .to(Target) after each edge');
  }

  /** The paths as entities, each record read once; those over a record that is not there, or not to be seen, are left out. */
  async #entitiesOf(paths: readonly (readonly RecordId[])[]): Promise<T[][]> {
    const ids = new Map(paths.flat().map((id) => [identityOf(id), id]));
    const entities = new Map<string, object | null>();
    const read = async (key: string, id: RecordId): Promise<void> => {
      entities.set(key, await this.session.finder.byId(this.#metaOfTable(id.table), id));
    };
    await Promise.all(Array.from(ids, ([key, id]) => read(key, id)));
    const found = paths.map((path) => path.map((id) => entities.get(identityOf(id))));
    return found.filter((path) => !path.includes(null)) as T[][];
  }

  #metaOfTable(table: string): EntityMetadata {
    const { registry } = this.session.core;
    return registry.byTable(table) ?? (this.walk.steps.at(-1)?.target as EntityMetadata);
  }

  /** The entity that the walk ends at, of a walk that leads somewhere. */
  #end(): EntityMetadata {
    const { at, steps } = this.walk;
    const last = steps.at(-1);
    if (last !== undefined && at === undefined)
      throw refused('Edges of several kinds are no list of entities', 'take .to(Target) after them');
    if (at === undefined || last === undefined)
      throw refused('This traversal has no step', 'em.traverse(start).out(Edge).to(Target)');
    for (const step of steps) {
      if (step.target === undefined && !isPathStep(step) && step.repeat !== undefined)
        throw refused('A step that repeats leads to records', 'take .to(Target) after .repeat()');
      for (const edge of isPathStep(step) ? [] : step.edges) this.session.refuseQueued(edge);
      if (step.target !== undefined) this.session.refuseQueued(step.target);
    }
    return at;
  }
}

/** @throws ValidationError for what is no number of paths */
function limitOf(verb: string, given: { readonly limit?: number } | undefined): number {
  const { limit = Infinity, ...others } = asOptions(given, `.${verb}()`, `.${verb}({ limit: 100 })`);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refused(`.${verb}() has no option "${unknown}"`, `.${verb}({ limit: 100 })`);
  if (limit === Infinity || (Number.isSafeInteger(limit) && limit >= 0)) return limit;
  throw refused(`.${verb}() was given limit: ${String(limit)}`, 'a whole number from 0');
}
