import type { Row } from '../entity/row.js';
import { stateOf } from '../entity/stamp.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';

/** The rows of one answer on their way into the unit of work; `onLoad` hears of those that were not known before. */
export class Arrivals {
  readonly session: EmSession;
  readonly #refresh: boolean;
  readonly #loaded: object[] = [];
  readonly #announcing: boolean;

  constructor(session: EmSession, refresh: boolean) {
    this.session = session;
    this.#refresh = refresh;
    this.#announcing = session.core.dispatcher.has('onLoad');
  }

  adopt(meta: EntityMetadata, row: Row, columns: ReadonlySet<string> | undefined): object {
    const { uow } = this.session;
    if (!this.#announcing || columns !== undefined) return uow.adopt(meta, row, columns, this.#refresh);
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
