import fc from '../../support/property';
import { differenceOf } from '../../../lib/live/list-difference.js';
import { SortedWindow, UnknownOrder, type ListEntry, type WindowMove } from '../../../lib/live/sorted-window.js';

interface Item {
  readonly n: number;
}

const entry = (key: string, n: number): ListEntry<Item> => ({ key, entity: { n }, place: [n, key] });
const byNumber = (left: readonly unknown[], right: readonly unknown[]) =>
  (left[0] as number) - (right[0] as number) ||
  (String(left[1]) < String(right[1]) ? -1 : Number(left[1] !== right[1]));
const sorted = (all: Iterable<ListEntry<Item>>) => [...all].sort((a, b) => byNumber(a.place, b.place));
const keys = (entries: readonly ListEntry<Item>[]) => entries.map(({ key }) => key);

/** Does to a list of keys what the moves say. */
function replay(list: string[], moves: readonly WindowMove<Item>[]): void {
  for (const { entry: moved, from, to } of moves) {
    if (from !== undefined) expect(list.splice(from, 1)).toEqual([moved.key]);
    if (to !== undefined) list.splice(to, 0, moved.key);
  }
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const rows = fc.uniqueArray(fc.tuple(key, fc.integer({ min: 0, max: 5 })), { selector: ([name]) => name });

it('shows the first of all that there are, and tells of each move', () => {
  const step = fc.record({ key, n: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }) });
  fc.assert(
    fc.property(
      rows,
      fc.array(step),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 2 }),
      (start, steps, limit, spare) => {
        const all = new Map(start.map(([name, n]) => [name, entry(name, n)]));
        const window = new SortedWindow<Item>({ limit, spare, compare: byNumber });
        const read = () => window.reset(sorted(all.values()).slice(0, limit + spare));
        read();
        const mirror = keys(window.shown);
        for (const { key: name, n } of steps) {
          if (n === undefined) {
            all.delete(name);
            replay(mirror, window.take(entry(name, 0)));
          } else {
            all.set(name, entry(name, n));
            replay(mirror, window.put(entry(name, n)));
          }
          if (window.short) {
            const before = window.shown;
            read();
            replay(
              mirror,
              differenceOf(before, window.shown, (left, right) => left.n === right.n),
            );
          }
          expect(keys(window.shown)).toEqual(keys(sorted(all.values()).slice(0, limit)));
          expect(mirror).toEqual(keys(window.shown));
        }
      },
    ),
  );
});

it('tells what makes one list of another', () => {
  fc.assert(
    fc.property(rows, rows, (one, two) => {
      const [before, after] = [one, two].map((list) => list.map(([name, n]) => entry(name, n))) as [
        ListEntry<Item>[],
        ListEntry<Item>[],
      ];
      const list = keys(before);
      const moves = differenceOf(before, after, (left, right) => left.n === right.n);
      replay(list, moves);
      expect(list).toEqual(keys(after));
      const told = new Set(moves.map(({ entry: moved }) => moved.key));
      for (const { key: name, entity } of after)
        if (before.find((each) => each.key === name)?.entity.n !== entity.n) expect(told).toContain(name);
    }),
  );
  expect(differenceOf([entry('a', 1)], [entry('a', 1)], () => true)).toEqual([]);
});

it('changes nothing when an order cannot be told', () => {
  const window = new SortedWindow<Item>({
    limit: 5,
    spare: 0,
    compare: (l, r) => (l[0] === 9 || r[0] === 9 ? undefined : byNumber(l, r)),
  });
  window.reset([entry('a', 1), entry('b', 2)]);
  expect(() => window.put(entry('a', 9))).toThrow(UnknownOrder);
  expect(window.shown.map(({ entity }) => entity.n)).toEqual([1, 2]);
  expect(window.put(entry('a', 3))).toEqual([{ entry: entry('a', 3), from: 0, to: 1 }]);
});
