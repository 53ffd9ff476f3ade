import { ByteWriter } from '../driver/codec/byte-writer.js';
import { CBOR, elementsOf, readHead, readText, walkMap } from './cbor-walk.js';
import { wireFaults, WireFaultError } from './wire-fault.js';
import { uuidFromText } from './wire-uuid.js';

/** A request as it came: its members as slices of the frame, nothing decoded but what the server itself needs. */
export interface RequestEnvelope {
  /** The CBOR of `id`, echoed in the answer. */
  readonly id: Uint8Array | undefined;
  /** The CBOR of `session`, echoed in the answer; undefined for the connection's own session. */
  readonly sessionItem: Uint8Array | undefined;
  readonly session: Uint8Array | undefined;
  readonly txn: Uint8Array | undefined;
  readonly method: string;
  readonly params: Uint8Array | undefined;
  readonly version: Uint8Array | undefined;
}

const UUID_TAG = 37;
const UUID_TEXT_TAG = 9;
const DATETIME_TAGS: ReadonlySet<number | undefined> = new Set([0, 12]);
const NONE_TAG = 6;
const DECIMAL_TAG = 10;
const NULL = 22;
const UNDEFINED = 23;
const SHORTEST_FLOAT = 3;

/**
 * Splits a request into its members. Throws a WireFaultError: a parse error for bytes that are no CBOR map, an invalid
 * request for members of the wrong type.
 */
export function openEnvelope(frame: Uint8Array): RequestEnvelope {
  const members = membersOf(frame);
  const session = members.get('session');
  const txn = members.get('txn');
  const method = members.get('method');
  const id = members.get('id');
  const name = method && readText(method, 0);
  if (name === undefined || (id && !mayBeId(id))) throw new WireFaultError(wireFaults.invalidRequest);
  const sessionId = session && uuidOrNothing(session);
  return {
    id,
    sessionItem: sessionId === undefined ? undefined : session,
    session: sessionId,
    txn: txn && uuidOrNothing(txn),
    method: name,
    params: members.get('params'),
    version: members.get('version'),
  };
}

/** The `id` of a request that could not be read otherwise, as far as it can be found. */
export function idOf(frame: Uint8Array): Uint8Array | undefined {
  try {
    const id = membersOf(frame).get('id');
    return id && mayBeId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** The first parameter when it is text. */
export function firstText(envelope: RequestEnvelope): string | undefined {
  const [first] = parametersOf(envelope);
  return first && readText(first, 0);
}

/** The parameters, each as its own slice. */
export function parametersOf(envelope: RequestEnvelope): readonly Uint8Array[] {
  const { params } = envelope;
  const starts = params && elementsOf(params, 0);
  if (params === undefined || starts === undefined) return [];
  return starts.map((start, index) => params.subarray(start, starts[index + 1]));
}

/** The 16 bytes of a uuid item (binary, or text under the uuid tag), or undefined when it is none. */
export function uuidOf(item: Uint8Array): Uint8Array | undefined {
  const { major, value, next } = readHead(item, 0);
  if (major !== CBOR.tag) return undefined;
  if (value === UUID_TEXT_TAG) return uuidFromText(readText(item, next) ?? '');
  if (value !== UUID_TAG) return undefined;
  const content = readHead(item, next);
  if (content.major !== CBOR.bytes || content.value !== 16) return undefined;
  return item.slice(content.next, content.next + 16);
}

/** True for NONE. */
export function isNone(item: Uint8Array): boolean {
  const { major, value } = readHead(item, 0);
  return major === CBOR.tag && value === NONE_TAG;
}

/** True for NULL and for CBOR's undefined, which the engine takes for NULL. */
export function isNull(item: Uint8Array): boolean {
  const { major, value } = readHead(item, 0);
  return major === CBOR.simple && (value === NULL || value === UNDEFINED);
}

/** The request for the engine: the same parameters under the engine's own session id. */
export function engineRequest(request: {
  readonly method: string;
  readonly session: Uint8Array;
  readonly params?: Uint8Array | undefined;
  readonly txn?: Uint8Array | undefined;
  readonly version?: Uint8Array | undefined;
}): Uint8Array {
  const { method, session, params, txn, version } = request;
  const out = new ByteWriter();
  out.head(CBOR.map, 2 + (params ? 1 : 0) + (txn ? 1 : 0) + (version ? 1 : 0));
  out.text('method');
  out.text(method);
  out.text('session');
  writeUuid(out, session);
  if (txn) {
    out.text('txn');
    writeUuid(out, txn);
  }
  if (version) {
    out.text('version');
    out.raw(version);
  }
  if (!params) return out.finish();
  out.text('params');
  return Buffer.concat([out.finish(), params]);
}

/** Writes a uuid in its binary form. */
export function writeUuid(out: ByteWriter, id: Uint8Array): void {
  out.head(CBOR.tag, UUID_TAG);
  out.head(CBOR.bytes, 16);
  out.raw(id);
}

function membersOf(frame: Uint8Array): Map<string, Uint8Array> {
  const members = new Map<string, Uint8Array>();
  let end: number;
  try {
    end = walkMap(frame, 0, (key, start, stop) => members.set(key, frame.subarray(start, stop)));
  } catch {
    throw new WireFaultError(wireFaults.parse);
  }
  if (end !== frame.byteLength) throw new WireFaultError(wireFaults.parse);
  return members;
}

function uuidOrNothing(item: Uint8Array): Uint8Array | undefined {
  if (isNone(item) || isNull(item)) return undefined;
  const text = readText(item, 0);
  const id = text === undefined ? uuidOf(item) : uuidFromText(text);
  if (id === undefined) throw new WireFaultError(wireFaults.invalidRequest);
  return id;
}

function mayBeId(item: Uint8Array): boolean {
  const { major, value } = readHead(item, 0);
  if (major === CBOR.uint || major === CBOR.nint || major === CBOR.text) return true;
  if (major === CBOR.simple) return value === NULL || value === UNDEFINED || item.byteLength >= SHORTEST_FLOAT;
  const tagged = value === UUID_TAG || value === UUID_TEXT_TAG || value === NONE_TAG || value === DECIMAL_TAG;
  return major === CBOR.tag && (tagged || DATETIME_TAGS.has(value));
}
