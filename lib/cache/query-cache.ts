import { decode, encode } from '../driver/codec/index.js';
import type { AuthOption } from '../driver/credentials.js';
import type { Driver } from '../driver/driver.js';
import type { RequestObserver } from '../driver/request-observer.js';
import { ValidationError } from '../errors/index.js';
import type { MetadataRegistry } from '../metadata/entity-metadata.js';
import type { Statement } from '../surrealql/nodes/index.js';
import type { Printed } from '../surrealql/printed.js';
import type { CachedAnswer, QueryCacheStore } from './cache-store.js';
import { LiveWatch } from './live-watch.js';
import { MemoryCacheStore } from './memory-store.js';
import { Uuid } from '../values/index.js';
import { milliseconds, readCacheOf, tableOf, type CacheDefaults, type ReadCache } from './read-cache.js';
import { ANY_TABLE, tablesRead } from './tables-read.js';
import { WriteWatch } from './write-watch.js';

/** Of `Reverie.init({ cache })`. */
export interface QueryCacheOptions {
  /** How long an answer counts where its read does not say: milliseconds, or a duration such as `'5m'`; default one minute. */
  readonly ttl?: number | string;
  /** How many answers are kept; default 1,000. */
  readonly size?: number;
  /** How many bytes they may have together; default 64 MiB. */
  readonly bytes?: number;
  /** Every cached read is ended by what other processes write, too. */
  readonly live?: boolean;
  /** Where answers are kept, instead of the memory of this process. */
  readonly store?: QueryCacheStore;
}

/** Since the ORM was opened. */
export interface QueryCacheStats {
  readonly hits: number;
  readonly misses: number;
  /** How often the store failed, and a read went to the database instead. */
  readonly failures: number;
}

/** Where a session is, and as whom. */
interface SessionPlace {
  readonly url: string;
  readonly namespace?: string;
  readonly database?: string;
  readonly auth?: AuthOption;
}

/** A read that may be answered from the cache. */
export interface CachedRead {
  /** Who is asked: another session is another user, or another database. */
  readonly driver: object;
  readonly statement: Statement;
  readonly printed: Printed;
  readonly options: unknown;
  /** The answer is wanted fresh, and is kept. */
  readonly refresh: boolean;
  /** Sees what nobody else does, as a transaction. */
  readonly aside: boolean;
}

const MINUTE = 60_000;

/**
 * Answers of reads that ask for it (`{ cache: true }`), until their time is over or one of their tables is written: `orm.cache`.
 *
 * ```ts
 * const countries = await em.find(Country, {}, { cache: '1h' });
 * orm.cache.invalidate(Country);
 * orm.cache.stats(); // { hits: 0, misses: 1, failures: 0 }
 * ```
 */
export class QueryCache {
  readonly #registry: MetadataRegistry;
  readonly #store: QueryCacheStore;
  readonly #defaults: CacheDefaults;
  readonly #watch: WriteWatch;
  readonly #enabled: boolean;
  /** What tells the questions of one session from those of another. */
  readonly #sessions = new WeakMap<object, string>();
  readonly #live = new WeakMap<object, LiveWatch>();
  readonly #stats = { hits: 0, misses: 0, failures: 0 };

  /** @internal */
  constructor(registry: MetadataRegistry, options: QueryCacheOptions | false = {}) {
    const { ttl = MINUTE, live = false, store, ...limits } = options === false ? {} : options;
    this.#registry = registry;
    this.#enabled = options !== false;
    this.#defaults = { ttl: milliseconds(ttl, 'cache.ttl'), live };
    this.#store = store ?? new MemoryCacheStore(limits);
    this.#watch = new WriteWatch(registry, (tags) => this.#drop(tags));
  }

  /** Drops every answer that hangs on one of these. */
  async invalidate(...tables: readonly ((abstract new (...args: never[]) => object) | string)[]): Promise<void> {
    await this.#watch.wrote(tables.map((each) => tableOf(each, this.#registry)));
  }

  /** Drops the answers of reads with this `key`. */
  async forget(key: string): Promise<void> {
    await this.#guarded(() => this.#store.invalidate([keyTag(key)]));
  }

