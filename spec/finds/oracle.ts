import { RecordId } from '../../lib/index.js';
import { compareMissing, compareTo } from './compare.js';
import type { Data, Row } from './data.js';

export type TableName = keyof Data;
type Members = Readonly<Record<string, unknown>>;
export type Conditions = Readonly<Record<string, unknown>>;

/** A query within a condition: the values that a property of the matching rows has. */
export class SubqueryOf {
  readonly table: TableName;
  readonly where: Conditions;
  readonly property: string;
  constructor(table: TableName, where: Conditions, property: string) {
    this.table = table;
    this.where = where;
    this.property = property;
  }
}

type Kind =
  | { readonly kind: 'value' | 'nullable' | 'list' | 'object' | 'objects' }
  | { readonly kind: 'link' | 'many'; readonly table: TableName };

const TO_ONE: Readonly<Record<string, TableName>> = { maker: 'maker', item: 'item' };
const TO_MANY: Readonly<Record<string, TableName>> = { labels: 'label', notes: 'note', likes: 'item', likedBy: 'item' };
const OTHERS: Readonly<Record<string, 'nullable' | 'list' | 'object' | 'objects'>> = {
  u: 'nullable',
  words: 'list',
  marks: 'list',
  town: 'object',
  parts: 'objects',
};

function kindOf(name: string): Kind {
  if (TO_ONE[name] !== undefined) return { kind: 'link', table: TO_ONE[name] };
  if (TO_MANY[name] !== undefined) return { kind: 'many', table: TO_MANY[name] };
  return { kind: OTHERS[name] ?? 'value' };
}

/**
 * What finds mean, in the plainest words: a scan of the rows in memory. It knows nothing of SurrealQL, and shares no code with what
 * it checks.
 */
export class Oracle {
  readonly #data: Data;

  constructor(data: Data) {
    this.#data = data;
  }

