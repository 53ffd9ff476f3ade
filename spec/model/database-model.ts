import { applyChange } from './nested-model.js';
import { copy, tableOf, type Row } from './rows.js';
import { TABLES, type TableName } from './tables.js';

/** Why the database refuses, by the code of the error that the user gets. */
export type Refusal =
  'UNIQUE_CONSTRAINT' | 'QUERY' | 'ENTITY_NOT_FOUND' | 'OPTIMISTIC_LOCK' | 'VALIDATION' | 'TRANSACTION_CONFLICT';

/** A database as plain records by id, with the rules of the schema. It collects refusals instead of throwing. */
export class DatabaseModel {
  readonly rows: Map<string, Row>;
  readonly refusals = new Set<Refusal>();
  /** Records that have gone, and with what. */
  readonly gone: string[] = [];
  #edges: number;

  constructor(rows = new Map<string, Row>(), edges = 0) {
    this.rows = rows;
    this.#edges = edges;
  }

  /** A copy to try a flush on. */
  fork(): DatabaseModel {
    return new DatabaseModel(new Map(Array.from(this.rows, ([id, row]) => [id, copy(row)])), this.#edges);
  }

  ofTable(table: TableName): [string, Row][] {
    return [...this.rows].filter(([id]) => tableOf(id) === table).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  insert(id: string, row: Row): void {
    if (this.rows.has(id)) this.refusals.add('UNIQUE_CONSTRAINT');
    this.rows.set(id, this.#completed(id, { ...copy(row), ...(tableOf(id) === 'team' && { version: 1 }) }));
  }

  /** Edges and referrers stay. */
  replace(id: string, row: Row): void {
    const before = this.rows.get(id);
    if (before === undefined) return this.missing(id);
    const version = tableOf(id) === 'team' && { version: Number(before['version']) + 1 };
    this.rows.set(id, this.#completed(id, { ...copy(row), ...version }));
  }

  /** @param base what the changes were made to */
  update(id: string, changes: Row, base: Row = {}): void {
    const row = this.rows.get(id);
    if (row === undefined) return this.missing(id);
    for (const [name, value] of Object.entries(changes)) applyChange(row, name, base[name], value);
    if (tableOf(id) === 'team') row['version'] = Number(row['version']) + 1;
    this.#completed(id, row);
  }

  missing(id: string): void {
    // Of a record with a version nobody can tell whether it was changed or deleted.
    this.refusals.add(tableOf(id) === 'team' ? 'OPTIMISTIC_LOCK' : 'ENTITY_NOT_FOUND');
  }

  relate(from: string, to: string, weight: number | undefined): string {
    const id = `knows:unknown${++this.#edges}`;
    this.rows.set(id, { in: from, out: to, ...(weight !== undefined && { weight }) });
    return id;
  }

  /** The record's edges go with it; links to it are unset. */
  delete(id: string): void {
    if (!this.rows.delete(id)) return;
    this.gone.push(id);
    for (const [other, row] of this.rows) {
      if (row['in'] === id || row['out'] === id) this.delete(other);
      if (row['team'] === id) delete row['team'];
      (row['labels'] as Set<string> | undefined)?.delete(id);
    }
  }

  edges(ends: { readonly in?: string; readonly out?: string }): [string, Row][] {
    return this.ofTable('knows').filter(
      ([, row]) =>
        (ends.in === undefined || row['in'] === ends.in) && (ends.out === undefined || row['out'] === ends.out),
    );
  }

  /** Records whose link leads to this one. */
  referrers(team: string): string[] {
    return this.ofTable('person')
      .filter(([, row]) => row['team'] === team)
      .map(([id]) => id);
  }

  /** Gives a record that the server named its real id. */
  rename(from: string, to: string): void {
    this.rows.set(to, this.rows.get(from) as Row);
    this.rows.delete(from);
  }

  /** What stands in the way of a commit; values may have passed from one record to another. */
  checkUnique(): void {
    const codes = this.ofTable('person').flatMap(([, row]) => row['code'] ?? []);
    if (new Set(codes).size < codes.length) this.refusals.add('UNIQUE_CONSTRAINT');
  }

  #completed(id: string, row: Row): Row {
    for (const [name, value] of Object.entries(row)) if (value === undefined) delete row[name];
    if (tableOf(id) !== 'person') return row;
    row['nicknames'] ??= [];
    row['labels'] ??= new Set();
    row['shout'] = String(row['name']).toUpperCase();
    if (Number(row['age']) < 0) this.refusals.add('QUERY');
    // Somebody has taken the address away of which this writes one line.
    const address = row['address'] as Row | undefined;
    if (address !== undefined && address['street'] === undefined) this.refusals.add('QUERY');
    return row;
  }
}

export const tableModelOf = (id: string) => TABLES[tableOf(id) as TableName];
