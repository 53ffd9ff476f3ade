import { ReverieError } from '../../errors/index.js';

/** Bytes that are no CBOR, or CBOR that SurrealDB does not send. */
export class CborError extends ReverieError {
  override readonly code: string = 'CBOR';
  /** The byte where reading stopped. */
  readonly offset: number;

  constructor(why: string, offset: number, cause?: unknown) {
    super({
      what: `Malformed CBOR at byte ${offset}`,
      why,
      fix: 'The server or a proxy between sent something else than SurrealDB’s CBOR: check the address and the protocol',
      cause,
    });
    this.offset = offset;
  }
}
