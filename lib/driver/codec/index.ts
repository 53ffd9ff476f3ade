export { CborError } from './cbor-error.js';
export { decode, decodeExact, encode, encodeRequest } from './codec.js';
