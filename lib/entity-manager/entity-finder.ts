import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { isA, mayBe } from '../metadata/is-a.js';
import {
  buildCount,
  buildExists,
  buildFetch,
  buildFind,
  explained,
  missingWhere,
  type Explained,
  type FetchNode,
  type FilterChoice,
  type FilterScope,
  type QueryContext,
  type WalkPlan,
} from '../query/index.js';
import type { Statement } from '../surrealql/nodes/index.js';
import type { RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import { fetchApart, unlessTooDeep } from './apart-reader.js';
import { Arrivals } from './arrivals.js';
import { attachFetched } from './attach-fetched.js';
import { runStatement } from './run-statement.js';
import { checkReadOptions, isBare, type ReadOptions } from './read-options.js';
import { asRecordId } from './where-id.js';

/** Of a read that brings no records. */
type BareOptions = Pick<ReadOptions, 'filters' | 'cache' | 'version'>;

export type PickRows = (rows: readonly Row[]) => readonly Row[];

/** Reads entities into the unit of work of a session: one record is one object, and the first read wins. */
export class EntityFinder {
  readonly #session: EmSession;

  constructor(session: EmSession) {
    this.#session = session;
  }

  get context(): QueryContext {
    return this.contextWith(undefined);
  }

  /** What a query is built with that chooses filters of its own. @throws ValidationError for filters that there are not */
  contextWith(filters: FilterChoice | undefined): QueryContext {
    const { core, transaction } = this.#session;
    const ownWrites = transaction?.interactive !== undefined;
    const scope = this.#session.filters.with(filters);
    return core.registry.hasConditions
      ? { registry: core.registry, ownWrites, scope: (meta) => scope.conditionOf(meta) }
      : { registry: core.registry, ownWrites };
  }

  async find(meta: EntityMetadata, where: unknown, options: ReadOptions = {}): Promise<object[]> {
    checkReadOptions(meta, options);
    this.#session.refuseQueued(meta);
    const query = this.contextWith(options.filters);
    return this.read(meta, options, (asked) => buildFind(meta, where, asked, query));
  }

  /**
   * Whatever kind of read: its relations come in the same statement, or in further ones where that is asked for and where its
   * text would be nested too deeply for the server.
   *
   * @param plan makes the read for these options, with the relations or without them
   */
  async read(
    meta: EntityMetadata,
    given: ReadOptions,
    plan: (options: ReadOptions) => WalkPlan,
    pick?: PickRows,
  ): Promise<object[]> {
    // What was is no part of what this unit of work knows, and writes.
    const options = given.version === undefined ? given : { ...given, managed: false };
    const whole = () => this.run(meta, plan(options), options, pick);
    if (options.fetch === undefined) return whole();
    const inParts = () => this.#readInParts(meta, options, plan, pick);
    return options.strategy === 'separate' ? inParts() : unlessTooDeep(whole, inParts);
  }

  /** The records first, then their relations. */
  async #readInParts(
    meta: EntityMetadata,
    options: ReadOptions,
    plan: (options: ReadOptions) => WalkPlan,
    pick?: PickRows,
  ): Promise<object[]> {
    if (options.managed === false)
      return this.#unmanaged((aside) => aside.#readInParts(meta, { ...options, managed: true }, plan, pick));
    const { nodes } = buildFetch(meta, options.fetch, this.contextWith(options.filters));
    const { fetch, ...read } = options;
    const entities = await this.run(meta, plan(withLinks(read, nodes)), options, pick);
    await fetchApart(this.#session, meta, entities, fetch as Row, options);
    return entities;
  }

  /** Asks how a find would be answered; with `full` it is. */
  async explain(meta: EntityMetadata, where: unknown, options: ReadOptions, full: boolean): Promise<Explained> {
    checkReadOptions(meta, options);
    const { statement } = buildFind(meta, where, options, this.contextWith(options.filters));
    const asked = Object.freeze({ ...statement, explain: full ? ('full' as const) : ('plain' as const) });
    return explained(await runStatement(this.#session, asked, 'find', options));
  }

  /**
   * Sends a planned read and takes its rows, fetched relations included.
   *
   * @param pick looks at the rows and says which become entities; all of them unless given
   */
  async run(meta: EntityMetadata, plan: WalkPlan, options: ReadOptions, pick?: PickRows): Promise<object[]> {
    if (options.managed === false)
      return this.#unmanaged((aside) => aside.run(meta, plan, { ...options, managed: true }, pick));
    if (plan.matchesNothing) return [];
    const answer = (await runStatement(this.#session, plan.statement, 'find', options)) as readonly Row[];
    const rows = pick === undefined ? answer : pick(answer);
    const arrivals = new Arrivals(this.#session, options.refresh === true, this.#session.filters.with(options.filters));
    const entities = rows.map((row) => arrivals.adopt(meta, row, plan.columns));
    for (const [index, entity] of entities.entries()) attachFetched(arrivals, entity, rows[index] as Row, plan.fetch);
    await arrivals.announce();
    return entities;
  }

  async findOne(meta: EntityMetadata, where: unknown, options: ReadOptions = {}): Promise<object | null> {
    // Of all records any would be the first: a where that went missing must not find somebody else.
    if (where === undefined) throw missingWhere(meta.className);
    checkReadOptions(meta, options);
    const id = isBare(options) ? asRecordId(meta, where, this.context) : undefined;
    if (id !== undefined) return this.byId(meta, id);
    const [first] = await this.find(meta, where, { ...options, limit: 1 });
    return first ?? null;
  }

  /** Sends nothing for an entity that is loaded here; what is asked for in one tick travels together. */
  async byId(meta: EntityMetadata, id: RecordId): Promise<object | null> {
    const known = this.#session.uow.get(id);
    if (known !== undefined && (known.phase === 'removed' || !mayBe(known.meta, meta))) return null;
    const isLoaded = known !== undefined && known.phase !== 'reference' && known.isWhole;
    if (isLoaded && !known.isHidden) return isA(known.meta, meta) ? known.entity : null;
    const { filters } = this.#session;
    const row = await this.#session.points.read(id, { condition: filters.conditionOf(meta), lazy: meta.lazy });
    if (row === undefined) return null;
    const [entity] = await this.adoptRows(meta, [row], filters, meta.lazy?.rest);
    return entity ?? null;
  }

  findByIds(meta: EntityMetadata, ids: readonly RecordId[]): Promise<(object | null)[]> {
    return Promise.all(ids.map((id) => this.byId(meta, id)));
  }

  /** Reads a record again, whatever is known of it; null when it is gone. */
  async reread(meta: EntityMetadata, id: RecordId): Promise<object | null> {
    const row = await this.#session.points.read(id);
    return row === undefined ? null : this.#session.uow.adopt(meta, row, undefined, true);
  }

  async count(meta: EntityMetadata, where: unknown, options: BareOptions = {}): Promise<number> {
    const { version } = options;
    const statement = buildCount(meta, where, this.contextWith(options.filters), { ...(version && { version }) });
    // Of a record user who sees none of them the server answers with no group at all.
    return Number((await this.#bare(meta, statement, options)) ?? 0);
  }

  async exists(meta: EntityMetadata, where: unknown, options: BareOptions = {}): Promise<boolean> {
    const statement = buildExists(meta, where, this.contextWith(options.filters));
    return (await this.#bare(meta, statement, options)) === true;
  }

  #bare(meta: EntityMetadata, statement: Statement, { cache }: BareOptions): Promise<unknown> {
    this.#session.refuseQueued(meta);
    return runStatement(this.#session, statement, 'count', { cache });
  }

  /** Takes rows that another reader has brought; `read` says by which filters, unless it was none. */
  async adoptRows(
    meta: EntityMetadata,
    rows: readonly Row[],
    read?: FilterScope,
    columns?: ReadonlySet<string>,
  ): Promise<object[]> {
    const arrivals = new Arrivals(this.#session, false, read);
    const entities = rows.map((row) => arrivals.adopt(meta, row, columns));
    await arrivals.announce();
    return entities;
  }

  /** Hangs the relations that a row brings onto an entity whose own values stay as they are. */
  async attach(entity: object, row: Row, fetch: readonly FetchNode[]): Promise<void> {
    const arrivals = new Arrivals(this.#session, false, this.#session.filters);
    attachFetched(arrivals, entity, row, fetch);
    await arrivals.announce();
  }

  /** Plain instances, of which no unit of work knows. */
  async #unmanaged(read: (finder: EntityFinder) => Promise<object[]>): Promise<object[]> {
    const { transaction } = this.#session;
    const aside = this.#session.derive({ transaction });
    aside.em = this.#session.em;
    const entities = await read(aside.finder);
    aside.uow.clear();
    return entities;
  }
}

/** A fetched link needs its own column beside what it leads to. */
function withLinks(read: ReadOptions, fetch: readonly FetchNode[]): ReadOptions {
  const links = fetch.flatMap(({ property }) => ('column' in property ? [property.property] : []));
  const { select, omit } = read;
  return {
    ...read,
    ...(select !== undefined && { select: [...new Set([...select, ...links])] }),
    ...(omit !== undefined && { omit: omit.filter((name) => !links.includes(name)) }),
  };
}
