import { randomUUID } from 'node:crypto';

const TEXT = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** A fresh uuid as its 16 bytes. */
export function freshUuid(): Uint8Array {
  return uuidFromText(randomUUID()) as Uint8Array;
}

/** The 16 bytes of a uuid written as text, or undefined when the text is none. */
export function uuidFromText(text: string): Uint8Array | undefined {
  if (!TEXT.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text.replaceAll('-', ''), 'hex'));
}

/** `018a6680-bef9-701b-9025-e1754f296a0f` */
export function uuidToText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A map key for 16 bytes inside a longer message, made without parsing or formatting. */
export function uuidKey(bytes: Uint8Array, offset = 0): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, 16).toString('latin1');
}
