import { ValidationError } from '../errors/index.js';
import type { DefineSequenceNode } from '../surrealql/nodes/definitions.js';
import { call, value } from '../surrealql/nodes/index.js';
import { fragmentOf } from '../surrealql/surql.js';
import { Duration } from '../values/index.js';
import type { Expr } from './argument-types.js';
import { checkName, withDefinition, type DatabaseObject } from './database-object.js';

export interface SequenceOptions {
  /** The first number; default 0. A sequence that has begun goes on where it is. */
  readonly start?: number;
  /** How many numbers a node of the server takes at once; those that it does not use are lost. Default 1,000. */
  readonly batch?: number;
  /** How long a node waits for its numbers: `'5s'`. */
  readonly timeout?: string;
}

/** A sequence of the database. */
export interface DefinedSequence extends DatabaseObject {
  /** The next number, as an expression: each evaluation takes one. */
  next(): Expr<number>;
}

/**
 * Declares a sequence: numbers that are given out once, also to writers at the same time. Listed in `definitions` of `Reverie.init`,
 * schema sync defines it.
 *
 * ```ts
 * const invoiceNumber = defineSequence('invoice_number', { start: 1000 });
 * await em.run(invoiceNumber.next());                                        // 1000
 * @Field('int', { default: invoiceNumber.next() }) number!: Opt<number>;
 * ```
 * @throws ValidationError for what is no name, and for numbers that are not whole
 * @see https://surrealdb.com/docs/surrealql/statements/define/sequence
 */
export function defineSequence(name: string, options: SequenceOptions = {}): DefinedSequence {
  checkName('sequence', name, /^[A-Za-z_]\w*$/, "defineSequence('invoice_number')");
  const { start, batch, timeout } = options;
  checkWhole(name, 'start', start, Number.MIN_SAFE_INTEGER);
  checkWhole(name, 'batch', batch, 1);
  const definition: DefineSequenceNode = Object.freeze({
    kind: 'DefineSequence',
    name,
    ...(start !== undefined && { start }),
    ...(batch !== undefined && { batch }),
    ...(timeout !== undefined && { timeout: String(Duration.parse(timeout)) }),
  });
  const next = (): Expr<number> => fragmentOf<number>(call('sequence::nextval', value(name)));
  return Object.freeze(withDefinition({ next }, definition));
}

function checkWhole(name: string, option: string, given: unknown, least: number): void {
  if (given === undefined || (Number.isSafeInteger(given) && (given as number) >= least)) return;
  throw new ValidationError({
    what: `The ${option} of the sequence ${name} must be a whole number`,
    why: `it is ${String(given)}`,
    errors: [{ path: `${name}.${option}`, message: 'must be a whole number', rule: 'type' }],
  });
}
