import type { EntityState } from '../entity/entity-state.js';
import type { CollectionMetadata } from '../entity/link-host.js';
import type { Row } from '../entity/row.js';
import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildCollection, buildCollectionCount, buildFind, toId, type FindRequest } from '../query/index.js';
import type { RelationReader } from '../unit-of-work/unit-of-work.js';
import type { RecordId } from '../values/index.js';
import { attachFetched } from './attach-fetched.js';
import type { EmSession } from './em-session.js';
import { runStatement } from './run-statement.js';

/** Reads what the links of a session's entities ask for. */
export class SessionRelations implements RelationReader {
  readonly #session: EmSession;

  constructor(session: EmSession) {
    this.#session = session;
  }

  toId(meta: EntityMetadata, input: unknown): RecordId {
    return toId(meta, input, this.#session.finder.context);
  }

  loadOne(meta: EntityMetadata, id: RecordId): Promise<object | null> {
    return this.#session.finder.byId(this.#session.core.registry.byTable(id.table) ?? meta, id);
  }

  /** The owner read again with the relation fetched; its own values stay as they are. */
  async loadMany(owner: EntityState, property: CollectionMetadata): Promise<void> {
    const id = idOf(owner, property);
    const options = { fetch: { [property.property]: true }, select: [] };
    const { statement, fetch } = buildFind(owner.meta, id, options, this.#session.finder.context);
    const [row] = (await runStatement(this.#session, statement, 'load')) as readonly Row[];
    attachFetched(this.#session, owner.entity, row ?? {}, fetch, []);
  }

  async countMany(owner: EntityState, property: CollectionMetadata): Promise<number> {
    const statement = buildCollectionCount(owner.meta, idOf(owner, property), property, this.#session.finder.context);
    return Number(await runStatement(this.#session, statement, 'count'));
  }

  async findMany(owner: EntityState, property: CollectionMetadata, where: unknown, options: unknown = {}): Promise<object[]> {
    const plan = buildCollection(property, idOf(owner, property), where, options as FindRequest, this.#session.finder.context);
    return this.#session.finder.run(property.target(), plan, {});
  }
}

function idOf(owner: EntityState, property: CollectionMetadata): RecordId {
  if (owner.id !== undefined && owner.phase !== 'new') return owner.id;
  throw new ValidationError({ what: `${property.path} of a new ${owner.meta.className} has nothing to load`, fix: 'flush first' });
}
