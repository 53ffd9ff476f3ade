/** An RPC error as it goes over the wire. */
export interface WireFault {
  readonly code: number;
  readonly kind: string;
  readonly message: string;
  readonly details?: WireFaultDetails;
}

export interface WireFaultDetails {
  readonly kind: string;
  readonly details?: WireFaultDetails | Readonly<Record<string, string>>;
}

const fault = (code: number, kind: string, message: string, details?: WireFaultDetails): WireFault =>
  Object.freeze({ code, kind, message, ...(details && { details }) });

const invalidParams = (message: string): WireFault => fault(-32603, 'Validation', message, { kind: 'InvalidParams' });

/** The faults the server answers with itself, worded and numbered as SurrealDB 3.0 does. */
export const wireFaults = Object.freeze({
  parse: fault(-32700, 'Validation', 'Parse error', { kind: 'Parse' }),
  invalidRequest: fault(-32600, 'Validation', 'Invalid request', { kind: 'InvalidRequest' }),
  methodNotFound: fault(-32601, 'NotFound', 'Method not found', { kind: 'Method', details: { name: 'unknown' } }),
  anonymous: fault(
    -32002,
    'NotAllowed',
    'Anonymous access not allowed: Not enough permissions to perform this action',
    {
      kind: 'Auth',
      details: { kind: 'NotAllowed', details: { actor: 'Anonymous', action: 'process', resource: 'query' } },
    },
  ),
  namespaceEmpty: fault(-32600, 'Validation', 'Specify a namespace to use', { kind: 'NamespaceEmpty' }),
  namespaceNotText: invalidParams('Expected ns to be string'),
  transactionNotFound: invalidParams('Transaction not found'),
  transactionIdExpected: invalidParams('Expected transaction UUID'),
  sessionIdExpected: invalidParams('Expected a session ID'),
  liveNotSupported: fault(-32604, 'Configuration', 'Live queries are not supported over HTTP', {
    kind: 'LiveQueryNotSupported',
  }),
  overloaded: fault(-32000, 'Internal', 'The server is unable to handle the request'),
  stopping: fault(-32000, 'Internal', 'The server is gracefully shutting down'),
  sessionNotFound: (id: string): WireFault =>
    fault(-32000, 'NotFound', `Session not found: ${id}`, { kind: 'Session', details: { id } }),
  sessionExists: (id: string): WireFault =>
    fault(-32000, 'AlreadyExists', `Session already exists: ${id}`, { kind: 'Session', details: { id } }),
  tooDeep: (why: string): WireFault =>
    fault(-32000, 'Validation', `Parse error: The expression is too deep, ${why}`, { kind: 'Parse' }),
  fatalArgument: (why: string): WireFault =>
    fault(-32000, 'Validation', `Invalid argument: ${why}`, { kind: 'InvalidParams' }),
  internal: (message: string): WireFault => fault(-32000, 'Internal', message),
});

/** Carries a fault out of the request's handling to where its answer is written. */
export class WireFaultError extends Error {
  readonly fault: WireFault;
  constructor(fault: WireFault) {
    super(fault.message);
    this.name = 'WireFaultError';
    this.fault = fault;
  }
}

/** The fault behind whatever was thrown while a request was handled. */
export function faultOf(thrown: unknown): WireFault {
  if (thrown instanceof WireFaultError) return thrown.fault;
  const message = textOf(thrown);
  if (message === 'Invalid request') return wireFaults.invalidRequest;
  if (/CBOR|RecursionLimit/i.test(message)) return wireFaults.parse;
  return wireFaults.internal(message);
}

/** The engine's errors may belong to another realm, where `instanceof Error` does not know them. */
function textOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}
