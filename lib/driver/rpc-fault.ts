import type { ServerFault } from './driver.js';
import { isObject } from './fault-kind.js';

/** A request that the server answered with an error; the driver turns it into a typed error before it leaves. */
export class RpcFault extends Error {
  readonly fault: ServerFault;

  constructor(fault: ServerFault) {
    super(fault.message);
    this.name = 'RpcFault';
    this.fault = fault;
  }
}

/** Reads an error as it comes over the wire, from an RPC answer's `error` or a failed statement's entry. */
export function faultFrom(value: unknown): ServerFault {
  if (!isObject(value)) return { message: String(value) };
  const { message, result, kind, code, details, cause } = value;
  const text =
    typeof message === 'string' ? message : typeof result === 'string' ? result : 'The server gave no reason';
  return {
    message: text,
    ...(typeof kind === 'string' && { kind }),
    ...(typeof code === 'number' && { code }),
    ...(isObject(details) && { details }),
    ...(isObject(cause) && { cause: faultFrom(cause) }),
  };
}
