import type { EntityClass } from './entity-metadata.js';
import type {
  AccessOptions,
  AnalyzerOptions,
  EventOptions,
  FilterOptions,
  IndexOptions,
  LifecycleEvent,
  SoftDeleteOptions,
  TableOptions,
} from './options.js';
import type { Problems } from './problems.js';
import type { StagedClass, StagedDeclaration } from './staged.js';
import { stagedOf } from './staging.js';

/** The declaration of a property, with what other decorators on it add. */
export interface CollectedProperty {
  readonly property: string;
  readonly path: string;
  readonly declaration: MainDeclaration;
  readonly hidden: boolean;
  readonly concurrencyCheck: boolean;
  readonly unique?: { readonly name?: string };
  /** `@SoftDelete` stands on it. */
  readonly softDelete?: SoftDeleteOptions;
}

export type MainDeclaration = Exclude<
  StagedDeclaration,
  { readonly kind: 'unique' | 'hidden' | 'concurrencyCheck' | 'softDelete' }
>;

/** A declaration of one kind. */
export type Declared<K extends MainDeclaration['kind']> = MainDeclaration & { readonly kind: K };

/** What a class and its bases staged, joined: base classes' first, a redeclared property at its first place. */
export interface CollectedClass {
  readonly target: EntityClass;
  readonly className: string;
  /** With what a class takes over from the one whose table it shares. */
  readonly table?: TableOptions;
  /** Of this very class. */
  readonly ownTable?: TableOptions;
  /** The class whose table is told apart by a discriminator: itself or one above. */
  readonly root?: EntityClass;
  readonly view?: StagedClass['view'];
  readonly properties: readonly CollectedProperty[];
  readonly indexes: readonly IndexOptions[];
  readonly events: readonly EventOptions[];
  readonly analyzers: readonly AnalyzerOptions[];
  readonly accesses: readonly AccessOptions[];
  /** A subclass's take the place of those of the same name. */
  readonly filters: readonly FilterOptions<never>[];
  readonly hooks: ReadonlyMap<LifecycleEvent, readonly string[]>;
}

/** Reads the staging of a class and its bases. */
export function collect(target: EntityClass, problems: Problems): CollectedClass {
  const className = target.name === '' ? '(anonymous class)' : target.name;
  const own = stagedOf(target);
  const root = rootOf(target);
  const staged = lineage(target).flatMap((each) => {
    const found = stagedOf(each);
    return found === undefined ? [] : [found];
  });
  for (const each of staged) {
    for (const { member, text } of each.problems)
      problems.add(member === undefined ? className : `${className}.${member}`, text);
  }
  return {
    target,
    className,
    ...(own?.table && { table: sharedTable(own.table, target, root), ownTable: own.table }),
    ...(root && { root }),
    ...(own?.view && { view: own.view }),
    properties: joinProperties(className, staged, problems),
    indexes: staged.flatMap((each) => each.indexes),
    events: staged.flatMap((each) => each.events),
    analyzers: staged.flatMap((each) => each.analyzers),
    accesses: staged.flatMap((each) => each.accesses),
    filters: joinFilters(className, staged, problems),
    hooks: joinHooks(staged),
  };
}

/** The class at the top of those that share a table with this one; undefined where none says how they are told apart. */
export function rootOf(target: EntityClass): EntityClass | undefined {
  return lineage(target).find((each) => stagedOf(each)?.table?.discriminator !== undefined) as EntityClass | undefined;
}

function sharedTable(own: TableOptions, target: EntityClass, root: EntityClass | undefined): TableOptions {
  if (root === undefined || root === target) return own;
  const { value: _value, ...shared } = stagedOf(root)?.table as TableOptions;
  return Object.freeze({ ...shared, ...own, ...(shared.name !== undefined && { name: shared.name }) });
}

/** The class and its bases, the root first. */
function lineage(target: object): readonly object[] {
  const chain: object[] = [];
  for (
    let each: unknown = target;
    typeof each === 'function' && each !== Function.prototype;
    each = Object.getPrototypeOf(each)
  ) {
    chain.unshift(each);
  }
  return chain;
}

interface Draft {
  declaration?: MainDeclaration;
  hidden: boolean;
  concurrencyCheck: boolean;
  unique?: { readonly name?: string };
  softDelete?: SoftDeleteOptions;
}

function joinProperties(
  className: string,
  staged: readonly StagedClass[],
  problems: Problems,
): readonly CollectedProperty[] {
  const drafts = new Map<string, Draft>();
  for (const level of staged) {
    const declaredHere = new Set<string>();
    for (const declaration of level.declarations) {
      const draft = draftOf(drafts, declaration.property);
      if (declaration.kind === 'hidden') draft.hidden = true;
      else if (declaration.kind === 'concurrencyCheck') draft.concurrencyCheck = true;
      else if (declaration.kind === 'unique') draft.unique = declaration;
      else if (declaration.kind === 'softDelete') draft.softDelete = declaration.options;
      else {
        if (declaredHere.has(declaration.property)) {
          problems.add(
            `${className}.${declaration.property}`,
            'two decorators say what this property is; keep one of them',
          );
        }
        declaredHere.add(declaration.property);
        draft.declaration = declaration;
      }
    }
  }
  return [...drafts].flatMap(([property, draft]) => {
    const path = `${className}.${property}`;
    if (draft.declaration !== undefined && Object.keys(draft.softDelete ?? {}).length > 0)
      problems.add(
        path,
        'the options of @SoftDelete belong to the @Field beside it',
        `@SoftDelete() @Field(…) ${property}`,
      );
    const declaration = draft.declaration ?? impliedBy(draft, property);
    if (declaration !== undefined) return [{ property, path, ...draft, declaration }];
    problems.add(path, 'the property has no decorator that says what it is', `@Field('string') ${property}`);
    return [];
  });
}

/** `@SoftDelete` alone says enough. */
function impliedBy({ softDelete }: Draft, property: string): MainDeclaration | undefined {
  if (softDelete === undefined) return undefined;
  return { kind: 'field', property, options: Object.freeze({ type: 'option<datetime>', ...softDelete }) };
}

function draftOf(drafts: Map<string, Draft>, property: string): Draft {
  const known = drafts.get(property);
  if (known !== undefined) return known;
  const draft: Draft = { hidden: false, concurrencyCheck: false };
  drafts.set(property, draft);
  return draft;
}

function joinFilters(
  className: string,
  staged: readonly StagedClass[],
  problems: Problems,
): readonly FilterOptions<never>[] {
  const filters = new Map<string, FilterOptions<never>>();
  for (const level of staged) {
    const here = new Set<string>();
    for (const filter of level.filters) {
      if (here.has(filter.name)) problems.add(className, `two filters are called "${filter.name}"`);
      here.add(filter.name);
      filters.set(filter.name, filter);
    }
  }
  return [...filters.values()];
}

function joinHooks(staged: readonly StagedClass[]): ReadonlyMap<LifecycleEvent, readonly string[]> {
  const hooks = new Map<LifecycleEvent, string[]>();
  for (const { event, method } of staged.flatMap((each) => each.hooks)) {
    const methods = hooks.get(event);
    if (methods === undefined) hooks.set(event, [method]);
    // An overridden method runs once: the instance has only the one of the subclass.
    else if (!methods.includes(method)) methods.push(method);
  }
  return hooks;
}
