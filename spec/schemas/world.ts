import { connect, type Connection } from '../../lib/driver/connect.js';
import { ReverieError } from '../../lib/errors/index.js';
import type { FieldRecipe, SchemaRecipe, TableRecipe } from './recipe.js';
import { literalOf } from './values.js';

export type Row = Readonly<Record<string, unknown>>;

/** Definitions as the server prints them, tables that nobody has declared left out. */
export type Canonical = Readonly<Record<string, unknown>>;

/** A record with what it holds, by its id as text. */
export type Records = ReadonlyMap<string, Row>;

/** A database of one pair of schemas. */
export class SchemaWorld {
  readonly db: Connection;

  private constructor(db: Connection) {
    this.db = db;
  }

  static async open(): Promise<SchemaWorld> {
    const db = await connect('mem://', { namespace: 'schemas', database: 'schemas' });
    // What the events write to: a table that is not there would let none of them through.
    await db.query('DEFINE TABLE noted SCHEMALESS');
    return new SchemaWorld(db);
  }

  close(): Promise<void> {
    return this.db.close();
  }

  /** The last statement's result. */
  async ask<T>(text: string, bindings: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const results: readonly unknown[] = await this.db.query(text, bindings);
    return results.at(-1) as T;
  }

  /** What the server does not take is left out; answers how many it took. */
  async load(recipe: SchemaRecipe): Promise<number> {
    let taken = 0;
    for (const table of recipe.tables) {
      for (let turn = 0; turn < 4; turn += 1) taken += (await this.takes(creation(table, turn))) ? 1 : 0;
    }
    return taken;
  }

  /** Whether the server takes a statement. */
  async takes(text: string): Promise<boolean> {
    try {
      await this.db.query(text);
      return true;
    } catch (error) {
      if (ReverieError.is(error) && error.code !== 'CONNECTION') return false;
      throw error;
    }
  }

  /** All records of some tables as they are stored. */
  async records(tables: readonly string[]): Promise<Records> {
    const found = new Map<string, Row>();
    for (const table of tables) {
      for (const row of await this.ask<readonly Row[]>(`SELECT * FROM ${table}`)) found.set(String(row['id']), row);
    }
    return found;
  }

  /** The ids of those that can be written as they are; nothing is changed. */
  async writable(ids: Iterable<string>): Promise<ReadonlySet<string>> {
    const writable = new Set<string>();
    for (const id of ids) if (!(await this.#refuses(id))) writable.add(id);
    return writable;
  }

  /** Cancelled, so that nothing changes; what was cancelled is an error of its own. */
  async #refuses(id: string): Promise<boolean> {
    const text = `BEGIN; UPDATE ${id} RETURN NONE; CANCEL`;
    const results = await this.db.execute({ text, bindings: {}, access: 'write', purpose: 'raw' });
    return results.some((each) => !each.ok && !/cancel/i.test(each.error.message));
  }

  async canonical(): Promise<Canonical> {
    const db = await this.ask<Readonly<Record<string, Readonly<Record<string, string>>>>>('INFO FOR DB');
    const names = Object.keys(db['tables'] ?? {}).filter((name) => name !== 'noted');
    const tables: [string, unknown][] = [];
    for (const name of names) {
      const info = await this.ask<Row>(`INFO FOR TABLE ${name}`);
      tables.push([name, { definition: db['tables']?.[name], ...info, lives: {}, tables: {} }]);
    }
    const { analyzers, functions, params, sequences, accesses } = db;
    return { tables: Object.fromEntries(tables), analyzers, functions, params, sequences, accesses };
  }
}

function creation(table: TableRecipe, turn: number): string {
  const members = table.fields.flatMap((field) => memberOf(field, turn));
  const content = members.length === 0 ? '' : ` CONTENT { ${members.join(', ')} }`;
  return table.type === 'relation'
    ? `RELATE alpha:${turn % 2}->${table.name}:${turn}->alpha:${(turn + 1) % 2}${content}`
    : `CREATE ${table.name}:${turn}${content}`;
}

function memberOf(field: FieldRecipe, turn: number): readonly string[] {
  const literal = valueOf(field, turn + field.name.charCodeAt(0));
  return literal === undefined || literal === 'NONE' ? [] : [`\`${field.name}\`: ${literal}`];
}

function valueOf(field: FieldRecipe, turn: number): string | undefined {
  switch (field.kind) {
    case 'plain':
      return field.default !== undefined && turn % 3 === 0 ? undefined : literalOf(field.type, turn);
    case 'link':
      if (field.optional && turn % 2 === 0) return undefined;
      return field.many ? '[alpha:0, alpha:1]' : `${field.target}:1`;
    case 'embedded': {
      if (field.optional && turn % 2 === 0) return undefined;
      const part = `{ ${field.fields.flatMap((each) => memberOf(each, turn)).join(', ')} }`;
      return field.many ? `[${part}]` : part;
    }
    case 'vector':
      return field.optional && turn % 2 === 0 ? undefined : `[${'0.5, '.repeat(field.dimension)}]`;
    case 'encrypted':
      return turn % 2 === 0 ? "'$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g'" : undefined;
    default:
      return undefined;
  }
}
