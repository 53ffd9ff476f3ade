import { MetadataError } from '../errors/index.js';
import { classText } from './class-text.js';

/** The part of a standard decorator's context that is looked at. */
export interface StandardContext {
  readonly kind: 'class' | 'method' | 'getter' | 'setter' | 'field' | 'accessor';
  readonly name: string | symbol | undefined;
  readonly static?: boolean;
  readonly private?: boolean;
  readonly metadata?: object;
}

/** Standard decorators get a context object, legacy ones a key or nothing. */
export function isStandard(context: unknown): context is StandardContext {
  return typeof context === 'object' && context !== null && 'kind' in context && 'addInitializer' in context;
}

/**
 * A decorator that is made by a call. Compilers that check no types (esbuild, swc, tsx) let `@Field name` through: it hands the
 * place it stands on to `make`, which would take that for options and decorate nothing.
 *
 * @param call how it is written, for the error: `Relation(() => Team)`
 */
export function factory<F extends (...given: never[]) => unknown>(call: string, make: F): F {
  return guarded(call, make, placeOfMember);
}

/** The same of a class decorator that takes no class itself: the legacy dialect gives it nothing but that. */
export function classFactory<F extends (...given: never[]) => unknown>(call: string, make: F): F {
  return guarded(call, make, (given) => placeOfMember(given) ?? placeOfClass(given));
}

const FACTORIES = new WeakSet();

/** Whether this makes a decorator, and is none. */
export function isFactory(given: unknown): boolean {
  return typeof given === 'function' && FACTORIES.has(given);
}

/** What a decorator stands on, as it is written below it; undefined where it was called. */
type Place = (given: readonly unknown[]) => string | undefined;

function guarded<F extends (...given: never[]) => unknown>(call: string, make: F, placeOf: Place): F {
  const decorator = call.slice(0, call.indexOf('('));
  const called = (...given: never[]): unknown => {
    const place = placeOf(given);
    if (place !== undefined) throw notCalled(decorator, call, place);
    return make(...given);
  };
  Object.defineProperty(called, 'name', { value: decorator, configurable: true });
  FACTORIES.add(called);
  return called as F;
}

const placeOfMember: Place = ([first, second]) => {
  if (isStandard(second)) return second.kind === 'class' ? `class ${String(second.name)}` : String(second.name);
  const isMember = typeof second === 'string' || typeof second === 'symbol';
  return isMember && (isPrototype(first) || isClass(first)) ? String(second) : undefined;
};

const placeOfClass: Place = ([first, ...rest]) =>
  rest.length === 0 && isClass(first) ? classText(first).replace(/^the /, '') : undefined;

function isPrototype(given: unknown): given is object {
  return typeof given === 'object' && given !== null;
}

/** Arrow functions have no prototype. */
function isClass(given: unknown): boolean {
  return typeof given === 'function' && Object.hasOwn(given, 'prototype');
}

function notCalled(decorator: string, call: string, place: string): MetadataError {
  return new MetadataError({
    what: `@${decorator} stands on ${place} without parentheses, and would decorate nothing`,
    why: 'a decorator of Reverie is made by a call',
    fix: `write: @${call} ${place}`,
  });
}
