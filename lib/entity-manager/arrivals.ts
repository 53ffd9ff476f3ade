import type { Row } from '../entity/row.js';
import { stateOf } from '../entity/stamp.js';
import type { FilterScope } from '../query/index.js';
import type { EntityState } from '../entity/entity-state.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';

/** The rows of one answer on their way into the unit of work; `onLoad` hears of those that were not known before. */
export class Arrivals {
  readonly session: EmSession;
  readonly #refresh: boolean;
  readonly #loaded: object[] = [];
  readonly #announcing: boolean;

  readonly #read: FilterScope | undefined;

  /** @param read the filters by which the rows were read; none for rows that were not read but written */
  constructor(session: EmSession, refresh: boolean, read?: FilterScope) {
    this.session = session;
    this.#read = read;
    this.#refresh = refresh;
    this.#announcing = session.core.dispatcher.has('onLoad');
  }

  adopt(meta: EntityMetadata, row: Row, columns: ReadonlySet<string> | undefined): object {
    if (meta.filters.length === 0 || this.#read === undefined) return this.#take(meta, row, columns);
    const isNew = this.session.uow.get(row['id'] as RecordId) === undefined;
    const entity = this.#take(meta, row, columns);
    this.#place(stateOf(entity) as EntityState, this.#read, isNew);
    return entity;
  }

  /** What the EntityManager's own filters let pass is shown; what came by others, and was not known, may have to be asked for. */
  #place(state: EntityState, read: FilterScope, isNew: boolean): void {
    const { filters } = this.session;
    if (read.conditionOf(state.meta) === filters.conditionOf(state.meta)) state.isHidden = false;
    else if (isNew && !read.sharesParameters(state.meta, filters)) state.isHidden = true;
  }

  #take(meta: EntityMetadata, row: Row, columns: ReadonlySet<string> | undefined): object {
    const { uow } = this.session;
    if (!this.#announcing || (columns !== undefined && columns !== meta.lazy?.rest))
      return uow.adopt(meta, row, columns, this.#refresh);
    const before = uow.get(row['id'] as RecordId);
    const isNew = before === undefined || before.phase === 'reference';
    const entity = uow.adopt(meta, row, columns, this.#refresh);
    if (isNew) this.#loaded.push(entity);
    return entity;
  }

  async announce(): Promise<void> {
    if (this.#loaded.length === 0) return;
    await this.session.core.dispatcher.emitLoads(this.session.em as object, this.#arrived());
  }

  /** The same where nobody can wait. @throws ValidationError for a hook that answers a promise */
  announceNow(): void {
    const em = this.session.em as object;
    for (const { entity, metadata } of this.#arrived())
      this.session.core.dispatcher.emitSync('onLoad', metadata, { em, entity, metadata });
  }

  #arrived(): readonly { readonly entity: object; readonly metadata: EntityMetadata }[] {
    return this.#loaded.map((entity) => ({ entity, metadata: stateOf(entity)?.meta as EntityMetadata }));
  }
}
