import { PermissionError, type ReverieError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import {
  binary,
  block,
  call,
  evaluate,
  iff,
  letStatement,
  param,
  select,
  subquery,
  throwStatement,
  value,
  type Expression,
  type Statement,
} from '../../surrealql/nodes/index.js';
import type { EmSession } from '../em-session.js';
import { BARRED, type DirectWrite } from './direct-write.js';

/**
 * Whether PERMISSIONS hold for whoever writes. What they refuse the server leaves out without a word, so the request finds it and
 * throws: all of a direct write is done, or nothing.
 */
export function isJudged({ connection }: EmSession): boolean {
  return connection.isJudged === true;
}

export function barredIf(condition: Expression, number: number): Statement {
  return evaluate(iff(condition, block([throwStatement(value(`${BARRED}${number}`))])));
}

/** Each of those that were meant has been written. */
export function barredUnlessAll(meant: Expression, written: Expression, number: number): Statement {
  return barredIf(binary(call('array::len', meant), '!=', call('array::len', written)), number);
}

/** None of those that were to be deleted is still to be seen. Some may have gone with another one. */
export function barredIfLeft(ids: Expression, number: number): Statement[] {
  const left = param('left');
  return [
    letStatement('left', subquery(select({ from: [ids] }))),
    barredIf(binary(call('array::len', left), '!=', value(0)), number),
  ];
}

export function barring(
  { className, table }: EntityMetadata,
  action: 'create' | 'update' | 'delete' | 'write',
): NonNullable<DirectWrite['refusals']> {
  return {
    [BARRED]: (cause: ReverieError) =>
      new PermissionError({
        what: `The signed-in user may not ${action} ${className} as asked`,
        why: `the PERMISSIONS of ${table} refuse it for a record that is meant, or hide what came of it; nothing was written`,
        fix: [
          'write as a user who may',
          action === 'update' || action === 'delete'
            ? 'narrow the where to what the user may write'
            : `change @Table({ permissions }) of ${className}`,
        ],
        cause,
      }),
  };
}
