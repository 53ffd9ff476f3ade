import { decode, encode } from '../driver/codec/index.js';
import { ByteWriter } from '../driver/codec/byte-writer.js';
import { CBOR, readHead, readText } from './cbor-walk.js';
import type { RequestEnvelope } from './request-envelope.js';
import type { WireFault } from './wire-fault.js';

type Echo = Pick<RequestEnvelope, 'id' | 'sessionItem'>;

/** The answer of the engine under the client's `id` and `session`; it holds a `result`, or the engine's own `error`. */
export function answerWith(request: Echo, engineAnswer: Uint8Array): Uint8Array {
  const error = errorItem(engineAnswer);
  return error === undefined ? write(request, 'result', engineAnswer) : write(request, 'error', error);
}

/** The answer for a request that the engine was not asked about. */
export function answerFault(request: Echo, fault: WireFault): Uint8Array {
  return write(request, 'error', encode({ ...fault, cause: undefined }));
}

/** A live notification, under the session the client attached it in. */
export function notificationFrame(sessionItem: Uint8Array | undefined, notification: Uint8Array): Uint8Array {
  return write({ id: undefined, sessionItem }, 'result', notification);
}

/** The fault inside an engine answer, or undefined when the call went well. */
export function faultIn(engineAnswer: Uint8Array): WireFault | undefined {
  const error = errorItem(engineAnswer);
  return error === undefined ? undefined : (decode(error) as WireFault);
}

function write({ id, sessionItem }: Echo, name: 'result' | 'error', item: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.head(CBOR.map, 1 + (id ? 1 : 0) + (sessionItem ? 1 : 0));
  if (id) {
    out.text('id');
    out.raw(id);
  }
  if (sessionItem) {
    out.text('session');
    out.raw(sessionItem);
  }
  out.text(name);
  return Buffer.concat([out.finish(), item]);
}

/** The engine reports a failed call as `{ error: { code, … } }` and everything else as the bare result. */
function errorItem(engineAnswer: Uint8Array): Uint8Array | undefined {
  const { major, value, next } = readHead(engineAnswer, 0);
  if (major !== CBOR.map || value !== 1 || readText(engineAnswer, next) !== 'error') return undefined;
  const item = engineAnswer.subarray(next + 'error'.length + 1);
  if (readHead(item, 0).major !== CBOR.map) return undefined;
  const error = decode(item);
  const isFault =
    typeof error === 'object' && error !== null && 'code' in error && 'message' in error && 'kind' in error;
  return isFault ? item : undefined;
}
