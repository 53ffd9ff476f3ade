import type { ObservedRequest, RequestObserver } from '../driver/request-observer.js';
import type { MetadataRegistry } from '../metadata/entity-metadata.js';
import { ANY_TABLE } from './tables-read.js';
import { tablesWritten } from './tables-written.js';

const SILENT: ReadonlySet<string> = new Set(['live', 'auth', 'system']);

/** What a read knew of the writes when it began. */
export type Moment = number;

/**
 * Follows the writes of this process: which tables they touch, and which are being written at this moment. What is read while one of
 * its tables is written may be of before or after, so it is not kept. Nothing is looked at before somebody keeps answers.
 */
export class WriteWatch implements RequestObserver {
  readonly #registry: MetadataRegistry;
  readonly #ended: (tags: readonly string[]) => void | Promise<void>;
  /** Requests under way, and those of interactive transactions that have not ended. */
  readonly #open = new Set<ObservedRequest>();
  readonly #lastWrite = new Map<string, Moment>();
  #now: Moment = 0;
  #active = false;

  constructor(registry: MetadataRegistry, ended: (tags: readonly string[]) => void | Promise<void>) {
    this.#registry = registry;
    this.#ended = ended;
  }

  /** From now on somebody keeps answers. */
  activate(): void {
    this.#active = true;
  }

  before(request: ObservedRequest): void {
    if (request.access === 'write' && !SILENT.has(request.purpose)) this.#open.add(request);
  }

  after(request: ObservedRequest): void | Promise<void> {
    // Others see what an interactive transaction has written when it has ended.
    if (request.transaction === undefined && this.#open.delete(request)) return this.#written([request]);
  }

  ended(transaction: object): void | Promise<void> {
    const requests = [...this.#open].filter((request) => String(request.transaction) === String(transaction));
    for (const request of requests) this.#open.delete(request);
    if (requests.length > 0) return this.#written(requests);
  }

  /** Somebody else has written these, too. */
  wrote(tags: readonly string[]): void | Promise<void> {
    this.#now += 1;
    for (const tag of tags) this.#lastWrite.set(tag, this.#now);
    return this.#ended(tags);
  }

  get moment(): Moment {
    return this.#now;
  }

  /** Whether nothing of these tables has been written since, or is being written. */
  isQuiet(tables: readonly string[], since: Moment): boolean {
    const isAny = tables.includes(ANY_TABLE);
    if (isAny) return this.#now === since && this.#open.size === 0;
    const touches = (written: readonly string[]) => written.some((tag) => tag === ANY_TABLE || tables.includes(tag));
    const isOver = [...tables, ANY_TABLE].every((tag) => (this.#lastWrite.get(tag) ?? 0) <= since);
    return isOver && ![...this.#open].some((request) => touches(tablesWritten(request, this.#registry)));
  }

  #written(requests: readonly ObservedRequest[]): void | Promise<void> {
    if (!this.#active) return;
    return this.wrote([...new Set(requests.flatMap((request) => tablesWritten(request, this.#registry)))]);
  }
}
