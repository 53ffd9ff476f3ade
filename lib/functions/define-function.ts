import { ValidationError } from '../errors/index.js';
import { encodeTyped } from '../query/typed-value.js';
import type { DefineFunctionNode } from '../surrealql/nodes/definitions.js';
import { call, param, value, type Expression, type FragmentNode } from '../surrealql/nodes/index.js';
import { fragmentOf, isFragment, type SurqlFragment } from '../surrealql/surql.js';
import { admitsNone, didYouMean, parseType } from '../types/index.js';
import type { Input } from '../types/index.js';
import type { SurrealType } from '../types/surreal-type.js';
import type { TypeOf } from '../types/type-of.js';
import { isPlain, NONE, toRecordId, type RecordId } from '../values/index.js';
import type { Arg, Expr } from './argument-types.js';
import {
  checkName,
  objectClauses,
  withDefinition,
  type DatabaseObject,
  type ObjectOptions,
} from './database-object.js';

/** Types of SurrealQL by the names of the arguments. */
export type ArgumentTypes = Readonly<Record<string, string>>;

export interface FunctionOptions<A extends ArgumentTypes, R extends string> extends ObjectOptions {
  readonly args?: A;
  readonly returns?: R;
  /** Statements, or an expression. As a function it is given the arguments. */
  readonly body:
    SurqlFragment<unknown> | ((args: { readonly [K in keyof A]: Expr<TypeOf<A[K]>> }) => SurqlFragment<unknown>);
}

/** What may be given where a value of this type is asked for. */
export type Given<V> = Arg<V extends RecordId ? V | { readonly id: V } : Input<V>>;
type OptionalNames<A extends ArgumentTypes> = {
  [K in keyof A]: undefined extends TypeOf<A[K]> ? K : never;
}[keyof A];
/** The arguments of a call by their names; those that may be NONE may be left out. */
export type NamedArguments<A extends ArgumentTypes> = {
  readonly [K in Exclude<keyof A, OptionalNames<A>>]: Given<TypeOf<A[K]>>;
} & { readonly [K in OptionalNames<A>]?: Given<TypeOf<A[K]>> };
/** Nothing has to be given where everything may be left out. */
export type CallArguments<A extends ArgumentTypes> =
  {} extends NamedArguments<A> ? [args?: NamedArguments<A>] : [args: NamedArguments<A>];

/** A function of the database: calling it makes an expression. */
export interface DefinedFunction<A extends ArgumentTypes, R extends string> extends DatabaseObject {
  (...args: CallArguments<A>): Expr<string extends R ? never : TypeOf<R>>;
  /** What it answers, as SurrealQL says it. */
  readonly returns: R | undefined;
}

/**
 * Declares a function of the database. Listed in `definitions` of `Reverie.init`, schema sync defines it; a call makes an expression
 * for queries, computed fields and changes, or is run.
 *
 * ```ts
 * const gross = defineFunction('billing::gross', {
 *   args: { net: 'decimal', rate: 'option<decimal>' },
 *   returns: 'decimal',
 *   body: ({ net, rate }) => surql`RETURN ${net} * (1 + (${rate} ?? 0.19dec))`,
 * });
 * await em.call(gross, { net: new Decimal(100) });
 * await em.find(Order, surql`${gross({ net: field(Order, 'price') })} > ${100}`);
 * ```
 * @throws ValidationError for what is no name; MetadataError for a type that SurrealQL does not have
 * @see https://surrealdb.com/docs/surrealql/statements/define/function
 */
