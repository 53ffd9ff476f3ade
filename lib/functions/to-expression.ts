import { ValidationError } from '../errors/index.js';
import { translateRegExp } from '../query/regex.js';
import { call, closure, local, value, type Expression } from '../surrealql/nodes/index.js';
import { expressionOf, fragmentOf, surql } from '../surrealql/surql.js';

/** A closure of JavaScript: called once, with the parameters of the closure of SurrealQL that it describes. */
type Closure = (...parameters: readonly unknown[]) => unknown;

/** An argument of a function: an expression as it stands, a function as a closure, anything else as a value that is bound. */
export function toExpression(given: unknown, name: string): Expression {
  if (typeof given === 'function') return closureOf(given as Closure, name);
  const kind = Object.prototype.toString.call(given);
  if (kind === '[object RegExp]') return surql`<regex>${translateRegExp(given as RegExp, name)}`;
  // A set that is bound counts as a list where it stands (3.0.2).
  if (kind === '[object Set]') return call('type::set', value([...(given as ReadonlySet<unknown>)]));
  if (ArrayBuffer.isView(given) && kind !== '[object Uint8Array]')
    return value(Array.from(given as unknown as ArrayLike<number>));
  return expressionOf(given);
}

function closureOf(make: Closure, name: string): Expression {
  const parameters = Array.from({ length: make.length }, local);
  const result = make(...parameters.map((each) => fragmentOf(each)));
  if (typeof result === 'object' && result !== null && typeof (result as PromiseLike<unknown>).then === 'function')
    throw asynchronous(name);
  if (result === undefined) throw silent(name);
  return closure(parameters, toExpression(result, name));
}

function asynchronous(name: string): ValidationError {
  return new ValidationError({
    what: `A function given to ${name} is asynchronous`,
    why: 'it is called once, here, to describe a closure that the server runs',
    fix: '(each) => fn.string.lowercase(each)',
  });
}

function silent(name: string): ValidationError {
  return new ValidationError({
    what: `A function given to ${name} returns nothing`,
    why: 'what it returns is the body of a closure that the server runs',
    fix: ['return an expression: (each) => fn.string.lowercase(each)', 'return NONE where that is meant'],
  });
}
