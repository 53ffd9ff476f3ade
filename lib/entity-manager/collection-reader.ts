import type { CollectionMetadata } from '../entity/link-host.js';
import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildCollections, type FetchNode } from '../query/index.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';

/** A row that holds one relation of its record, and where in it that stands. */
export interface ReadCollection {
  readonly row: Row | undefined;
  readonly fetch: readonly FetchNode[];
}

interface Group {
  readonly owners: RecordId[];
  readonly rows: Promise<ReadonlyMap<string, Row>>;
  fetch: readonly FetchNode[];
}

/** Reads the many sides of records: the same relation of several owners, asked for in one tick, is one statement. */
export class CollectionReader {
  readonly #session: EmSession;
  readonly #groups = new Map<CollectionMetadata, Group>();

  constructor(session: EmSession) {
    this.#session = session;
  }

  async read(meta: EntityMetadata, owner: RecordId, property: CollectionMetadata): Promise<ReadCollection> {
    const group = this.#groups.get(property) ?? this.#open(meta, property);
    group.owners.push(owner);
    this.#session.batch.join();
    const rows = await group.rows;
    return { row: rows.get(identityOf(owner)), fetch: group.fetch };
  }

  #open(meta: EntityMetadata, property: CollectionMetadata): Group {
    const owners: RecordId[] = [];
    const answer = this.#session.batch.run(() => {
      this.#groups.delete(property);
      const { statement, fetch } = buildCollections(meta, owners, property, this.#session.finder.context);
      group.fetch = fetch;
      return statement;
    });
    const rows = answer.then(
      (found) => new Map((found as readonly Row[]).map((row) => [identityOf(row['id'] as RecordId), row])),
    );
    const group: Group = { owners, rows, fetch: [] };
    this.#groups.set(property, group);
    return group;
  }
}
