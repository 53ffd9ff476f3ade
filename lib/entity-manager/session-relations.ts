import type { EntityState } from '../entity/entity-state.js';
import type { CollectionMetadata } from '../entity/link-host.js';
import type { Row } from '../entity/row.js';
import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildCollection, buildCollectionCount, toId } from '../query/index.js';
import type { RelationReader } from '../unit-of-work/tracked-links.js';
import type { RecordId } from '../values/index.js';
import { CollectionReader } from './collection-reader.js';
import type { EmSession } from './em-session.js';
import { asReadOptions, checkReadOptions, type ReadOptions } from './read-options.js';
import { runStatement } from './run-statement.js';

/** Reads what the links of a session's entities ask for. */
export class SessionRelations implements RelationReader {
  readonly #session: EmSession;
  readonly #collections: CollectionReader;

  constructor(session: EmSession) {
    this.#session = session;
    this.#collections = new CollectionReader(session);
  }

  toId(meta: EntityMetadata, input: unknown, place?: string): RecordId {
    return toId(meta, input, this.#session.finder.context, place);
  }

  hidesDeleted(meta: EntityMetadata): boolean {
    return this.#session.filters.hidesDeleted(meta);
  }

  hidesAny(targets: readonly EntityMetadata[]): boolean {
    return targets.some((meta) => this.#session.filters.conditionOf(meta) !== undefined);
  }

  loadOne(meta: EntityMetadata, id: RecordId, path: string): Promise<object | null> {
    this.#session.batch.relations.note(path);
    return this.#session.finder.byId(this.#session.core.registry.byTable(id.table) ?? meta, id);
  }

  /** The owner's relation; its own values stay as they are. */
  async loadMany(owner: EntityState, property: CollectionMetadata): Promise<void> {
    const id = idOf(owner, property);
    this.#session.batch.relations.note(property.path);
    const { row, fetch } = await this.#collections.read(owner.meta, id, property);
    await this.#session.finder.attach(owner.entity, row ?? NO_ROW, fetch);
  }

  async countMany(owner: EntityState, property: CollectionMetadata): Promise<number> {
    const statement = buildCollectionCount(owner.meta, idOf(owner, property), property, this.#session.finder.context);
    return Number(await runStatement(this.#session, statement, 'count'));
  }

  async findMany(
    owner: EntityState,
    property: CollectionMetadata,
    where: unknown,
    options?: object,
  ): Promise<object[]> {
    const request: ReadOptions = asReadOptions(property.target(), options);
    checkReadOptions(property.target(), request);
    const query = this.#session.finder.contextWith(request.filters);
    const plan = buildCollection(property, idOf(owner, property), where, request, query);
    return this.#session.finder.run(property.target(), plan, request);
  }
}

const NO_ROW: Row = Object.freeze({});

function idOf(owner: EntityState, property: CollectionMetadata): RecordId {
  if (owner.id !== undefined && owner.phase !== 'new') return owner.id;
  throw new ValidationError({
    what: `${property.path} of a new ${owner.meta.className} has nothing to load`,
    fix: 'flush first',
  });
}