export function defineFunction<const A extends ArgumentTypes = {}, const R extends string = string>(
  name: string,
  options: FunctionOptions<A, R>,
): DefinedFunction<A, R> {
  const path = name.replace(/^fn::/, '');
  checkName('function', path, /^[A-Za-z_]\w*(::[A-Za-z_]\w*)*$/, "defineFunction('billing::gross', …)");
  const { args = {} as A, returns, body } = options;
  const parameters = Object.entries(args).map(([each, text]) => ({ name: each, type: parseType(text) }));
  const definition: DefineFunctionNode = Object.freeze({
    kind: 'DefineFunction',
    name: path,
    args: Object.freeze(parameters),
    ...(returns !== undefined && { returns: parseType(returns) }),
    body: bodyOf(path, body as FunctionOptions<ArgumentTypes, string>['body'], Object.keys(args)),
    ...objectClauses(options),
  });
  const making = (given: unknown = {}): FragmentNode => callOf(definition, given);
  return Object.freeze(withDefinition(Object.assign(making, { returns }), definition)) as unknown as DefinedFunction<
    A,
    R
  >;
}

function bodyOf(
  name: string,
  body: FunctionOptions<ArgumentTypes, string>['body'],
  args: readonly string[],
): FragmentNode {
  const made =
    typeof body === 'function' ? body(Object.fromEntries(args.map((each) => [each, fragmentOf(param(each))]))) : body;
  if (isFragment(made)) return made;
  throw new ValidationError({
    what: `The body of fn::${name} is no surql`,
    fix: 'body: surql`RETURN $a + $b`',
    errors: [{ path: `${name}.body`, message: 'is no surql', rule: 'type' }],
  });
}

function callOf({ name, args }: DefineFunctionNode, given: unknown): FragmentNode {
  const path = `fn::${name}`;
  return fragmentOf(call(path, ...namedArguments(path, args, given).map(([, each]) => each)));
}

/** A parameter by its name and type. */
export interface Parameter {
  readonly name: string;
  readonly type: SurrealType;
}

/**
 * Arguments that are given by name, in the order of the parameters.
 *
 * @throws ValidationError for what is missing, unknown or of another type
 */
export function namedArguments(
  path: string,
  parameters: readonly Parameter[],
  given: unknown,
): readonly (readonly [name: string, value: Expression])[] {
  if (typeof given !== 'object' || given === null || !isPlain(given)) throw noArguments(path, parameters);
  const values = given as Readonly<Record<string, unknown>>;
  const names = parameters.map(({ name }) => name);
  const unknown = Object.keys(values).find((each) => !names.includes(each));
  if (unknown !== undefined) throw unknownArgument(path, unknown, names);
  return parameters.map((each) => [each.name, argumentOf(path, each, values[each.name])]);
}

/** One argument as an expression. */
export function argumentOf(path: string, { name, type }: Parameter, given: unknown): Expression {
  if (isFragment(given)) return given;
  const label = `${path}.${name}`;
  if (given === undefined && !admitsNone(type)) {
    throw new ValidationError({
      what: `${path} needs the argument ${name}`,
      errors: [{ path: label, message: 'is missing', rule: 'arguments' }],
    });
  }
  return value(given === undefined ? NONE : encodeTyped(type, idOf(type, given), label));
}

/** An entity stands for its id where an id is asked for. */
function idOf(type: SurrealType, given: unknown): unknown {
  const wantsId =
    type.kind === 'record' || (type.kind === 'union' && type.members.some(({ kind }) => kind === 'record'));
  const id = wantsId && typeof given === 'object' ? toRecordId(given) : undefined;
  return id ?? given;
}

function noArguments(path: string, args: readonly Parameter[]): ValidationError {
  const example = args.map(({ name }) => `${name}: …`).join(', ');
  return new ValidationError({
    what: `${path} takes its arguments by name`,
    fix: `({ ${example} })`,
    errors: [{ path, message: 'takes its arguments by name', rule: 'arguments' }],
  });
}

function unknownArgument(path: string, name: string, names: readonly string[]): ValidationError {
  return new ValidationError({
    what: `${path} has no argument ${name}`,
    why: `its arguments are ${names.join(', ') || 'none'}.${didYouMean(name, names)}`,
    errors: [{ path: `${path}.${name}`, message: 'there is no such argument', rule: 'unknown' }],
  });
}
