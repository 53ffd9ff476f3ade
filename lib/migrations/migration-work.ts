import type { EntityManager } from '../entity-manager/entity-manager.js';
import type { EntityClass } from '../metadata/entity-metadata.js';
import { block } from '../surrealql/nodes/expressions.js';
import type { Statement } from '../surrealql/nodes/statements.js';
import { fragmentOf, textFragment, type SurqlFragment } from '../surrealql/surql.js';
import type { Where } from '../types/index.js';
import type { BatchMark } from './history.js';
import type { MigrationContext } from './migration.js';

/** Where the batches of a migration without a transaction are noted. */
export interface BatchNotes {
  readonly marks: readonly BatchMark[];
  /** Statements that note them, to be written together with the batch. */
  write(marks: readonly BatchMark[]): readonly Statement[];
  /** False over http, where a batch and its note are written one after the other. */
  readonly together: boolean;
}

const BEGINNING: BatchMark = Object.freeze({ cursor: null, count: 0, done: false });

/** The `m` of a migration. */
export class MigrationWork implements MigrationContext {
  readonly em: EntityManager;
  readonly #notes: BatchNotes | undefined;
  readonly #onBatch: (count: number) => void;
  #marks: readonly BatchMark[];
  #next = 0;

  /** Without notes everything runs in the transaction of `em`. */
  constructor(em: EntityManager, onBatch: (count: number) => void, notes?: BatchNotes) {
    this.em = em;
    this.#notes = notes;
    this.#onBatch = onBatch;
    this.#marks = notes?.marks ?? [];
  }

  query<R extends readonly unknown[] = unknown[]>(statement: string | SurqlFragment): Promise<R> {
    return this.em.query<R>(typeof statement === 'string' ? textFragment(statement) : statement);
  }

  async batch<T extends object>(
    entity: EntityClass<T>,
    where: Where<T>,
    size: number,
    work: (entities: T[], em: EntityManager) => Promise<void> | void,
  ): Promise<number> {
    const index = this.#next;
    this.#next += 1;
    let mark = this.#marks[index] ?? BEGINNING;
    while (!mark.done) {
      const from = mark;
      mark = await this.#written(index, async (em) => {
        const after = from.cursor === null ? {} : { after: from.cursor };
        const page = await em.findPage(entity, where, { first: size, ...after });
        await work(page.items as T[], em);
        await em.flush();
        const cursor = page.endCursor ?? from.cursor;
        return { cursor, count: from.count + page.items.length, done: !page.hasNextPage };
      });
      this.#onBatch(mark.count);
    }
    return mark.count;
  }

  async #written(index: number, work: (em: EntityManager) => Promise<BatchMark>): Promise<BatchMark> {
    const notes = this.#notes;
    if (notes === undefined) {
      const mark = await work(this.em);
      this.em.clear();
      return mark;
    }
    const note = async (em: EntityManager, mark: BatchMark): Promise<void> => {
      this.#marks = Object.assign([...this.#marks], { [index]: mark });
      await em.query(fragmentOf(block(notes.write(this.#marks))));
    };
    const mode = notes.together ? 'interactive' : 'deferred';
    const mark = await this.em.transaction(
      async (tx) => {
        const done = await work(tx);
        if (notes.together) await note(tx, done);
        return done;
      },
      { mode },
    );
    if (!notes.together) await note(this.em, mark);
    this.em.clear();
    return mark;
  }
}
