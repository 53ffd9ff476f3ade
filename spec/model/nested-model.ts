import { copy, same, type Row } from './rows.js';

type Part = readonly [path: readonly string[], value: unknown];

/** Writes a change to a record as a flush does: of an object that stays one only the members that differ. */
export function applyChange(row: Row, name: string, base: unknown, now: unknown): void {
  for (const [path, value] of partsOf([name], base, now)) set(row, path, value);
}

function partsOf(path: readonly string[], base: unknown, now: unknown): Part[] {
  if (!isObject(base) || !isObject(now)) return [[path, now]];
  return [...new Set([...Object.keys(base), ...Object.keys(now)])]
    .filter((key) => !same(base[key], now[key]))
    .flatMap((key) => partsOf([...path, key], base[key], now[key]));
}

/** What lies on the way is made for a value, not for the lack of one. */
function set(row: Row, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length > 0) {
    if (!isObject(row[name]) && value === undefined) return;
    row[name] = isObject(row[name]) ? row[name] : {};
    set(row[name] as Row, rest, value);
  } else if (value === undefined) delete row[name];
  else row[name] = copy({ value })['value'];
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
