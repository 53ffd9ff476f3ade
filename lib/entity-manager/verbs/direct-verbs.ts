import type { EntityClass } from '../../metadata/entity-metadata.js';
import type { CreateData } from '../../types/index.js';
import { insertRows, type BulkResult, type InsertOptions } from '../bulk-insert.js';
import { ReadingVerbs } from './reading-verbs.js';

/** Writes that act at once, past the unit of work (in a transaction block: with it). */
export abstract class DirectVerbs extends ReadingVerbs {
  /**
   * Writes rows at once, past the unit of work, in chunks.
   *
   * ```ts
   * await em.insert(Airport, rows, { chunk: 500, onProgress: ({ done, total }) => bar.update(done / total) });
   * ```
   */
  async insert<T extends object>(
    entity: EntityClass<T>,
    rows: CreateData<T> | readonly CreateData<T>[],
    options: InsertOptions = {},
  ): Promise<BulkResult> {
    const list = (Array.isArray(rows) ? rows : [rows]) as readonly object[];
    return insertRows(this.session, this.core.registry.get(entity) as never, list, options);
  }
}
