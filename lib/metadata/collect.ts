import type { EntityClass } from './entity-metadata.js';
import type { AnalyzerOptions, EventOptions, IndexOptions, LifecycleEvent, TableOptions } from './options.js';
import type { Problems } from './problems.js';
import type { StagedClass, StagedDeclaration } from './staged.js';
import { stagedOf } from './staging.js';

/** The declaration of a property, with what other decorators on it add. */
export interface CollectedProperty {
  readonly property: string;
  readonly path: string;
  readonly declaration: MainDeclaration;
  readonly hidden: boolean;
  readonly unique?: { readonly name?: string };
}

export type MainDeclaration = Exclude<StagedDeclaration, { readonly kind: 'unique' | 'hidden' }>;

/** What a class and its bases staged, joined: base classes' first, a redeclared property at its first place. */
export interface CollectedClass {
  readonly target: EntityClass;
  readonly className: string;
  readonly table?: TableOptions;
  readonly view?: StagedClass['view'];
  readonly properties: readonly CollectedProperty[];
  readonly indexes: readonly IndexOptions[];
  readonly events: readonly EventOptions[];
  readonly analyzers: readonly AnalyzerOptions[];
  readonly hooks: ReadonlyMap<LifecycleEvent, readonly string[]>;
}

/** Reads the staging of a class and its bases. */
export function collect(target: EntityClass, problems: Problems): CollectedClass {
  const className = target.name === '' ? '(anonymous class)' : target.name;
  const own = stagedOf(target);
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
    ...(own?.table && { table: own.table }),
    ...(own?.view && { view: own.view }),
    properties: joinProperties(className, staged, problems),
    indexes: staged.flatMap((each) => each.indexes),
    events: staged.flatMap((each) => each.events),
    analyzers: staged.flatMap((each) => each.analyzers),
    hooks: joinHooks(staged),
  };
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
  unique?: { readonly name?: string };
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
      else if (declaration.kind === 'unique') draft.unique = declaration;
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
    if (draft.declaration !== undefined) return [{ property, path, ...draft, declaration: draft.declaration }];
    problems.add(path, 'the property has no decorator that says what it is', `@Field('string') ${property}`);
    return [];
  });
}

function draftOf(drafts: Map<string, Draft>, property: string): Draft {
  const known = drafts.get(property);
  if (known !== undefined) return known;
  const draft: Draft = { hidden: false };
  drafts.set(property, draft);
  return draft;
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
