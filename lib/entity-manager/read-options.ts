import { didYouMean } from '../types/nearest-word.js';
import { tagOf } from '../values/index.js';
import { ValidationError } from '../errors/index.js';
import { asOptions, requireOptions } from './as-options.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { FilterChoice, FindRequest } from '../query/index.js';
import type { AggregateOptions, CountOptions, FindOptions, SearchOptions } from '../types/index.js';

/** How a read goes, beside its where; the typed form is `FindOptions`. */
export interface ReadOptions extends FindRequest {
  readonly strategy?: 'joined' | 'separate';
  readonly refresh?: boolean;
  readonly managed?: boolean;
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly cache?: unknown;
  readonly filters?: FilterChoice;
}

/** Typed over the options, so that a new one cannot be forgotten here. */
const KNOWN: Readonly<Record<keyof FindOptions<object>, true>> = Object.freeze({
  fetch: true,
  strategy: true,
  select: true,
  omit: true,
  orderBy: true,
  limit: true,
  offset: true,
  useIndex: true,
  noIndex: true,
  timeout: true,
  version: true,
  refresh: true,
  managed: true,
  signal: true,
  cache: true,
  filters: true,
});

/** What other ORMs call these options. */
const ELSEWHERE: Readonly<Record<string, string>> = Object.freeze({
  where: 'conditions are an argument of their own: em.find(User, { name: … }, { limit: 10 })',
  relations: 'relations are fetched: { fetch: { author: true } }',
  populate: 'relations are fetched: { fetch: { author: true } }',
  include: 'relations are fetched: { fetch: { author: true } }',
  order: "write orderBy: { name: 'asc' }",
  sort: "write orderBy: { name: 'asc' }",
  take: 'write limit',
  skip: 'write offset',
  fields: 'write select',
  page: 'a page begins at a cursor: em.findPage(User, {}, { first: 20, after: cursor })',
  pageSize: 'write limit; of a page, first',
  perPage: 'write limit; of a page, first',
});

/** Before they are looked into. @throws ValidationError for what is no object of options */
export function asReadOptions<O extends object>({ className }: EntityMetadata, given: O | undefined): O {
  return asOptions(given, `a read of ${className}`, '{ orderBy: { … }, limit: 10 }');
}

/**
 * Misspelt options would silently do nothing.
 *
 * @param own the options of this kind of read beside those of a find, for the message
 * @throws ValidationError
 */
export function checkReadOptions(meta: EntityMetadata, given: ReadOptions, own: readonly string[] = []): void {
  const options = asReadOptions(meta, given);
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(KNOWN, name)) continue;
    const names = [...own, ...Object.keys(KNOWN)];
    const list = `the options are ${names.join(', ')}`;
    const habit = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
    if (habit !== undefined) throw refused(meta, name, 'there is no such option', [habit, list]);
    throw refused(meta, name, `there is no such option.${didYouMean(name, names)}`, list);
  }
  if (options.version !== undefined) checkPast(meta, options);
}

/** The typed options allow all of this of the present. */
function checkPast(meta: EntityMetadata, { version, fetch, managed, refresh }: ReadOptions): void {
  if (typeof version !== 'object' || tagOf(version) !== '[object Date]' || Number.isNaN(version.getTime()))
    throw refused(meta, 'version', `it is ${String(version)}`, 'give a Date');
  if (fetch !== undefined)
    throw refused(
      meta,
      'fetch',
      'with `version` the server reads relations as they are now, not as they were',
      'read them in a find of their own with the same `version`',
    );
  const tracked = managed === true ? 'managed' : refresh === true ? 'refresh' : undefined;
  if (tracked !== undefined)
    throw refused(meta, tracked, 'what a record was is tracked by no EntityManager', 'leave it out: plain instances');
}

/** @throws ValidationError for options of an aggregate that there are not */
export function checkAggregateOptions(meta: EntityMetadata, options: object): void {
  checkNames(meta, options, AGGREGATE, '{ select: { n: count() } }');
}

/** @param own the options of this kind of search. @throws ValidationError for options that there are not */
export function checkSearchOptions(meta: EntityMetadata, options: object, own: readonly string[]): void {
  checkNames(meta, options, [...own, ...SEARCH], '{ limit: 10 }');
}

function checkNames(meta: EntityMetadata, given: object, known: readonly string[], example: string): void {
  const options = requireOptions(given, `a read of ${meta.className}`, example);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw refused(
      meta,
      name,
      `there is no such option.${didYouMean(name, known)}`,
      `the options are ${known.join(', ')}`,
    );
  }
}

const SEARCH: readonly string[] = [
  'where',
  'fetch',
  'select',
  'omit',
  'limit',
  'offset',
  'filters',
  'refresh',
  'managed',
  'timeout',
  'cache',
  'signal',
] satisfies readonly (keyof SearchOptions<object>)[];

const AGGREGATE: readonly string[] = [
  'where',
  'groupBy',
  'select',
  'having',
  'orderBy',
  'limit',
  'offset',
  'useIndex',
  'noIndex',
  'timeout',
  'version',
  'cache',
  'filters',
  'signal',
] satisfies readonly (keyof AggregateOptions<object, [], {}>)[];

/** The typed form is `CountOptions`. */
export function checkCountOptions(meta: EntityMetadata, given: CountOptions | undefined): CountOptions {
  const { filters, cache, ...others } = asReadOptions(meta, given);
  const [name] = Object.keys(others);
  if (name !== undefined)
    throw refused(meta, name, 'a read that brings no records takes filters and cache alone', 'leave it out');
  return { ...(filters !== undefined && { filters }), ...(cache !== undefined && { cache }) };
}

/** Options that another kind of read takes, with the way to say it in this one. @throws ValidationError */
export function refuseOptions(
  meta: EntityMetadata,
  options: object,
  names: readonly string[],
  why: string,
  fix: string,
): void {
  for (const name of names)
    if ((options as Record<string, unknown>)[name] !== undefined) throw refused(meta, name, why, fix);
}

/** @throws ValidationError for what is given and is no whole number from `least` */
export function checkSize(meta: EntityMetadata, name: string, size: unknown, least: number): void {
  if (size === undefined || (typeof size === 'number' && Number.isSafeInteger(size) && size >= least)) return;
  throw refused(meta, name, `it is ${String(size)}`, `give a whole number from ${least}`);
}

function refused(meta: EntityMetadata, option: string, why: string, fix: string | readonly string[]): ValidationError {
  const what = `The option \`${option}\` of a read of ${meta.className} cannot be right`;
  return new ValidationError({
    what,
    why,
    fix,
    errors: [{ path: option, message: `${what}: ${why}`, rule: 'option' }],
  });
}

/** True where nothing was asked beside the where. */
export function isBare(options: ReadOptions): boolean {
  return Object.values(options).every((option) => option === undefined);
}
