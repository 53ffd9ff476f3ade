import { BulkError, ReverieError, ValidationError } from '../errors/index.js';
import { stateOf } from '../entity/stamp.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  insert,
  letStatement,
  param,
  path,
  pathOf,
  table,
  transaction,
  value,
  type Assignment,
  type Statement,
} from '../surrealql/nodes/index.js';
import type { CreateChangeSet } from '../unit-of-work/change-set.js';
import { computeCreate } from '../unit-of-work/change-computer.js';
import { explainFailure } from '../unit-of-work/explain-failure.js';
import { createEdges } from '../unit-of-work/flush-statements.js';
import { validateWork } from '../unit-of-work/validate-work.js';
import type { RecordId } from '../values/index.js';
import { EmSession } from './em-session.js';
import { linkedById } from './direct/linked-by-id.js';
import { writeStatements } from './write-statements.js';

export interface InsertOptions {
  /** Rows of one statement; each chunk is a transaction of its own. Default: what the engine takes well. */
  readonly chunk?: number;
  /** What to do with a row whose id or unique value exists: `error` (default), leave the stored one, or overwrite its fields. */
  readonly onConflict?: 'error' | 'ignore' | 'update';
  /** `throw` (default) stops at the first failing chunk; `collect` goes on and reports each failing row. */
  readonly onError?: 'throw' | 'collect';
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface BulkResult {
  readonly inserted: number;
  readonly failed: number;
  /** `index` is the 0-based place of the row in what was given. */
  readonly errors: readonly { readonly index: number; readonly error: unknown }[];
}

/** Writes rows past the unit of work. In a deferred transaction they are queued and leave with it. */
export async function insertRows(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  options: InsertOptions,
): Promise<BulkResult> {
  if (meta.readOnly) throw new ValidationError({ what: `${meta.className} is read-only`, why: 'it is a view' });
  if (session.transaction !== undefined && session.transaction.interactive === undefined) {
    for (const row of rows) session.uow.create(meta, row);
    return undefined as unknown as BulkResult;
  }
  const sets = encodeRows(session, meta, rows);
  return new BulkInsert(session, meta, options).run(sets);
}

/** Rows pass through a unit of work of their own: the same checks, codecs and ids as `create`. Data nested in links comes first. */
function encodeRows(session: EmSession, meta: EntityMetadata, rows: readonly object[]): CreateChangeSet[] {
  const { uow } = new EmSession(session.core);
  const encode = (target: EntityMetadata, entity: object) =>
    computeCreate(uow.shapes.of(target), uow.require(entity, 'insert'), (entity as { id: RecordId }).id);
  const own = rows.map((row) => encode(meta, uow.create(meta, linkedById(meta, row), false)));
  const related = [...uow.states()]
    .filter((state) => state.phase === 'new')
    .map((state) => encode(state.meta, state.entity));
  validateWork(uow, [...related, ...own]);
  if (related.length > 0) {
    throw new ValidationError({
      what: `em.insert(${meta.className}, …) was given data for ${related[0]?.meta.className ?? 'another entity'} inside a link`,
      why: 'a bulk insert writes one table',
      fix: ['insert the targets first and link them by id', 'use em.create(…) and em.flush()'],
    });
  }
  for (const { state } of own) if (stateOf(state.entity) === state) state.phase = 'detached';
  return own;
}

class BulkInsert {
  readonly #session: EmSession;
  readonly #meta: EntityMetadata;
  readonly #options: InsertOptions;
  readonly #errors: { index: number; error: unknown }[] = [];
  #inserted = 0;

  constructor(session: EmSession, meta: EntityMetadata, options: InsertOptions) {
    this.#session = session;
    this.#meta = meta;
    this.#options = options;
  }

  async run(sets: readonly CreateChangeSet[]): Promise<BulkResult> {
    const size = this.#options.chunk ?? this.#session.core.driver.capabilities.insertChunk;
    if (!Number.isInteger(size) || size < 1)
      throw new ValidationError({ what: `chunk must be a whole number from 1, got ${size}` });
    for (let start = 0; start < sets.length; start += size) {
      const chunk = sets.slice(start, start + size);
      await this.#writeChunk(chunk, start);
      this.#options.onProgress?.({ done: start + chunk.length, total: sets.length });
    }
    return this.#result();
  }

  async #writeChunk(chunk: readonly CreateChangeSet[], start: number): Promise<void> {
    try {
      await this.#write(chunk);
      this.#inserted += chunk.length;
    } catch (error) {
      if (this.#options.onError !== 'collect') throw this.#failure(error);
      await this.#writeEach(chunk, start);
    }
  }

  /** A chunk fails as a whole: row by row it shows which ones are to blame. */
  async #writeEach(chunk: readonly CreateChangeSet[], start: number): Promise<void> {
    for (const [offset, set] of chunk.entries()) {
      try {
        await this.#write([set]);
        this.#inserted++;
      } catch (error) {
        this.#errors.push({ index: start + offset, error });
      }
    }
  }

  async #write(sets: readonly CreateChangeSet[]): Promise<void> {
    const plan = { statements: [this.#statement(sets)], groups: [], members: sets };
    try {
      await writeStatements(this.#session, plan.statements, 'direct');
    } catch (error) {
      throw explainFailure(error, plan, 'none');
    }
  }

  #statement(sets: readonly CreateChangeSet[]): Statement {
    const { onConflict = 'error' } = this.#options;
    const isEdge = this.#meta.type === 'relation';
    // INSERT RELATION answers OK with the old row where an id exists; RELATE behind a check does not.
    // (An expression alone would be read-only: LET in a transaction may write.)
    if (isEdge && onConflict === 'error') return transaction([letStatement('edges', createEdges(sets, 0, false))]);
    return insert({
      into: table(this.#meta.table),
      rows: value(sets.map((set) => ({ id: set.id, ...set.content }))),
      returns: 'none',
      ...(isEdge && { relation: true }),
      ...(onConflict === 'ignore' && { ignore: true }),
      ...(onConflict === 'update' && { onDuplicate: this.#overwrite(sets) }),
    });
  }

  #overwrite(sets: readonly CreateChangeSet[]): Assignment[] {
    const columns = new Set(sets.flatMap((set) => Object.keys(set.content)));
    if (this.#meta.type === 'relation') for (const end of ['in', 'out']) columns.delete(end);
    return [...columns].map((column) => ({
      target: path(column),
      operator: '=',
      value: pathOf(param('input'), column),
    }));
  }

  #failure(error: unknown): unknown {
    if (this.#inserted === 0) return error;
    return new BulkError({
      what: `An insert of ${this.#meta.className} stopped after ${this.#inserted} rows`,
      why: ReverieError.is(error) ? error.what : String(error),
      fix: [`go on past failing rows: { onError: 'collect' }`, 'write all or nothing: em.create(…) and em.flush()'],
      result: this.#result(),
      cause: error,
    });
  }

  #result(): BulkResult {
    return { inserted: this.#inserted, failed: this.#errors.length, errors: this.#errors };
  }
}
