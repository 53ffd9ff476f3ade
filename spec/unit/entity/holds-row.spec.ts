import fc from '../../support/property';
import { holdsRowOf, type ComparedSlot, type HoldsRow } from '../../../lib/entity/holds-row.js';
import { handlerOfType } from '../../../lib/entity/type-handler.js';
import { parseType } from '../../../lib/types/parse-type.js';
import { clone } from '../../../lib/values/index.js';
import { texts, values } from '../../support/value-arbitraries.js';

const TYPES = ['any', 'string', 'option<datetime>', 'decimal', 'array<datetime>', 'set<int>', 'object', 'int | string'];

function slot(type: string, property: string, column = property): ComparedSlot {
  return { property, column, handler: handlerOfType(parseType(type)), nullable: type === 'any' };
}

/** As where code may not be made of text. */
function withoutCode(slots: readonly ComparedSlot[]): HoldsRow {
  const { Function: original } = globalThis;
  globalThis.Function = (() => {
    throw new EvalError('Code generation from strings disallowed for this context');
  }) as never;
  try {
    return holdsRowOf(slots);
  } finally {
    globalThis.Function = original;
  }
}

describe.each([
  ['with code of its own', holdsRowOf],
  ['without', withoutCode],
] as const)('the comparison of an entity with its row, %s', (_, compare) => {
  it('finds every change, and no other', () => {
    const holds = compare([
      slot('string', 'name'),
      slot('option<datetime>', 'born', 'born_at'),
      slot('array<string>', 'tags'),
      slot('object', 'settings'),
      slot('set<int>', 'marks'),
      slot('any', 'anything'),
    ]);
    const row = {
      name: 'Ann',
      born_at: new Date(5),
      tags: ['a', 'b'],
      settings: { deep: { list: [1] } },
      marks: new Set([1, 2]),
    };
    const instance = () => {
      const { born_at: born, ...rest } = clone(row);
      return { ...rest, born };
    };
    const changed = (change: (one: ReturnType<typeof instance> & { anything?: unknown }) => unknown) => {
      const one = instance();
      change(one);
      return !holds(one, row);
    };
    expect(holds(instance(), row)).toBe(true);
    expect(changed((one) => (one.name = 'Bob'))).toBe(true);
    expect(changed((one) => one.born.setTime(6))).toBe(true);
    expect(changed((one) => one.tags.push('c'))).toBe(true);
    expect(changed((one) => one.settings.deep.list.push(2))).toBe(true);
    expect(changed((one) => one.marks.delete(1))).toBe(true);
    expect(changed((one) => (one.anything = null))).toBe(true);
    expect(changed((one) => Object.assign(one, { born: null }))).toBe(true);
    expect(changed((one) => (one.anything = undefined))).toBe(false);
    expect(changed((one) => (one.tags = ['a', 'b']))).toBe(false);
    expect(changed((one) => Object.assign(one, { marks: [2, 1] }))).toBe(false);
  });

  it('reads properties of any name', () => {
    const names = ['a b', "it's", '"', '\\', '`${1}`', '\u2028', ']', 'constructor', '\n'];
    for (const name of names) {
      const holds = compare([slot('string', name, `${name}_column`)]);
      expect(holds({ [name]: 'x' }, { [`${name}_column`]: 'x' })).toBe(true);
      expect(holds({ [name]: 'x' }, { [`${name}_column`]: 'y' })).toBe(false);
    }
  });
});

it('both comparisons say the same of any values', () => {
  fc.assert(
    fc.property(
      texts,
      fc.tuple(...TYPES.map(() => fc.tuple(values, fc.option(values, { nil: undefined }), fc.boolean()))),
      (name, pairs) => {
        const slots = TYPES.map((type, index) => slot(type, `${name}${index}`));
        const row = Object.fromEntries(slots.map(({ column }, index) => [column, pairs[index]?.[0]]));
        const instance = Object.fromEntries(
          slots.map(({ property }, index) => {
            const [raw, other, isSame] = pairs[index] as (typeof pairs)[number];
            return [property, isSame ? clone(raw) : other];
          }),
        );
        for (const of of [slots, ...slots.map((one) => [one])])
          expect(holdsRowOf(of)(instance, row)).toBe(withoutCode(of)(instance, row));
      },
    ),
    { numRuns: 200 },
  );
});
