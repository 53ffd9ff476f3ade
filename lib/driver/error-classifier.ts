import {
  AuthenticationError,
  CapabilityError,
  ConnectionError,
  PermissionError,
  QueryError,
  TimeoutError,
  TransactionConflictError,
  type QueryErrorDetails,
  type ReverieError,
} from '../errors/index.js';
import type { Purpose, ServerFault, StatementResult } from './driver.js';
import { detailOf, isCancelled, isConflict, isConsequence, kindsOf } from './fault-kind.js';
import { fixesOf } from './fault-fixes.js';
import { missingFeature } from './missing-feature.js';
import { RequestTooLarge } from './request-too-large.js';
import { RpcFault } from './rpc-fault.js';
import { splitStatements } from './split-statements.js';
import { uniqueError } from './unique-fault.js';

/** What a fault belongs to, as far as it is known. */
export interface FaultContext {
  readonly text?: string;
  readonly bindings?: Readonly<Record<string, unknown>>;
  readonly purpose?: Purpose;
  /** 0-based place of the failing statement in `text`. */
  readonly index?: number;
}

/**
 * The first real error of an answer, typed; undefined when nothing failed. Entries that merely say that their transaction
 * failed are skipped, and a script that ends its transaction by CANCEL has not failed.
 *
 * ```ts
 * const failure = firstError(await driver.execute(request), request);
 * if (failure !== undefined) throw failure;
 * ```
 */
export function firstError(results: readonly StatementResult[], context: FaultContext): ReverieError | undefined {
  let consequence: number | undefined;
  for (const [index, result] of results.entries()) {
    if (result.ok) continue;
    if (!isConsequence(result.error)) return errorOfFault(result.error, { ...context, index });
    if (consequence === undefined && !isCancelled(result.error)) consequence = index;
  }
  const left = consequence === undefined ? undefined : results[consequence];
  if (left === undefined || left.ok) return undefined;
  return errorOfFault(left.error, { ...context, ...(consequence !== undefined && { index: consequence }) });
}

/** The value of a request that is one statement. @throws its error */
export function onlyValue(results: readonly StatementResult[], context: FaultContext): unknown {
  const failure = firstError(results, context);
  if (failure !== undefined) throw failure;
  const [result] = results;
  return result?.ok === true ? result.value : undefined;
}

/** What was thrown while a request was made, as the typed error to throw; errors that are typed already stay as they are. */
export function errorOf(thrown: unknown, context: FaultContext): unknown {
  if (thrown instanceof RequestTooLarge) return thrown.toError(context.purpose);
  return thrown instanceof RpcFault ? errorOfFault(thrown.fault, context) : thrown;
}

/** The typed error for what the server says of a statement or a request. */
export function errorOfFault(fault: ServerFault, context: FaultContext = {}): ReverieError {
  const details = detailsOf(fault, context);
  if (isConflict(fault)) {
    return new TransactionConflictError({
      ...details,
      why: 'another transaction wrote the same records first; nothing of this one was kept',
      fix: 'run it again, as em.transaction() and retryOnConflict() do',
    });
  }
  const unique = uniqueError(fault, details.statement);
  if (unique !== undefined) return unique;
  return accessError(fault, context) ?? missingFeature(fault) ?? serverError(fault) ?? new QueryError(details);
}

