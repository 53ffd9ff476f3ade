/** A dump: text, or what gives it in parts, such as a file that is read or the body of a request. */
export type DumpSource = string | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** The parts as text; a character may lie across two of them. */
export async function* textsOf(source: DumpSource): AsyncGenerator<string> {
  if (typeof source === 'string') {
    yield source;
    return;
  }
  const decoder = new TextDecoder();
  for await (const part of source) yield typeof part === 'string' ? part : decoder.decode(part, { stream: true });
  yield decoder.decode();
}
