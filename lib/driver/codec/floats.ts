const HALF = 0xf9;
const SINGLE = 0xfa;
const DOUBLE = 0xfb;

/** The number in the 16 bits of an IEEE 754 half float, as the server sends 1.5 and NaN. */
export function readHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Where `count` floats from `start` on end; -1 when something else is among them or the bytes end before. */
export function endOfFloats(bytes: Uint8Array, start: number, count: number): number {
  let at = start;
  for (let index = 0; index < count; index++) {
    const head = bytes[at];
    if (head === DOUBLE) at += 9;
    else if (head === SINGLE) at += 5;
    else if (head === HALF) at += 3;
    else return -1;
  }
  return at <= bytes.length ? at : -1;
}

/** `count` floats from `start` on, in a list that holds nothing but doubles, which the engine then keeps unboxed. */
export function readFloats(view: DataView, start: number, count: number): number[] {
  const floats = new Array<number>(count);
  let at = start;
  for (let index = 0; index < count; index++) {
    const head = view.getUint8(at);
    if (head === DOUBLE) {
      floats[index] = view.getFloat64(at + 1);
      at += 9;
    } else if (head === SINGLE) {
      floats[index] = view.getFloat32(at + 1);
      at += 5;
    } else {
      floats[index] = readHalf(view.getUint16(at + 1));
      at += 3;
    }
  }
  return floats;
}
