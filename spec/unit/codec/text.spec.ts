import fc from '../../support/property';
import type * as codec from '../../../lib/driver/codec/index.js';

/** The codec as it is loaded by the platform: in a browser there is no Buffer. */
function load(platform: 'node' | 'browser'): typeof codec {
  const buffer = Object.getOwnPropertyDescriptor(globalThis, 'Buffer') as PropertyDescriptor;
  let loaded: typeof codec | undefined;
  if (platform === 'browser') Object.defineProperty(globalThis, 'Buffer', { value: undefined, configurable: true });
  try {
    jest.isolateModules(() => {
      loaded = jest.requireActual<typeof codec>('../../../lib/driver/codec/index.js');
    });
  } finally {
    Object.defineProperty(globalThis, 'Buffer', buffer);
  }
  if (loaded === undefined) throw new Error('not loaded');
  return loaded;
}

describe.each(['node', 'browser'] as const)('text in %s', (platform) => {
  const { decode, encode } = load(platform);

  it('of every length, plain and not', () => {
    for (let length = 0; length < 70; length++) {
      const texts = [
        'abcdefghij'.repeat(7).slice(0, length),
        ...Array.from({ length }, (_, at) => `${'x'.repeat(at)}é${'y'.repeat(length - at - 1)}`),
        '😀'.repeat(length),
      ];
      expect(decode(encode(texts))).toEqual(texts);
    }
  });

  it('with a byte order mark, which stays', () => {
    for (const text of ['\ufeff', '\ufeffa', `\ufeff${'a'.repeat(100)}`]) expect(decode(encode(text))).toBe(text);
  });

  it('that is no UTF-8 gets replacement characters', () => {
    expect(decode(new Uint8Array([0x62, 0xff, 0x61]))).toBe('\ufffda');
    expect(decode(new Uint8Array([0x78, 30, 0xc3, ...new Array<number>(29).fill(0x61)]))).toBe(
      `\ufffd${'a'.repeat(29)}`,
    );
  });

  it('of any kind, in lists, keys and record ids', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 80 })), (texts) => {
        const value = {
          texts,
          keys: texts.map((text) => [[text, 1]] as const).map((entries) => Object.fromEntries(entries)),
        };
        expect(decode(encode(value))).toEqual(value);
      }),
    );
  });
});
