import { binary, value } from '../../surrealql/nodes/index.js';
import { NONE } from '../../values/index.js';
import { requireBoolean, type OperatorBuilder } from './operator.js';

/** Whether a value is there: NULL is a value of its own, NONE is none. */
export const nullOperators: Readonly<Record<string, OperatorBuilder>> = {
  $isNull: (target, argument, path) =>
    binary(target.expression, requireBoolean(argument, path) ? '=' : '!=', value(null)),
  $isNone: (target, argument, path) =>
    binary(target.expression, requireBoolean(argument, path) ? '=' : '!=', value(NONE)),
  $exists: (target, argument, path) =>
    binary(target.expression, requireBoolean(argument, path) ? '!=' : '=', value(NONE)),
};