/** Sign-in, permissions and what the server's operator has switched off. */
function accessError(fault: ServerFault, context: FaultContext): ReverieError | undefined {
  const kinds = kindsOf(fault);
  const { message } = fault;
  if (kinds[0] === 'NotAllowed' && kinds[1] === 'Auth') {
    const signedIn = kinds[2] === 'NotAllowed' && !message.startsWith('Anonymous access');
    return signedIn ? notPermitted(fault) : notAuthenticated(fault, kinds[2]);
  }
  if (/^(IAM error: )?Not enough permissions|^You don't have permission to /.test(message)) return notPermitted(fault);
  if (context.purpose === 'auth' && kinds[0] !== 'Query') return notAuthenticated(fault, kinds[0]);
  if (kinds[0] !== 'NotAllowed') return undefined;
  return new CapabilityError({
    what: message,
    why: `the server's capabilities deny it (${kinds.slice(1).join(' ') || 'not allowed'})`,
    fix: [
      'allow it on the server (--allow-funcs, --allow-net, --allow-scripting)',
      'for an embedded engine: the option `capabilities`',
    ],
    cause: fault,
  });
}

function notPermitted(fault: ServerFault): PermissionError {
  const [actor, action, resource] = ['actor', 'action', 'resource'].map((name) => detailOf(fault, name));
  return new PermissionError({
    what: fault.message,
    why:
      typeof action === 'string'
        ? `${String(actor)} may not ${action.toLowerCase()} ${String(resource)}`
        : 'the signed-in user may not do this',
    fix: ['sign in as a user with the role it needs', 'change the PERMISSIONS of the table, field or function'],
    cause: fault,
  });
}

function notAuthenticated(fault: ServerFault, kind: string | undefined): AuthenticationError {
  const expired = kind === 'SessionExpired' || kind === 'TokenExpired';
  return new AuthenticationError({
    what: fault.message,
    why: expired
      ? 'what was granted at sign-in has run out'
      : fault.message.startsWith('Anonymous access')
        ? 'nobody is signed in on this connection'
        : `the server refused the credentials (${kind === undefined ? 'no reason given' : kind})`,
    fix: expired
      ? ['sign in again', 'give `auth` as a function, so that it can be renewed']
      : /record access/.test(fault.message)
        ? [
            'check the variables given to signin() or signup(), and the name of the access',
            'the server does not tell what its SIGNUP or SIGNIN was refused by: an ASSERT, a unique index, a wrong password',
          ]
        : 'check who signs in: username and password (or access and variables), namespace and database; the `auth` option at boot',
    cause: fault,
  });
}

/** In a block of statements the server says it as if somebody had thrown it (3.0.2). */
const TIMED_OUT = /^An error occurred: The query was not executed because it exceeded the timeout: [\d.\w]+$/;

/** Faults of the server rather than of the statement. */
function serverError(fault: ServerFault): ReverieError | undefined {
  const kinds = kindsOf(fault);
  if ((kinds[0] === 'Query' && kinds.includes('TimedOut')) || TIMED_OUT.test(fault.message)) {
    return new TimeoutError({
      what: fault.message,
      why: 'the statement ran longer than its TIMEOUT, or than the server allows',
      fix: ['give it more time', 'narrow it, or add an index that serves it'],
      cause: fault,
    });
  }
  if (kinds[0] === 'NotFound' && kinds.includes('Method')) {
    return new CapabilityError({
      what: fault.message,
      why: 'the server, or this transport, does not have the RPC method',
      cause: fault,
    });
  }
  if (kinds[0] === 'Configuration' && kinds.includes('LiveQueryNotSupported')) {
    return new CapabilityError({ what: fault.message, fix: 'connect by ws:// or wss://', cause: fault });
  }
  if (/^The server is (unable to handle the request|gracefully shutting down)/.test(fault.message)) {
    return new ConnectionError({
      what: fault.message,
      why: 'the server did not run the request',
      fix: 'try again later',
      outcome: 'not-sent',
      cause: fault,
    });
  }
  return undefined;
}

function detailsOf(fault: ServerFault, context: FaultContext): QueryErrorDetails {
  const { text, bindings, index } = context;
  const statement = text === undefined ? undefined : statementAt(text, index);
  const at = statement?.index ?? index;
  const kind = fault.kind;
  return {
    what: fault.message,
    fix: fixesOf(fault),
    cause: fault,
    bindings: bindings === undefined ? [] : Object.keys(bindings),
    ...(statement !== undefined && { statement: statement.text }),
    ...(at !== undefined && { index: at }),
    ...(kind !== undefined && { kind }),
  };
}

/**
 * The statement that an entry answers. They run in step up to the first failure, unless a RETURN has left statements of a
 * transaction without entries: then the statement is not told rather than told wrong.
 */
function statementAt(
  text: string,
  entry: number | undefined,
): { readonly text: string; readonly index: number } | undefined {
  const statements = splitStatements(text);
  if (entry === undefined)
    return statements.length === 1 ? { text: (statements[0] as { text: string }).text, index: 0 } : undefined;
  const found = statements[entry];
  if (found === undefined) return undefined;
  const skipped = statements
    .slice(0, entry)
    .some(({ keyword }, at) => keyword === 'RETURN' && leavesTransaction(statements, at));
  return skipped ? undefined : { text: found.text, index: entry };
}

function leavesTransaction(statements: readonly { readonly keyword: string }[], at: number): boolean {
  const before = statements.slice(0, at).map(({ keyword }) => keyword);
  const open = before.lastIndexOf('BEGIN') > Math.max(before.lastIndexOf('COMMIT'), before.lastIndexOf('CANCEL'));
  return open && statements[at + 1]?.keyword !== 'COMMIT';
}