  /** The rows that match, by their ids. */
  find(table: TableName, where: Conditions): Row[] {
    return [...this.#data[table].values()].filter((row) => this.#meets(where, row)).sort((a, b) => a.id - b.id);
  }

  /** Sorted by these keys, then by the id. */
  sort(rows: readonly Row[], orderBy: object = {}): Row[] {
    const keys = [orderBy].flat().flatMap((each) => leavesOf(each));
    return [...rows].sort((a, b) => {
      for (const { path, descending } of keys) {
        const order = compareMissing(this.#valueAt(a, path), this.#valueAt(b, path));
        if (order !== 0) return descending ? -order : order;
      }
      return a.id - b.id;
    });
  }

  /** The records that a relation of a row leads to, each once. */
  related(row: Members, name: string): Row[] {
    const found = this.#keysOf(row, name);
    const table = TO_MANY[name] ?? (TO_ONE[name] as TableName);
    return [...new Set(found)].flatMap((key) => this.#data[table].get(key) ?? []);
  }

  #keysOf(row: Members, name: string): readonly number[] {
    const ids = (table: TableName, at: string, give: string) =>
      [...this.#data[table].values()].filter((each) => each[at] === row['id']).map((each) => each[give] as number);
    if (name === 'notes') return ids('note', 'item', 'id');
    if (name === 'likes') return ids('likes', 'in', 'out');
    if (name === 'likedBy') return ids('likes', 'out', 'in');
    return [row[name] ?? []].flat() as number[];
  }

  /** A row that is not there, behind a link, has no values. */
  #meets(where: Conditions, row: Members | undefined): boolean {
    return Object.entries(where).every(([key, condition]) => {
      if (key === '$and') return (condition as Conditions[]).every((each) => this.#meets(each, row));
      if (key === '$or') return (condition as Conditions[]).some((each) => this.#meets(each, row));
      if (key === '$not') return !this.#meets(condition as Conditions, row);
      return this.#meetsProperty(row, key, condition);
    });
  }

  #meetsProperty(row: Members | undefined, name: string, condition: unknown): boolean {
    const property = kindOf(name);
    if (property.kind === 'many') {
      const members = row === undefined ? [] : this.related(row, name);
      return this.#quantified(members, condition as Conditions, (key) => members.some(({ id }) => id === key));
    }
    const value = this.#valueOf(row, name);
    if (property.kind === 'objects') return this.#quantified((value ?? []) as Members[], condition as Conditions);
    if (property.kind === 'object' && isConditions(condition)) return this.#meets(condition, value as Members);
    if (property.kind === 'link' && isConditions(condition) && !Object.keys(condition).every(isOperator))
      return this.#meets(condition, this.#data[property.table].get(value as number));
    return this.#matches(value, condition, property.kind === 'nullable');
  }

  #quantified(members: readonly Members[], conditions: Conditions, has?: (key: unknown) => boolean): boolean {
    const own = Object.entries(conditions).filter(([key]) => !isOperator(key));
    const all = Object.entries(conditions).filter(([key]) => isOperator(key));
    const some = (where: unknown) => members.some((each) => this.#meets(where as Conditions, each));
    return (
      (own.length === 0 || some(Object.fromEntries(own))) &&
      all.every(([name, given]) => {
        if (name === '$some') return some(given);
        if (name === '$none') return !some(given);
        if (name === '$every') return members.every((each) => this.#meets(given as Conditions, each));
        if (name === '$size') return this.#matches(members.length, given, false);
        if (name === '$exists') return members.length > 0 === given;
        if (name === '$contains') return has?.(given) === true;
        throw new Error(`The oracle does not know ${name} of many`);
      })
    );
  }

  #matches(value: unknown, condition: unknown, nullable: boolean): boolean {
    if (!isConditions(condition)) return isSame(value, condition, nullable);
    return Object.entries(condition).every(([name, given]) => this.#operator(value, name, given, nullable));
  }

  #operator(value: unknown, name: string, given: unknown, nullable: boolean): boolean {
    const same = (other: unknown) => isSame(value, other, nullable);
    const isThere = value !== undefined && value !== null;
    const list =
      isThere && typeof value !== 'string' && Symbol.iterator in Object(value) ? [...(value as Iterable<unknown>)] : [];
    const all = () => (given instanceof SubqueryOf ? this.#valuesOf(given) : (given as unknown[]));
    const text = typeof value === 'string' ? value : undefined;
    switch (name) {
      case '$eq':
        return same(given);
      case '$ne':
        return !same(given);
      case '$in':
        return all().some(same);
      case '$nin':
        return !all().some(same);
      case '$gt':
        return isThere && compareTo(value, given) > 0;
      case '$gte':
        return isThere && compareTo(value, given) >= 0;
      case '$lt':
        return isThere && compareTo(value, given) < 0;
      case '$lte':
        return isThere && compareTo(value, given) <= 0;
      case '$between': {
        const [low, high] = given as [unknown, unknown];
        return isThere && compareTo(value, low) >= 0 && compareTo(value, high) <= 0;
      }
      case '$isNull':
        return (value === null) === given;
      case '$isNone':
        return (value === undefined) === given;
      case '$exists':
        return (value !== undefined) === given;
      case '$not':
        return !this.#matches(value, given, nullable);
      case '$contains':
        return text === undefined ? list.some((each) => isSame(each, given, false)) : text.includes(given as string);
      case '$notContains':
        return !this.#operator(value, '$contains', given, nullable);
      case '$containsAll':
        return all().every((each) => this.#operator(value, '$contains', each, nullable));
      case '$containsAny':
        return all().some((each) => this.#operator(value, '$contains', each, nullable));
      case '$containsNone':
        return !this.#operator(value, '$containsAny', given, nullable);
      case '$inside':
        return list.every((each) => all().some((other) => isSame(each, other, false)));
      case '$size':
        return this.#matches(list.length, given, false);
      case '$startsWith':
        return text?.startsWith(given as string) === true;
      case '$endsWith':
        return text?.endsWith(given as string) === true;
      case '$icontains':
        return text !== undefined && folded(text).includes(folded(given as string));
      case '$istartsWith':
        return text !== undefined && folded(text).startsWith(folded(given as string));
      case '$regex':
        return text !== undefined && (given as RegExp).test(text);
      case '$matches':
        return (given as string).split(' ').every((word) => text?.toLowerCase().split(' ').includes(word));
      default:
        throw new Error(`The oracle does not know ${name}`);
    }
  }

  #valuesOf({ table, where, property }: SubqueryOf): unknown[] {
    return this.find(table, where).flatMap((row) => row[property] ?? []);
  }

  #valueOf(row: Members | undefined, name: string): unknown {
    if (name === 'made') return this.#data.maker.get(row?.['maker'] as number)?.['name'];
    return row?.[name];
  }

  #valueAt(row: Row, [name = '', ...rest]: readonly string[]): unknown {
    const value = this.#valueOf(row, name);
    if (rest.length === 0) return value;
    const { [name]: table } = TO_ONE;
    const inner = table === undefined ? (value as Row | undefined) : this.#data[table].get(value as number);
    return inner === undefined ? undefined : this.#valueAt(inner, rest);
  }
}

function isSame(value: unknown, given: unknown, nullable: boolean): boolean {
  if (given === null) return nullable ? value === null : value === undefined;
  if (given === undefined || value === undefined || value === null) return false;
  const key = RecordId.is(given) ? given.key : given;
  return compareTo(value, key) === 0;
}

/** The sigma at the end of a word is a sigma. */
const folded = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

const isOperator = (key: string): boolean => key.startsWith('$');

/** An object literal, also one without a prototype. */
export function isConditions(condition: unknown): condition is Conditions {
  if (typeof condition !== 'object' || condition === null) return false;
  const prototype: unknown = Object.getPrototypeOf(condition);
  return prototype === Object.prototype || prototype === null;
}

function leavesOf(order: object, above: readonly string[] = []): { path: readonly string[]; descending: boolean }[] {
  return Object.entries(order).flatMap(([name, way]: [string, unknown]) =>
    typeof way === 'string'
      ? [{ path: [...above, name], descending: way === 'desc' }]
      : leavesOf(way as object, [...above, name]),
  );
}
