import { ValidationError } from '../errors/index.js';
import type { MetadataRegistry } from '../metadata/entity-metadata.js';
import type { CacheOptions } from '../types/cache.js';
import { Duration } from '../values/index.js';

/** How one answer is kept, worked out from what a read says. */
export interface ReadCache {
  /** Milliseconds. */
  readonly ttl: number;
  readonly key?: string;
  readonly tables?: readonly string[];
  readonly live: boolean;
}

export interface CacheDefaults {
  readonly ttl: number;
  readonly live: boolean;
}

const NAMES: readonly string[] = ['ttl', 'key', 'tables', 'live'] satisfies (keyof CacheOptions)[];

/**
 * What `cache: true`, a time or an object asks for; undefined for no cache.
 *
 * @throws ValidationError for what cannot be right
 */
export function readCacheOf(
  given: unknown,
  defaults: CacheDefaults,
  registry: MetadataRegistry,
): ReadCache | undefined {
  if (given === undefined || given === false) return undefined;
  if (given === true) return defaults;
  if (typeof given === 'number' || typeof given === 'string') return { ...defaults, ttl: milliseconds(given, 'cache') };
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refused('cache', `it is ${String(given)}`, "true, milliseconds, a duration such as '5m', or an object");
  const odd = Object.keys(given).find((name) => !NAMES.includes(name));
  if (odd !== undefined)
    throw refused(`cache.${odd}`, 'there is no such option', `the options are ${NAMES.join(', ')}`);
  const { ttl, key, tables, live = defaults.live } = given as CacheOptions;
  if (key !== undefined && (typeof key !== 'string' || key === ''))
    throw refused('cache.key', 'it is a name by which to forget the answer', "cache: { key: 'top-posts' }");
  return {
    ttl: ttl === undefined ? defaults.ttl : milliseconds(ttl, 'cache.ttl'),
    live,
    ...(key !== undefined && { key }),
    ...(tables !== undefined && { tables: tables.map((each) => tableOf(each, registry)) }),
  };
}

/** @throws ValidationError for no time, or less than none */
export function milliseconds(given: number | string, option: string): number {
  if (typeof given === 'number' && given > 0 && Number.isFinite(given)) return given;
  const text = typeof given === 'string' ? durationOf(given) : undefined;
  if (text !== undefined) return text;
  throw refused(option, `it is ${JSON.stringify(given)}, and no time`, "milliseconds, or a duration such as '5m'");
}

function durationOf(text: string): number | undefined {
  try {
    const { milliseconds: time } = Duration.parse(text);
    return time > 0 ? time : undefined;
  } catch {
    return undefined;
  }
}

/** An entity, or a table by its name. */
export function tableOf(given: unknown, registry: MetadataRegistry): string {
  const table = typeof given === 'string' ? given : registry.find(given)?.table;
  if (table !== undefined) return table;
  throw refused('cache.tables', 'they are entities of this ORM, or names of tables', 'cache: { tables: [User] }');
}

function refused(option: string, why: string, fix: string): ValidationError {
  const what = `The option \`${option}\` cannot be right`;
  return new ValidationError({
    what,
    why,
    fix,
    errors: [{ path: option, message: `${what}: ${why}`, rule: 'option' }],
  });
}
