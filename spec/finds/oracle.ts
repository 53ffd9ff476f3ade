import { compareMissing } from './compare.js';
import type { Data, Row } from './data.js';
import { isConditions, isOperator, matches, type Conditions } from './operators.js';

export type TableName = keyof Data;
type Members = Readonly<Record<string, unknown>>;

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
    const valuesOf = (given: unknown) => (given instanceof SubqueryOf ? this.#valuesOf(given) : []);
    return matches(value, condition, { nullable, valuesOf });
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

function leavesOf(order: object, above: readonly string[] = []): { path: readonly string[]; descending: boolean }[] {
  return Object.entries(order).flatMap(([name, way]: [string, unknown]) =>
    typeof way === 'string'
      ? [{ path: [...above, name], descending: way === 'desc' }]
      : leavesOf(way as object, [...above, name]),
  );
}
