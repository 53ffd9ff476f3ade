import { MetadataError } from '../errors/index.js';
import { classText } from '../metadata/class-text.js';
import { isFactory } from '../metadata/decorator-factory.js';
import type { EntityClass } from '../metadata/entity-metadata.js';
import type {
  AccessOptions,
  AnalyzerOptions,
  EventOptions,
  FilterOptions,
  IndexOptions,
  LifecycleEvent,
  TableOptions,
} from '../metadata/options.js';
import { stage } from '../metadata/staging.js';
import type { PropertyCheck } from '../types/property-check.js';
import type { AnyBox } from '../types/type-of.js';
import { Access } from './access.js';
import { Analyzer } from './analyzer.js';
import { Event } from './event.js';
import { Filter } from './filter.js';
import { FullText, type FullTextOptions } from './full-text.js';
import { Index } from './index-decorator.js';
import { stageMethod } from './context.js';
import type { DeclaredBy, Declares } from './signatures.js';
import { Table } from './table.js';

/** What decorators would say of a class, as data. `P` are the decorators of each property; several in a list. */
export interface TableDefinition<T extends object, P> extends TableOptions {
  readonly class: EntityClass<T>;
  readonly properties: P & Checked<T, P>;
  readonly indexes?: readonly IndexOptions[];
  readonly fullText?: readonly FullTextOptions[];
  readonly analyzers?: readonly AnalyzerOptions[];
  readonly accesses?: readonly AccessOptions[];
  readonly events?: readonly EventOptions[];
  readonly filters?: readonly FilterOptions<never>[];
  /** Methods of the class that run at lifecycle events. */
  readonly hooks?: { readonly [E in LifecycleEvent]?: MethodName<T> | readonly MethodName<T>[] };
}

type LegacyDecorator = (target: object, property: string) => void;
type Decoration = Declares<AnyBox> & ((target: never, property: never) => void);
type Decorations<T> = { readonly [K in keyof T]?: Decoration | readonly Decoration[] };

/** Each property's type against its decorators, as if these stood above it. */
type Checked<T, P> = {
  readonly [K in keyof P]: K extends keyof T
    ? P[K] extends readonly unknown[]
      ? PropertyCheck<DeclaredBy<P[K][number]>, T[K]>
      : PropertyCheck<DeclaredBy<P[K]>, T[K]>
    : never;
};
type MethodName<T> = { [K in keyof T]-?: T[K] extends (...args: never[]) => unknown ? K : never }[keyof T] & string;

/**
 * Declares an entity without decorator syntax, for plain JavaScript and for tools that compile none; the metadata is the
 * same, and so are the checks of the property types.
 *
 * ```ts
 * class User {
 *   id!: RecordId<'user'>;
 *   name!: string;
 *   team?: Link<Team>;
 * }
 * defineTable({
 *   class: User,
 *   name: 'user',
 *   properties: { id: Id(), name: [Unique(), Field('string')], team: Relation(() => Team, { onDelete: 'unset' }) },
 *   indexes: [{ fields: ['team', 'name'] }],
 * });
 * ```
 *
 * @returns the class
 */
export function defineTable<T extends object, const P extends Decorations<T>>(
  definition: TableDefinition<T, P>,
): EntityClass<T> {
  const {
    class: target,
    properties,
    indexes = [],
    fullText = [],
    analyzers = [],
    accesses = [],
    events = [],
    filters = [],
    hooks = {},
    ...table
  } = definition;
  checkDefinition(target, properties);
  const prototype = target.prototype as object;
  for (const [property, given] of Object.entries(properties)) declareProperty(target, property, [given].flat());
  for (const [event, methods] of Object.entries(hooks) as readonly [LifecycleEvent, string | readonly string[]][]) {
    for (const method of [methods].flat()) stageHook(prototype, method, event);
  }
  // Class decorators count from the class upwards.
  for (const each of [...fullText].reverse()) FullText(each)(target);
  for (const each of [...indexes].reverse()) Index(each)(target);
  for (const each of [...analyzers].reverse()) Analyzer(each)(target);
  for (const each of [...accesses].reverse()) Access(each)(target);
  for (const each of [...events].reverse()) Event(each)(target);
  for (const each of [...filters].reverse()) Filter(each as FilterOptions<object>)(target);
  Table(table)(target);
  return target;
}

/** The types say all of this; plain JavaScript has none. */
function checkDefinition(target: unknown, properties: unknown): void {
  if (typeof target !== 'function') {
    throw new MetadataError({
      what: `defineTable needs a class, it was given ${classText(target)}`,
      fix: "defineTable({ class: User, name: 'user', properties: { … } })",
    });
  }
  if (typeof properties === 'object' && properties !== null) return;
  throw new MetadataError({
    what: `defineTable was given no properties for ${target.name}`,
    fix: `defineTable({ class: ${target.name}, name: '…', properties: { id: Id(), name: Field('string') } })`,
  });
}

/** A decorator that was not called, or what is none, declares nothing. */
function declareProperty(target: EntityClass, property: string, given: readonly unknown[]): void {
  const { declarations, problems } = stage(target);
  for (const decorate of given) {
    const before = declarations.length + problems.length;
    if (typeof decorate === 'function' && !isFactory(decorate))
      (decorate as LegacyDecorator)(target.prototype as object, property);
    if (declarations.length + problems.length > before) continue;
    const what = typeof decorate === 'function' ? `the function ${decorate.name}` : classText(decorate);
    throw new MetadataError({
      what: `${target.name}.${property} is declared by ${what}, which declares nothing`,
      why: 'decorators are called',
      fix: `properties: { ${property}: Field('string') }`,
    });
  }
}

function stageHook(prototype: object, method: string, event: LifecycleEvent): void {
  const args = [prototype, method, Object.getOwnPropertyDescriptor(prototype, method)];
  stageMethod(args, `defineTable({ hooks: { ${event} } })`, (staged) => staged.hooks.push({ event, method }));
}
