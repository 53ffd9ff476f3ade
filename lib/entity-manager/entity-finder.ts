import type { Row } from '../entity/row.js';
import { stateOf } from '../entity/stamp.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildCount, buildExists, buildFind, type FindPlan, type FindRequest, type QueryContext } from '../query/index.js';
import { select, value } from '../surrealql/nodes/index.js';
import { identityOf, type RecordId } from '../values/index.js';
import { EmSession } from './em-session.js';
import { attachFetched } from './attach-fetched.js';
import { runStatement } from './run-statement.js';
import { asRecordId } from './where-id.js';

/** How a read goes, beside its where; the typed form is `FindOptions`. */
export interface ReadOptions extends FindRequest {
  readonly refresh?: boolean;
  readonly managed?: boolean;
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

/** Reads entities into the unit of work of a session: one record is one object, and the first read wins. */
export class EntityFinder {
  readonly #session: EmSession;

  constructor(session: EmSession) {
    this.#session = session;
  }

  get context(): QueryContext {
    return { registry: this.#session.core.registry };
  }

  async find(meta: EntityMetadata, where: unknown, options: ReadOptions = {}): Promise<object[]> {
    if (options.managed === false) return this.#unmanaged(meta, where, options);
    this.#session.refuseQueued(meta);
    return this.run(meta, buildFind(meta, where, options, this.context), options);
  }

  /** Sends a planned read and takes its rows, fetched relations included. */
  async run(meta: EntityMetadata, { statement, fetch, columns, matchesNothing }: FindPlan, options: ReadOptions): Promise<object[]> {
    if (matchesNothing) return [];
    const rows = (await runStatement(this.#session, statement, 'find', options)) as readonly Row[];
    const loaded: object[] = [];
    const entities = rows.map((row) => this.#adopt(meta, row, columns, options.refresh === true, loaded));
    for (const [index, entity] of entities.entries()) attachFetched(this.#session, entity, rows[index] as Row, fetch, loaded);
    await this.#announce(loaded);
    return entities;
  }

  async findOne(meta: EntityMetadata, where: unknown, options: ReadOptions = {}): Promise<object | null> {
    const id = isBare(options) ? asRecordId(meta, where, this.context) : undefined;
    if (id !== undefined) return this.byId(meta, id);
    const [first] = await this.find(meta, where, { ...options, limit: 1 });
    return first ?? null;
  }

  /** Sends nothing for an entity that is loaded here; what is asked for in one tick travels together. */
  async byId(meta: EntityMetadata, id: RecordId): Promise<object | null> {
    const known = this.#session.uow.get(id);
    if (known?.phase === 'removed') return null;
    if (known !== undefined && known.phase !== 'reference' && known.loadedColumns === undefined) return known.entity;
    const row = await this.#session.points.read(id);
    if (row === undefined) return null;
    const loaded: object[] = [];
    const entity = this.#adopt(meta, row, undefined, false, loaded);
    await this.#announce(loaded);
    return entity;
  }

  findByIds(meta: EntityMetadata, ids: readonly RecordId[]): Promise<(object | null)[]> {
    return Promise.all(ids.map((id) => this.byId(meta, id)));
  }

  /** Reads a record again, whatever is known of it; null when it is gone. */
  async reread(meta: EntityMetadata, id: RecordId): Promise<object | null> {
    const rows = (await runStatement(this.#session, select({ from: [value([id])] }), 'find')) as readonly Row[];
    const row = rows.find((one) => identityOf(one['id'] as RecordId) === identityOf(id));
    return row === undefined ? null : this.#session.uow.adopt(meta, row, undefined, true);
  }

  async count(meta: EntityMetadata, where: unknown): Promise<number> {
    this.#session.refuseQueued(meta);
    const answer = await runStatement(this.#session, buildCount(meta, where, this.context), 'count');
    return Number(answer);
  }

  async exists(meta: EntityMetadata, where: unknown): Promise<boolean> {
    this.#session.refuseQueued(meta);
    return (await runStatement(this.#session, buildExists(meta, where, this.context), 'count')) === true;
  }

  /** Takes rows that another reader has brought. */
  async adoptRows(meta: EntityMetadata, rows: readonly Row[]): Promise<object[]> {
    const loaded: object[] = [];
    const entities = rows.map((row) => this.#adopt(meta, row, undefined, false, loaded));
    await this.#announce(loaded);
    return entities;
  }

  #adopt(meta: EntityMetadata, row: Row, columns: ReadonlySet<string> | undefined, refresh: boolean, loaded: object[]): object {
    const { uow } = this.#session;
    const before = uow.get(row['id'] as RecordId);
    const isNew = before === undefined || before.phase === 'reference';
    const entity = uow.adopt(meta, row, columns, refresh);
    if (isNew && columns === undefined) loaded.push(entity);
    return entity;
  }

  async #announce(entities: readonly object[]): Promise<void> {
    const { dispatcher } = this.#session.core;
    if (entities.length === 0 || !dispatcher.has('onLoad')) return;
    const loaded = entities.map((entity) => ({ entity, metadata: stateOf(entity)?.meta as EntityMetadata }));
    await dispatcher.emitLoads(this.#session.em as object, loaded);
  }

  /** Plain instances, of which no unit of work knows. */
  async #unmanaged(meta: EntityMetadata, where: unknown, options: ReadOptions): Promise<object[]> {
    const aside = new EmSession(this.#session.core, this.#session.transaction);
    aside.em = this.#session.em;
    const entities = await aside.finder.find(meta, where, { ...options, managed: true });
    aside.uow.clear();
    return entities;
  }
}

function isBare(options: ReadOptions): boolean {
  return Object.values(options).every((option) => option === undefined);
}
