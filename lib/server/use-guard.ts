import { CBOR, readHead } from './cbor-walk.js';
import { isNone, isNull, parametersOf, type RequestEnvelope } from './request-envelope.js';
import { wireFaults, type WireFault } from './wire-fault.js';

/**
 * Why a `use` may not reach the engine, or undefined when it may. A database without a namespace makes the engine
 * panic, which ends the whole process; `hasNamespace` tells whether the session has one to keep.
 */
export async function useFault(
  envelope: RequestEnvelope,
  hasNamespace: () => Promise<boolean>,
): Promise<WireFault | undefined> {
  const [namespace, database] = parametersOf(envelope);
  if (namespace === undefined || database === undefined) return undefined;
  if (isNone(database) || isNull(database)) return undefined;
  if (readHead(namespace, 0).major === CBOR.text) return undefined;
  if (isNull(namespace)) return wireFaults.namespaceEmpty;
  if (!isNone(namespace)) return wireFaults.namespaceNotText;
  return (await hasNamespace()) ? undefined : wireFaults.namespaceEmpty;
}
