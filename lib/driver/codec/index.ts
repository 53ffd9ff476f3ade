export { CborError } from './cbor-error.js';
export { decode, encode } from './codec.js';
