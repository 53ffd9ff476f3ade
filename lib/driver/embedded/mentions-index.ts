/** Statements of Reverie are in capitals, those of a user as he likes. */
const WORDS = ['INDEX', 'index'].map((word) => Buffer.from(word));

/** True where a request may define an index; cheap enough to be asked of each. */
export function mentionsIndex(request: Uint8Array): boolean {
  const bytes = Buffer.from(request.buffer, request.byteOffset, request.byteLength);
  return WORDS.some((word) => bytes.includes(word));
}
