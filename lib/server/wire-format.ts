/** How the frames of one connection are written: CBOR as the engine has them, or JSON translated on the way. */
export interface WireFormat {
  readonly name: 'cbor' | 'json';
  readonly mediaType: string;
  /** The CBOR request in a frame; throws when it is unreadable. */
  decodeRequest(frame: Uint8Array): Uint8Array;
  /** The frame for a CBOR answer or notification. */
  encodeAnswer(answer: Uint8Array): Uint8Array | string;
}

/** The format of the binary protocol: nothing to translate. */
export const cborFormat: WireFormat = Object.freeze({
  name: 'cbor' as const,
  mediaType: 'application/cbor',
  decodeRequest: (frame: Uint8Array) => frame,
  encodeAnswer: (answer: Uint8Array) => answer,
});
