import { Point, type OrderBy, type RecordId } from '../../lib/index.js';
import { PRESSES, type Work, type WorkRow } from './reading-entities.js';

export type Order = (a: WorkRow, b: WorkRow) => number;
/** Missing values come first. */
const compare = (a: string | number | boolean | undefined | null, b: typeof a): number => {
  const [left, right] = [rank(a), rank(b)];
  if (left !== right) return left - right;
  return a === b || a === undefined || a === null || b === undefined || b === null ? 0 : a < b ? -1 : 1;
};
const rank = (value: unknown): number => (value === undefined ? 0 : value === null ? 1 : 2);
export const by =
  (key: (row: WorkRow) => string | number | boolean | undefined | null): Order =>
  (a, b) =>
    compare(key(a), key(b));
export const down =
  (order: Order): Order =>
  (a, b) =>
    order(b, a);
export const press = (row: WorkRow): (typeof PRESSES)[number] | undefined =>
  PRESSES.find(({ key }) => key === row.press);

export const ORDERS: readonly (readonly [string, OrderBy<Work>, readonly Order[]])[] = [
  ['ascending', { rank: 'asc' }, [by((row) => row.rank)]],
  ['descending', { rank: 'desc' }, [down(by((row) => row.rank))]],
  ['text by code point', { title: 'asc' }, [by((row) => row.title)]],
  ['booleans', { lent: 'asc' }, [by((row) => row.lent)]],
  ['decimals', { price: 'desc' }, [down(by((row) => row.price.toNumber()))]],
  ['dates', { published: 'asc' }, [by((row) => row.published?.getTime())]],
  ['NONE first', { code: 'asc' }, [by((row) => row.code)]],
  ['NONE last', { code: 'desc' }, [down(by((row) => row.code))]],
  ['NONE before NULL', { note: 'asc' }, [by((row) => row.note)]],
  ['a unique field that may be missing', { serial: 'desc' }, [down(by((row) => row.serial?.toString()))]],
  ['several keys', { lent: 'desc', rank: 'asc' }, [down(by((row) => row.lent)), by((row) => row.rank)]],
  ['a list of keys', [{ lent: 'asc' }, { rank: 'desc' }], [by((row) => row.lent), down(by((row) => row.rank))]],
  ['a nested field', { size: { pages: 'desc' } }, [down(by((row) => row.pages))]],
  ['a nested column of another name', { size: { format: 'asc' } }, [by((row) => row.format)]],
  ['behind a link', { press: { name: 'asc' } }, [by((row) => press(row)?.name)]],
  [
    'behind a link, descending',
    { press: { name: 'desc' }, rank: 'asc' },
    [down(by((row) => press(row)?.name)), by((row) => row.rank)],
  ],
  [
    'behind two links',
    { press: { city: { name: 'asc' } } },
    [by((row) => (press(row)?.city === 'rome' ? 'Rome' : press(row)?.city === 'oslo' ? 'Oslo' : undefined))],
  ],
  ['a link', { press: 'asc' }, [by((row) => row.press)]],
  ['a computed field', { twice: 'desc' }, [down(by((row) => row.rank))]],
  [
    'a computed field and another',
    { twice: 'asc', title: 'desc' },
    [by((row) => row.rank), down(by((row) => row.title))],
  ],
  ['a stored computed field', { slug: 'asc' }, [by((row) => row.title.toLowerCase())]],
  ['the id', { id: 'desc' }, [down(by((row) => row.key))]],
  [
    'distance',
    { place: { distanceTo: new Point([2.04, 50]) } },
    [by((row) => (row.lon === undefined ? undefined : Math.abs(row.lon - 2.04)))],
  ],
];

export function sorted(rows: readonly WorkRow[], orders: readonly Order[]): number[] {
  const all = [...orders, by((row) => row.key)];
  return [...rows]
    .sort((a, b) => all.map((order) => order(a, b)).find((result) => result !== 0) ?? 0)
    .map(({ key }) => key);
}
export const keys = (found: readonly { readonly id: RecordId }[]): unknown[] => found.map(({ id }) => id.key);
