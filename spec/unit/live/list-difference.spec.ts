import fc from '../../support/property';
import { differenceOf } from '../../../lib/live/list-difference.js';
import { longestRise } from '../../../lib/live/longest-rise.js';
import type { ListEntry, WindowMove } from '../../../lib/live/sorted-window.js';

interface Row {
  readonly version: number;
}

const entriesOf = (keys: readonly number[], version: (key: number) => number): ListEntry<Row>[] =>
  keys.map((key) => ({ key: String(key), entity: { version: version(key) }, place: [] }));
const same = (left: Row, right: Row) => left.version === right.version;
const keysOf = (entries: readonly ListEntry<Row>[]) => entries.map(({ key }) => key);

function replay(keys: string[], moves: readonly WindowMove<Row>[]): string[] {
  for (const { entry, from, to } of moves) {
    if (from !== undefined) expect(keys.splice(from, 1)).toEqual([entry.key]);
    if (to !== undefined) keys.splice(to, 0, entry.key);
  }
  return keys;
}

const someKeys = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });

describe('the difference of two states of a list', () => {
  it('makes the one of the other when it is replayed, and tells of each change', () => {
    fc.assert(
      fc.property(someKeys, someKeys, fc.array(fc.integer({ min: 0, max: 30 })), (old, now, changed) => {
        const before = entriesOf(old, () => 1);
        const after = entriesOf(now, (key) => (changed.includes(key) ? 2 : 1));
        const moves = differenceOf(before, after, same);
        expect(replay(keysOf(before), moves)).toEqual(keysOf(after));
        const told = new Set(moves.map(({ entry }) => entry.key));
        expect(told.size).toBe(moves.length);
        for (const key of now) if (!old.includes(key) || changed.includes(key)) expect(told).toContain(String(key));
        for (const key of old) if (!now.includes(key)) expect(told).toContain(String(key));
      }),
      { numRuns: 500 },
    );
  });

  it('lets as many stay as can', () => {
    const moved = (old: readonly number[], now: readonly number[]) =>
      differenceOf(
        entriesOf(old, () => 1),
        entriesOf(now, () => 1),
        same,
      ).map(({ entry, from, to }) => [+entry.key, from, to]);
    expect(moved([1, 2, 3, 4], [1, 2, 3, 4])).toEqual([]);
    expect(moved([1, 2, 3, 4], [2, 3, 4, 1])).toEqual([[1, 0, 3]]);
    expect(moved([1, 2, 3, 4], [4, 1, 2, 3])).toEqual([[4, 3, 0]]);
    expect(moved([1, 2, 3, 4, 5], [1, 4, 6, 5, 2])).toEqual([
      [3, 2, undefined],
      [6, undefined, 3],
      [2, 1, 4],
    ]);
    expect(moved([], [1, 2])).toEqual([
      [1, undefined, 0],
      [2, undefined, 1],
    ]);
    expect(moved([1, 2], [])).toEqual([
      [2, 1, undefined],
      [1, 0, undefined],
    ]);
  });

  it('takes no longer for thousands', () => {
    const keys = Array.from({ length: 20_000 }, (_, key) => key);
    const rotated = [...keys.slice(200), ...keys.slice(0, 200)];
    const started = performance.now();
    expect(
      differenceOf(
        entriesOf(keys, () => 1),
        entriesOf(rotated, () => 1),
        same,
      ),
    ).toHaveLength(200);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('the longest rise', () => {
  it('rises, and no other is longer', () => {
    const byTrying = (numbers: readonly number[], above = -1): number => {
      const [first, ...rest] = numbers;
      if (first === undefined) return 0;
      const without = byTrying(rest, above);
      return first > above ? Math.max(without, 1 + byTrying(rest, first)) : without;
    };
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 12 }), (numbers) => {
        const rise = longestRise(numbers);
        expect(rise).toEqual([...rise].sort((left, right) => left - right));
        expect(rise).toHaveLength(byTrying(numbers));
      }),
    );
  });
});
