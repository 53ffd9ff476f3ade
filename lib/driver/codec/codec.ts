import { Encoder } from './encoder.js';
import { Reader } from './reader.js';

/**
 * The CBOR of a value, as SurrealDB reads it. `undefined` and `NONE` become NONE, dates keep their nanoseconds, integers
 * beyond 2^53 are bigints.
 *
 * ```ts
 * encode({ id: new RecordId('user', 1), at: new Date() });
 * ```
 * @throws ValidationError naming the path of what cannot be stored: functions, invalid dates, cycles, integers over 64 bits.
 */
export function encode(value: unknown): Uint8Array {
  const encoder = new Encoder();
  encoder.value(value);
  return encoder.out.finish();
}

const BINDINGS = ['params', 1] as const;

/**
 * `encode` for a request of the protocol: `{ method, params: [text, bindings] }`. A refusal names the path below the bindings,
 * as the caller knows it: `user.tags[1]`, not `params[1].user.tags[1]`.
 *
 * ```ts
 * encodeRequest({ id: 1, method: 'query', params: ['CREATE $id', { id: new RecordId('user', 1) }] });
 * ```
 * @throws ValidationError as `encode`.
 */
export function encodeRequest(request: object): Uint8Array {
  const encoder = new Encoder(BINDINGS);
  encoder.value(request);
  return encoder.out.finish();
}

/**
 * The value in CBOR bytes that SurrealDB wrote. NONE is `undefined`, a datetime a `DateTime` (a Date), an int beyond 2^53
 * a bigint, a set a `Set`.
 *
 * @throws CborError when the bytes are no value.
 */
export function decode(bytes: Uint8Array): unknown {
  return new Reader(bytes).readAll();
}

/**
 * `decode` that tells floats from ints: one whose number is whole is a `Float`, so that `encode` gives the same bytes again.
 *
 * @throws CborError when the bytes are no value.
 */
export function decodeExact(bytes: Uint8Array): unknown {
  return new Reader(bytes, true).readAll();
}
