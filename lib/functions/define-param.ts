import { ValidationError } from '../errors/index.js';
import type { DefineParamNode } from '../surrealql/nodes/definitions.js';
import { param } from '../surrealql/nodes/index.js';
import { FRAGMENT } from '../surrealql/nodes/expressions.js';
import { fragmentOf, isFragment } from '../surrealql/surql.js';
import { clone } from '../values/index.js';
import type { Expr } from './argument-types.js';
import {
  checkName,
  objectClauses,
  withDefinition,
  type DatabaseObject,
  type ObjectOptions,
} from './database-object.js';

export interface ParamOptions<V> extends ObjectOptions {
  readonly value: V;
}

type Wide<V> = V extends string ? string : V extends number ? number : V extends boolean ? boolean : V;

/** What the server, or a statement, sets by itself. */
const TAKEN: ReadonlySet<string> = new Set(
  'access after auth before event input parent reference request session this token value'.split(' '),
);

/**
 * Declares a parameter of the database, `$name` in all queries. Listed in `definitions` of `Reverie.init`, schema sync defines it;
 * in queries it stands for its value, which the database holds and can change for all who ask.
 *
 * ```ts
 * const taxRate = defineParam('tax_rate', { value: new Decimal('0.19') });
 * await em.find(Order, surql`${field(Order, 'price')} * ${taxRate} > ${10}`);
 * ```
 * @throws ValidationError for what is no name, for a name that the server uses itself, and for an expression instead of a value
 * @see https://surrealdb.com/docs/surrealql/statements/define/param
 */
export function defineParam<V>(name: string, options: ParamOptions<V>): Expr<Wide<V>> & DatabaseObject {
  const plain = name.replace(/^\$/, '');
  checkName('parameter', plain, /^[A-Za-z_]\w*$/, "defineParam('tax_rate', { value: 0.19 })");
  if (TAKEN.has(plain)) throw refused(plain, `the server sets $${plain} itself`, 'give it another name');
  if (options.value === undefined || isFragment(options.value))
    throw refused(
      plain,
      'its value is data, which the database keeps as it is',
      'work it out before, or use defineFunction',
    );
  const definition: DefineParamNode = Object.freeze({
    kind: 'DefineParam',
    name: plain,
    value: clone(options.value),
    ...objectClauses(options),
  });
  const { kind, strings, values } = fragmentOf(param(plain));
  const expression = { kind, strings, values, [FRAGMENT]: true as const };
  return Object.freeze(withDefinition(expression, definition)) as Expr<Wide<V>> & DatabaseObject;
}

function refused(name: string, why: string, fix: string): ValidationError {
  return new ValidationError({
    what: `The parameter $${name} cannot be defined`,
    why,
    fix,
    errors: [{ path: name, message: why, rule: 'option' }],
  });
}