  /** Drops every answer. */
  async clear(): Promise<void> {
    await this.#watch.wrote([ANY_TABLE]);
  }

  stats(): QueryCacheStats {
    return { ...this.#stats };
  }

  /** @internal Sees every request of the connection. */
  get observer(): RequestObserver {
    return this.#watch;
  }

  /**
   * @internal The connection of the ORM: another process that asks the same database as the same user may share its answers. Any
   * other session has its answers for itself.
   */
  serve(driver: object, place: SessionPlace): void {
    const name = sessionName(place);
    if (name !== undefined) this.#sessions.set(driver, name);
  }

  /** @internal Answers from the cache, or by `ask`, whose answer is kept unless something was written meanwhile. */
  async answer(read: CachedRead, ask: () => Promise<unknown>): Promise<unknown> {
    const how = this.#enabled ? readCacheOf(read.options, this.#defaults, this.#registry) : undefined;
    if (how === undefined || read.aside) return ask();
    this.#watch.activate();
    const tables = how.tables ?? tablesRead(read.statement, this.#registry);
    if (how.live) await this.#watchLive(read.driver as Pick<Driver, 'live'>, tables);
    const key = this.#keyOf(read);
    const known = read.refresh ? undefined : await this.#guarded(() => this.#store.get(key));
    if (known !== undefined) {
      this.#stats.hits += 1;
      return decode(known.bytes);
    }
    this.#stats.misses += 1;
    const began = this.#watch.moment;
    const answer = await ask();
    if (this.#watch.isQuiet(tables, began)) await this.#keep(key, answer, tables, how);
    return answer;
  }

  async #keep(key: string, answer: unknown, tables: readonly string[], { ttl, key: name }: ReadCache): Promise<void> {
    const tags = name === undefined ? tables : [...tables, keyTag(name)];
    const kept: CachedAnswer = { bytes: encode(answer), tags };
    await this.#guarded(() => this.#store.set(key, kept, ttl));
  }

  /** Text and values as they are: two reads are one only if they are the same to the last byte. */
  #keyOf({ driver, printed: { text, bindings } }: CachedRead): string {
    let session = this.#sessions.get(driver);
    if (session === undefined) this.#sessions.set(driver, (session = Uuid.v4().toString()));
    return `${session} ${base64(encode(bindings))} ${text}`;
  }

  #watchLive(driver: Pick<Driver, 'live'>, tables: readonly string[]): Promise<void> {
    if (tables.includes(ANY_TABLE)) throw untold();
    let watch = this.#live.get(driver);
    if (watch === undefined)
      this.#live.set(driver, (watch = new LiveWatch(driver, (written) => this.#watch.wrote(written))));
    return watch.watch(tables);
  }

  async #drop(tags: readonly string[]): Promise<void> {
    await this.#guarded(() =>
      tags.includes(ANY_TABLE) ? this.#store.clear() : this.#store.invalidate([...tags, ANY_TABLE]),
    );
  }

  async #guarded<R>(work: () => R | Promise<R>): Promise<R | undefined> {
    try {
      return await work();
    } catch {
      this.#stats.failures += 1;
      return undefined;
    }
  }
}

/** Undefined where it cannot be told who is signed in without a secret. */
function sessionName({ url, namespace, database, auth }: SessionPlace): string | undefined {
  if (url.startsWith('mem:')) return undefined;
  if (auth === undefined) return JSON.stringify([url, namespace, database]);
  if (typeof auth === 'function' || !('username' in auth)) return undefined;
  return JSON.stringify([url, namespace, database, auth.username, auth.namespace, auth.database]);
}

const keyTag = (key: string): string => `key:${key}`;

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function untold(): ValidationError {
  const what = 'This read cannot be watched for what other processes write';
  return new ValidationError({
    what,
    why: 'it calls a function or takes a wildcard, which may lead to any table',
    fix: 'name the tables: { cache: { live: true, tables: [User] } }',
    errors: [{ path: 'cache.live', message: what, rule: 'option' }],
  });
}
