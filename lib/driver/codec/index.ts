export { CborError } from './cbor-error.js';
export { decode, encode, encodeRequest } from './codec.js';
