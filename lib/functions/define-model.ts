import { ValidationError } from '../errors/index.js';
import { modelCall, object, type FragmentNode } from '../surrealql/nodes/index.js';
import { fragmentOf } from '../surrealql/surql.js';
import { parseType } from '../types/index.js';
import type { TypeOf } from '../types/type-of.js';
import type { Expr } from './argument-types.js';
import { checkName } from './database-object.js';
import { argumentOf, namedArguments, type ArgumentTypes, type CallArguments, type Given } from './define-function.js';

/** What a model is given: values by the names that it was trained with, or the bare numbers, as a type. */
export type ModelInput = ArgumentTypes | string;

export interface ModelOptions<I extends ModelInput, R extends string> {
  /** Which of the versions that were imported: `1.0.0`. */
  readonly version: string;
  readonly input: I;
  readonly returns?: R;
}

/** The arguments of a call. */
export type ModelArguments<I extends ModelInput> = I extends string
  ? [input: Given<TypeOf<I>>]
  : I extends ArgumentTypes
    ? CallArguments<I>
    : never;

/** A model of SurrealML: calling it makes an expression. */
export interface DefinedModel<I extends ModelInput, R extends string> {
  (...input: ModelArguments<I>): Expr<string extends R ? never : TypeOf<R>>;
  /** What it answers, as SurrealQL says it. */
  readonly returns: R | undefined;
}

/**
 * Declares a model that was imported into the database with SurrealML (`surreal ml import`). Calling it makes an expression for
 * queries and computed fields, or is run. Values by name are normalised by the server as the model says; bare numbers go in as
 * they are.
 *
 * ```ts
 * const price = defineModel('house_price', {
 *   version: '1.0.0',
 *   input: { squarefoot: 'number', floors: 'number' },
 *   returns: 'float',
 * });
 * await em.call(price, { squarefoot: 500, floors: 2 });              // RETURN ml::house_price<1.0.0>({ … })
 *
 * const raw = defineModel('house_price', { version: '1.0.0', input: 'array<number>', returns: 'float' });
 * await em.call(raw, [500, 2]);
 * ```
 * Whoever runs it learns there and then, from a `CapabilityError`, that a server has no SurrealML.
 *
 * @throws ValidationError for what is no name or no version; MetadataError for a type that SurrealQL does not have
 * @see https://surrealdb.com/docs/surrealql/functions/ml
 */
export function defineModel<const I extends ModelInput, const R extends string = string>(
  name: string,
  { version, input, returns }: ModelOptions<I, R>,
): DefinedModel<I, R> {
  const plain = name.replace(/^ml::/, '');
  checkName('model', plain, /^[A-Za-z_]\w*(::[A-Za-z_]\w*)*$/, "defineModel('house_price', { version: '1.0.0', … })");
  checkVersion(plain, version);
  const path = `ml::${plain}`;
  const read = typeof input === 'string' ? bareInput(path, input) : namedInput(path, input);
  if (returns !== undefined) parseType(returns);
  const making = (given?: unknown): FragmentNode => fragmentOf(modelCall(path, version, read(given)));
  return Object.freeze(Object.assign(making, { returns })) as unknown as DefinedModel<I, R>;
}

type Reader = (given: unknown) => ReturnType<typeof argumentOf>;

function bareInput(path: string, text: string): Reader {
  const type = parseType(text);
  return (given) => argumentOf(path, { name: 'input', type }, given);
}

function namedInput(path: string, input: ArgumentTypes): Reader {
  const parameters = Object.entries(input).map(([name, text]) => ({ name, type: parseType(text) }));
  return (given = {}) => object(namedArguments(path, parameters, given));
}

function checkVersion(name: string, version: unknown): void {
  if (typeof version === 'string' && /^\d+\.\d+\.\d+$/.test(version)) return;
  throw new ValidationError({
    what: `${JSON.stringify(version)} is no version of the model ${name}`,
    why: 'a version has three numbers',
    fix: `defineModel('${name}', { version: '1.0.0', … })`,
    errors: [{ path: 'version', message: 'is no version', rule: 'version' }],
  });
}
