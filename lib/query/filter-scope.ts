import type { EntityMetadata, FilterMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import { SOFT_DELETE } from '../metadata/build-filters.js';
import { ValidationError } from '../errors/index.js';
import { didYouMean } from '../types/nearest-word.js';
import type { Expression } from '../surrealql/nodes/index.js';
import { describe, refused } from './query-errors.js';
import { allOf } from './terms.js';
import { buildWhere } from './where.js';

/** Which filters hold: all as declared, none, or some by name, with their parameters or switched off. */
export type FilterChoice = boolean | Readonly<Record<string, unknown>>;

/**
 * The conditions that filters set on the rows of each entity, worked out once for each. An EntityManager has one; a read with
 * `filters` of its own another on top of it.
 */
export class FilterScope {
  readonly #registry: MetadataRegistry;
  /** Those that hold by default do. */
  readonly #defaults: boolean;
  readonly #named: Readonly<Record<string, unknown>>;
  readonly #conditions = new Map<EntityMetadata, Expression | undefined>();

  /** Of filters that take no parameters, for every scope of the ORM. */
  readonly #fixed: Map<FilterMetadata, Expression | undefined>;

  private constructor(
    registry: MetadataRegistry,
    defaults: boolean,
    named: Readonly<Record<string, unknown>>,
    fixed: Map<FilterMetadata, Expression | undefined>,
  ) {
    this.#registry = registry;
    this.#fixed = fixed;
    this.#defaults = defaults;
    this.#named = named;
  }

  /** @throws ValidationError for names of filters that no entity has */
  static of(registry: MetadataRegistry, choice?: FilterChoice): FilterScope {
    return new FilterScope(registry, true, {}, new Map()).with(choice);
  }

  /** The same with what a read asks for; itself where it asks for nothing. */
  with(choice: FilterChoice | undefined): FilterScope {
    if (choice === undefined) return this;
    if (typeof choice === 'boolean')
      return new FilterScope(this.#registry, choice, choice ? this.#named : {}, this.#fixed);
    checkChoice(this.#registry, choice);
    return new FilterScope(this.#registry, this.#defaults, { ...this.#named, ...choice }, this.#fixed);
  }

  /** What every row of the entity must meet, in names of the row; undefined where nothing is asked. */
  conditionOf(meta: EntityMetadata): Expression | undefined {
    if (meta.filters.length === 0) return meta.hierarchy?.condition;
    if (!this.#conditions.has(meta)) this.#conditions.set(meta, this.#build(meta));
    return this.#conditions.get(meta);
  }

  /** Whether records that were deleted softly are left out. */
  hidesDeleted(meta: EntityMetadata): boolean {
    return meta.filters.some((filter) => filter.name === SOFT_DELETE && this.#holds(filter));
  }

  /** Whether all filters but soft delete, which the row itself tells of, hold in the same way in another scope. */
  sharesParameters(meta: EntityMetadata, other: FilterScope): boolean {
    return meta.filters.every(
      (filter) =>
        filter.name === SOFT_DELETE ||
        (this.#holds(filter) === other.#holds(filter) && this.#named[filter.name] === other.#named[filter.name]),
    );
  }

  #build(meta: EntityMetadata): Expression | undefined {
    const conditions = meta.filters
      .filter((filter) => this.#holds(filter))
      .map((filter) => this.#conditionOf(meta, filter));
    return allOf([meta.hierarchy?.condition, ...conditions].filter((condition) => condition !== undefined));
  }

  #holds({ name, default: isDefault }: FilterMetadata): boolean {
    const said = this.#named[name];
    return said === undefined ? this.#defaults && isDefault : said !== false;
  }

  #conditionOf(meta: EntityMetadata, filter: FilterMetadata): Expression | undefined {
    if (typeof filter.where === 'function') return this.#buildOne(meta, filter);
    if (!this.#fixed.has(filter)) this.#fixed.set(filter, this.#buildOne(meta, filter));
    return this.#fixed.get(filter);
  }

  /** What a filter asks for may lead to other entities; their own filters do not hold there, so that none turns in a circle. */
  #buildOne(meta: EntityMetadata, { name, where }: FilterMetadata): Expression | undefined {
    const given = this.#named[name];
    const params = typeof given === 'object' ? given : NO_PARAMETERS;
    try {
      const asked = typeof where === 'function' ? (where as (params: unknown) => unknown)(params) : where;
      return buildWhere(meta, asked, { registry: this.#registry });
    } catch (error) {
      throw failed(meta, name, given, error);
    }
  }
}

/** What is asked of parameters that nobody gave would be undefined: in a text, a condition that means something else. */
const NO_PARAMETERS: object = new Proxy(Object.freeze({}), {
  get(_target, name) {
    throw new ValidationError({ what: `its parameter ${String(name)} is not given` });
  },
});

function checkChoice({ filterNames }: MetadataRegistry, choice: unknown): void {
  if (typeof choice !== 'object' || choice === null || Array.isArray(choice)) throw notAChoice('filters', choice);
  for (const [name, given] of Object.entries(choice as Record<string, unknown>)) {
    if (name !== SOFT_DELETE && !filterNames.has(name)) throw unknownFilter(name, filterNames);
    const isParams = typeof given === 'object' && given !== null && !Array.isArray(given);
    if (given !== undefined && typeof given !== 'boolean' && !isParams) throw notAChoice(`filters.${name}`, given);
  }
}

function notAChoice(path: string, given: unknown): ValidationError {
  return refused({
    path,
    what: `${path} is ${describe(given)}`,
    why: 'a filter is given its parameters as an object, or switched on or off by a boolean',
    fix: "{ filters: { tenant: { id: 'acme' }, softDelete: false } }",
    rule: 'option',
  });
}

/** A misspelt filter would silently not hold. */
function unknownFilter(name: string, known: ReadonlySet<string>): ValidationError {
  return refused({
    path: `filters.${name}`,
    what: `No entity has a filter "${name}".${didYouMean(name, known)}`,
    why: known.size === 0 ? 'none is declared' : `there are ${[...known].join(', ')}`,
    fix: `@Filter({ name: '${name}', where: … })`,
    rule: 'unknown',
  });
}

/** Without its parameters a filter must not let everything pass. */
function failed({ className }: EntityMetadata, name: string, given: unknown, cause: unknown): ValidationError {
  const was = given === undefined || given === true ? 'without parameters' : `with ${describe(given)}`;
  return new ValidationError({
    what: `The filter "${name}" of ${className} cannot be made ${was}`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: [
      `give its parameters: em.fork({ filters: { ${name}: { … } } })`,
      `do without it: { filters: { ${name}: false } }`,
    ],
    errors: [{ path: `filters.${name}`, message: `cannot be made ${was}`, rule: 'filter' }],
    cause,
  });
}
