import fc from '../../support/property';
import { isBelow, parsePath, pathKey, pathText } from '../../../lib/schema/field-path.js';
import { EACH } from '../../../lib/surrealql/nodes/expressions.js';

describe('paths of fields', () => {
  it.each<readonly [string, readonly (string | symbol)[]]>([
    ['name', ['name']],
    ['address.city', ['address', 'city']],
    ['tags.*', ['tags', EACH]],
    ['tags[*].a', ['tags', EACH, 'a']],
    ['`a b`.`c\\`d.e`', ['a b', 'c`d.e']],
    ['`a b`.arr.*.`*`', ['a b', 'arr', EACH, '*']],
    ['`a\\nb\\u{1f600}\\\\`', ['a\nb😀\\']],
  ])('%s is read as the server printed it', (text, parts) => {
    expect(parsePath(text)).toEqual(parts);
  });

  it('no two paths share a key', () => {
    const part = fc.oneof(
      fc.string({ minLength: 1, maxLength: 4 }),
      fc.constantFrom<string | symbol>('*', '.', '"', 'a.b', EACH),
    );
    const path = fc.array(part, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(path, path, (a, b) => {
        const same = a.length === b.length && a.every((each, index) => each === b[index]);
        expect(pathKey(a) === pathKey(b)).toBe(same);
      }),
    );
  });

  it('tells what lies below what', () => {
    expect(isBelow(['a', 'b'], ['a'])).toBe(true);
    expect(isBelow(['a', EACH, 'b'], ['a', EACH])).toBe(true);
    expect(isBelow(['a', '*', 'b'], ['a', EACH])).toBe(false);
    expect(isBelow(['a'], ['a'])).toBe(false);
    expect(isBelow(['ab'], ['a'])).toBe(false);
    expect(pathText(['a', EACH, 'b'])).toBe('a.*.b');
  });
});
