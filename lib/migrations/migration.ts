import type { EntityManager } from '../entity-manager/entity-manager.js';
import type { EntityClass } from '../metadata/entity-metadata.js';
import type { SurqlFragment } from '../surrealql/surql.js';
import type { Where } from '../types/index.js';

/** What the steps of a migration work with. */
export interface MigrationContext {
  /** The migration's EntityManager: its transaction, or a fork where there is none. */
  readonly em: EntityManager;
  /**
   * Runs SurrealQL and answers one result a statement. Plain text is sent as it is; `surql` binds what stands between.
   *
   * ```ts
   * await m.query(`DEFINE FIELD slug ON TABLE post TYPE option<string>`);
   * ```
   */
  query<R extends readonly unknown[] = unknown[]>(statement: string | SurqlFragment): Promise<R>;
  /**
   * Loads the records that match in batches, in the order of their ids, and flushes what `work` changes after each. In a
   * migration with `transaction: false` each batch is a transaction of its own, which also notes how far it came: after a crash
   * the next run goes on behind the last batch that was written. Answers with the number of records.
   *
   * ```ts
   * await m.batch(Post, { slug: { $isNone: true } }, 500, (posts) => {
   *   for (const post of posts) post.slug = slugOf(post.title);
   * });
   * ```
   */
  batch<T extends object>(
    entity: EntityClass<T>,
    where: Where<T>,
    size: number,
    work: (entities: T[], em: EntityManager) => Promise<void> | void,
  ): Promise<number>;
}

/** A migration as a file exports it. */
export interface Migration {
  up(m: MigrationContext): Promise<void> | void;
  /** Left out, the migration cannot be taken back. */
  down?(m: MigrationContext): Promise<void> | void;
  /**
   * Default true: all of it or nothing, together with its entry in the history. `false` for what would be too much for one
   * transaction; what stood before a crash then runs again, except for batches that were done.
   */
  readonly transaction?: boolean;
}

/**
 * Types a migration file.
 *
 * ```ts
 * export default defineMigration({
 *   async up(m) { await m.query('DEFINE FIELD slug ON TABLE post TYPE option<string>'); },
 *   async down(m) { await m.query('REMOVE FIELD slug ON TABLE post'); },
 * });
 * ```
 */
export function defineMigration(migration: Migration): Migration {
  return migration;
}
