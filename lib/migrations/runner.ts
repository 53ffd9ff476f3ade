import type { Driver } from '../driver/driver.js';
import type { EntityManager } from '../entity-manager/entity-manager.js';
import { CapabilityError, MigrationError, ReverieError } from '../errors/index.js';
import { block } from '../surrealql/nodes/expressions.js';
import { evaluate, transaction, type Statement } from '../surrealql/nodes/statements.js';
import { fragmentOf, textFragment } from '../surrealql/surql.js';
import { noteDuration, noteEntry, removeEntry, type BatchMark, type HistoryEntry } from './history.js';
import type { Lease } from './lease.js';
import type { LoadedMigration } from './load-migration.js';
import type { MigrationEvent } from './migration-event.js';
import { MigrationWork, type BatchNotes } from './migration-work.js';
import type { MigrationRequests } from './requests.js';

export type Direction = 'up' | 'down';

export interface RunnerHost {
  readonly driver: Driver;
  readonly requests: MigrationRequests;
  readonly lease: Lease;
  em(): EntityManager;
  tell(event: MigrationEvent): void;
}

/** Runs single migrations, each together with its entry in the history. */
export class MigrationRunner {
  readonly #host: RunnerHost;

  constructor(host: RunnerHost) {
    this.#host = host;
  }

  /** Answers with the milliseconds it took. */
  async run(loaded: LoadedMigration, direction: Direction, entry: HistoryEntry | undefined): Promise<number> {
    const { name } = loaded.file;
    const started = performance.now();
    this.#host.tell({ type: 'start', name, direction });
    try {
      if (loaded.kind === 'script') await this.#script(loaded, direction);
      else await this.#module(loaded, direction, entry);
    } catch (error) {
      this.#host.tell({ type: 'failed', name, direction, isWhole: isWhole(loaded) });
      throw failed(loaded, direction, error);
    }
    const duration = Math.round(performance.now() - started);
    // How long it took is no part of what has to be right.
    if (direction === 'up') await this.#host.requests.run([noteDuration(name, duration)]).catch(() => undefined);
    this.#host.tell({ type: 'done', name, direction, duration });
    return duration;
  }

  /** One request. The entry comes first: a RETURN of the script's own would end the transaction before it. */
  async #script({ file, script }: LoadedMigration & { kind: 'script' }, direction: Direction): Promise<void> {
    const text = direction === 'up' ? script.up : (script.down as string);
    const own = evaluate(textFragment(`${text.trim()}\n`));
    const { requests } = this.#host;
    if (script.transaction) {
      await requests.run([transaction([...this.#noted(file, direction), own])]);
      return;
    }
    await requests.run([transaction(this.#noted(file, direction, false))]);
    await requests.run([own]);
    await requests.run([transaction(this.#noted(file, direction))]);
  }

  async #module(
    { file, migration }: LoadedMigration & { kind: 'module' },
    direction: Direction,
    entry: HistoryEntry | undefined,
  ): Promise<void> {
    const work = async (m: MigrationWork): Promise<void> => {
      await (direction === 'up' ? migration.up(m) : migration.down?.(m));
    };
    const onBatch = (count: number): void => this.#host.tell({ type: 'batch', name: file.name, direction, count });
    if (migration.transaction === false) return this.#apart(file, direction, entry, onBatch, work);
    const { driver } = this.#host;
    if (!driver.capabilities.interactiveTransactions) throw noTransactions(file.name);
    await this.#host.em().transaction(
      async (tx) => {
        await tx.query(fragmentOf(block(this.#noted(file, direction))));
        await work(new MigrationWork(tx, onBatch));
      },
      { mode: 'interactive', retry: false },
    );
  }

  /** Without a transaction around it: begun and ended by an entry each. */
  async #apart(
    file: LoadedMigration['file'],
    direction: Direction,
    entry: HistoryEntry | undefined,
    onBatch: (count: number) => void,
    work: (m: MigrationWork) => Promise<void>,
  ): Promise<void> {
    const { requests, driver } = this.#host;
    // What the other direction has noted means nothing here.
    const marks = direction === 'up' && entry?.finished === false ? entry.batches : [];
    const notes: BatchNotes = {
      marks,
      together: driver.capabilities.interactiveTransactions,
      write: (batches) => this.#noted(file, 'up', false, batches),
    };
    await requests.run([transaction(this.#noted(file, 'up', false, marks))]);
    await work(new MigrationWork(this.#host.em(), onBatch, notes));
    await requests.run([transaction(this.#noted(file, direction))]);
  }

  #noted(
    { name, checksum, extension }: LoadedMigration['file'],
    direction: Direction,
    finished = true,
    batches: readonly BatchMark[] = [],
  ): readonly Statement[] {
    const entry =
      direction === 'down' && finished
        ? removeEntry(name)
        : noteEntry({ name, checksum, extension, duration: 0, finished, batches });
    return [...this.#host.lease.fence(), entry];
  }
}

/** Whether it is one transaction, of which a failure leaves nothing. */
function isWhole(loaded: LoadedMigration): boolean {
  return loaded.kind === 'script' ? loaded.script.transaction : loaded.migration.transaction !== false;
}

function failed(loaded: LoadedMigration, direction: Direction, error: unknown): MigrationError {
  const { file } = loaded;
  const first = ReverieError.is(error) ? error.what : error instanceof Error ? error.message : String(error);
  return new MigrationError({
    what: `The migration ${file.name} failed (${direction})`,
    why: first,
    fix: [
      ...(ReverieError.is(error) ? error.fix : []),
      isWhole(loaded)
        ? 'nothing of it was kept: correct it and run it again'
        : 'it has no transaction: what it did until then is kept, and runs again next time',
    ],
    cause: error,
    migrations: [file.name],
  });
}

function noTransactions(name: string): CapabilityError {
  return new CapabilityError({
    what: `${name} cannot run as one transaction over http`,
    why: 'a migration in TypeScript decides as it goes, and http has no interactive transactions',
    fix: ['connect by ws:// or wss://', 'write it as .surql, which is one request', 'or say transaction: false'],
  });
}
