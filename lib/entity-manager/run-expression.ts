import { firstError } from '../driver/error-classifier.js';
import { accessOf } from '../driver/statement-access.js';
import { handlerOfType } from '../entity/type-handler.js';
import { joined, ValidationError } from '../errors/index.js';
import { toExpression } from '../functions/to-expression.js';
import type { EntityClass, EntityMetadata } from '../metadata/entity-metadata.js';
import { describe } from '../query/query-errors.js';
import { requireList } from '../query/operators/operator.js';
import { call, evaluate, type Expression, type FragmentNode } from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';
import { acceptsValue } from '../types/accepts-value.js';
import { admitsNone, admitsNull, parseType } from '../types/index.js';
import { isNone, plainDates } from '../values/index.js';
import { asOptions } from './as-options.js';
import type { EmSession } from './em-session.js';
import { mapRow } from './map-row.js';
import { printRequest } from './print-request.js';
import { refuseUndoable } from './raw-query.js';
import type { RunOptions } from './run-statement.js';

/** What a called function answers: a type of SurrealQL, an entity, or a list of one. */
export type Returns = string | EntityClass | readonly [EntityClass];

export interface CallOptions<R extends Returns> extends RunOptions {
  readonly returns?: R;
}

/** Sends an expression alone, and answers its value; a Date for every datetime. */
export async function runExpression(session: EmSession, given: unknown, options?: RunOptions): Promise<unknown> {
  if (!isFragment(given)) throw noExpression(given);
  return plainDates(await evaluated(session, given, options));
}

/** @throws ValidationError for an answer that is not of the type that `returns` says */
export async function callByName(
  session: EmSession,
  name: string,
  args: readonly unknown[] = [],
  given?: CallOptions<Returns>,
): Promise<unknown> {
  const { returns, ...options } = asOptions(given, 'em.call()', "em.call('fn::add', [1, 2], { returns: 'int' })");
  const path = functionName(name);
  const reader = readerOf(session, path, returns);
  return reader(
    await evaluated(
      session,
      call(path, ...requireList(args, `em.call('${path}', …)`).map((each) => argument(each, path))),
      options,
    ),
  );
}

/** Calls a function that was declared; its answer is held against what it says that it returns. */
export async function callDefined(
  session: EmSession,
  defined: (args?: unknown) => unknown,
  args: unknown,
  options?: RunOptions,
): Promise<unknown> {
  const { returns } = defined as { readonly returns?: string };
  const answer = await evaluated(session, defined(args) as FragmentNode, options);
  return returns === undefined ? plainDates(answer) : typedReader('the function', returns)(answer);
}

async function evaluated(session: EmSession, expression: Expression, given: RunOptions | undefined): Promise<unknown> {
  const { signal, timeout } = asOptions(given, 'em.run()', 'em.run(fn.math.sqrt(16), { timeout: 1000 })');
  const { text, bindings } = printRequest(session, evaluate(expression));
  const access = accessOf(text);
  refuseUndoable(session, access, 'em.run()');
  const request = {
    text,
    bindings,
    access,
    purpose: 'raw' as const,
    ...(signal !== undefined && { signal }),
    ...(timeout !== undefined && { timeout }),
  };
  const results = await session.driver.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  const last = results.at(-1);
  return last?.ok === true ? last.value : undefined;
}

/** A name without a family is one of the database's own: `add` is `fn::add`. */
function functionName(name: unknown): string {
  if (typeof name !== 'string' || !/^\w+(::\w+)*$/.test(name)) {
    throw new ValidationError({
      what: `${describe(name)} is no name of a function`,
      fix: ["em.call('fn::add', [1, 2])", "em.call('math::sqrt', [16])"],
      errors: [{ path: 'name', message: 'is no name of a function', rule: 'type' }],
    });
  }
  return name.includes('::') ? name : `fn::${name}`;
}

function argument(given: unknown, name: string): Expression {
  if (given !== undefined) return toExpression(given, name);
  throw new ValidationError({
    what: `An argument of ${name} is undefined`,
    why: 'the server would take it for NONE',
    fix: ['check where the value comes from', 'NONE, where that is meant'],
    errors: [{ path: name, message: 'an argument is undefined', rule: 'undefined' }],
  });
}

type Reader = (answer: unknown) => unknown;

function readerOf(session: EmSession, name: string, returns: Returns | undefined): Reader {
  if (returns === undefined) return plainDates;
  if (typeof returns === 'string') return typedReader(name, returns);
  const list = Array.isArray(returns);
  const entity = (list ? (returns as readonly EntityClass[])[0] : returns) as EntityClass;
  const meta = session.core.registry.get(entity) as EntityMetadata;
  const one = (row: unknown): unknown => (row === undefined || row === null ? null : mapRow(session, meta, row));
  return list ? (rows) => (rows as readonly unknown[]).map(one) : one;
}

function typedReader(name: string, text: string): Reader {
  const type = parseType(text);
  const { decode = (raw: unknown) => raw } = handlerOfType(type);
  return (answer) => {
    const missing = answer === undefined || isNone(answer);
    if (missing ? admitsNone(type) : answer === null && admitsNull(type)) return missing ? undefined : null;
    if (missing || answer === null || !acceptsValue(type, answer)) throw wrongAnswer(name, text, answer);
    return decode(answer);
  };
}

function wrongAnswer(name: string, type: string, answer: unknown): ValidationError {
  const what = `${name} did not answer with ${type}`;
  const why = `it answered with ${describe(answer)}`;
  return new ValidationError({
    what,
    why,
    fix: 'correct `returns`, or what the function returns',
    errors: [{ path: name, message: joined(what, why), rule: 'type' }],
  });
}

function noExpression(given: unknown): ValidationError {
  return new ValidationError({
    what: `em.run() takes an expression, it was given ${describe(given)}`,
    fix: ['em.run(fn.math.sqrt(16))', 'em.run(surql`1 + ${2}`)'],
    errors: [{ path: 'expression', message: 'is no expression', rule: 'type' }],
  });
}
