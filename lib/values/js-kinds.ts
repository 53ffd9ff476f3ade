/** `[object Date]`, `[object Map]` …: tells built-ins apart across realms, where `instanceof` does not. */
export function tagOf(value: object): string {
  return Object.prototype.toString.call(value);
}

/** Object literals and objects without a prototype, also of another realm. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    prototype === Object.prototype ||
    (Object.getPrototypeOf(prototype) === null && tagOf(value) === '[object Object]')
  );
}

/** A `Uint8Array` (or Node's Buffer) of any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === '[object Uint8Array]';
}

/** Any typed array (not a DataView) of any realm. */
export function isTypedArray(value: unknown): value is ArrayLike<number> | ArrayLike<bigint> {
  return ArrayBuffer.isView(value) && tagOf(value) !== '[object DataView]';
}

/** The bytes of a `Uint8Array`, `ArrayBuffer` or `DataView` of any realm, without a copy; undefined for anything else. */
export function bytesOf(value: object): Uint8Array | undefined {
  switch (tagOf(value)) {
    case '[object Uint8Array]':
      return value as Uint8Array;
    case '[object ArrayBuffer]':
    case '[object SharedArrayBuffer]':
      return new Uint8Array(value as ArrayBuffer);
    case '[object DataView]': {
      const { buffer, byteOffset, byteLength } = value as DataView;
      return new Uint8Array(buffer, byteOffset, byteLength);
    }
    default:
      return undefined;
  }
}
