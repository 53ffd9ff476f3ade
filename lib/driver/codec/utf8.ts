const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
const char = String.fromCharCode;

/** Text of UTF-8 bytes; what is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Writes the text at the front of `target` and tells how many bytes it took; a lone surrogate becomes U+FFFD. */
export function encodeUtf8Into(text: string, target: Uint8Array): number {
  return encoder.encodeInto(text, target).written;
}

/**
 * Short text, eight letters at a time: for ASCII of this size faster than a TextDecoder, and in fewer pieces than letter by
 * letter. Anything but ASCII goes to the TextDecoder.
 */
export function decodeShort(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; end - at >= 8; at += 8) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    const e = bytes[at + 4] as number;
    const f = bytes[at + 5] as number;
    const g = bytes[at + 6] as number;
    const h = bytes[at + 7] as number;
    if ((a | b | c | d | e | f | g | h) > 127) return decodeUtf8(bytes.subarray(start, end));
    text += char(a, b, c, d, e, f, g, h);
  }
  if (end - at >= 4) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    if ((a | b | c | d) > 127) return decodeUtf8(bytes.subarray(start, end));
    text += char(a, b, c, d);
    at += 4;
  }
  for (; at < end; at++) {
    const code = bytes[at] as number;
    if (code > 127) return decodeUtf8(bytes.subarray(start, end));
    text += char(code);
  }
  return text;
}
