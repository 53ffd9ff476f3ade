import fc from 'fast-check';
import { RecordId, Reverie, surql, type EntityManager } from '../../lib/index.js';
import type { IndexOptions } from '../../lib/metadata/options.js';
import { itemRow, changedItem, makeData, type Data, type Row } from './data.js';
import { tables, type Tables } from './tables.js';

const PLAIN = [
  'n',
  'o',
  'f',
  's',
  't',
  'u',
  'b',
  'level',
  'price',
  'at',
  'day',
  'span',
  'key',
  'maker',
  'triple',
  'town.no',
  'town.city',
  'serial',
  'code',
];
const LISTS = ['words', 'words.*', 'marks', 'labels'];
/** As the server names them, where an index is none that the entity declares. */
const COLUMNS: Readonly<Record<string, string>> = { o: 'other', 'town.city': 'town.town' };

const indexed: fc.Arbitrary<IndexOptions> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PLAIN).map((field) => ({ fields: [field] })) },
  { weight: 1, arbitrary: fc.constantFrom(...LISTS).map((field) => ({ fields: [field] })) },
  {
    weight: 4,
    arbitrary: fc.uniqueArray(fc.constantFrom(...PLAIN), { minLength: 2, maxLength: 3 }).map((fields) => ({ fields })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('serial', 'code'),
        fc.uniqueArray(fc.constantFrom(...PLAIN.slice(0, 17)), { maxLength: 2 }),
        fc.boolean(),
      )
      .map(([own, others, first]) => ({ fields: first ? [own, ...others] : [...others, own], unique: true })),
  },
  { weight: 1, arbitrary: fc.constant({ count: true }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('serial', 'code')
      .map((field) => ({ fields: [field], unique: true, where: { b: true } })),
  },
);

interface Indexes {
  readonly declared: readonly IndexOptions[];
  readonly undeclared: readonly IndexOptions[];
  readonly text: boolean;
}

const nameOf = ({ fields = ['count'], unique, where }: IndexOptions): string =>
  [...fields, unique === true ? 'unique' : '', where === undefined ? '' : 'where'].join('_').replace(/\W/g, '_');

const indexes: fc.Arbitrary<Indexes> = fc
  .tuple(fc.uniqueArray(indexed, { maxLength: 7, selector: nameOf }), fc.integer({ min: 0, max: 3 }), fc.boolean())
  .map(([all, hidden, text]) => ({
    declared: all.slice(hidden).map((each) => ({ name: nameOf(each), ...each })),
    undeclared: all.slice(0, hidden).filter(({ where, count }) => where === undefined && count === undefined),
    text,
  }));

/** A database with random rows and random indexes, and the same rows in memory. */
export class World {
  readonly orm: Reverie;
  readonly tables: Tables;
  readonly indexes: Indexes;
  #data: Data;

  private constructor(orm: Reverie, made: Tables, chosen: Indexes, data: Data) {
    this.orm = orm;
    this.tables = made;
    this.indexes = chosen;
    this.#data = data;
  }

  static async open(seed: number): Promise<World> {
    const [chosen] = fc.sample(indexes, { seed, numRuns: 1 }) as [Indexes];
    const made = tables(chosen.declared, chosen.text);
    const orm = await Reverie.init({
      url: 'mem://',
      namespace: 'test',
      database: 'finds',
      entities: Object.values(made),
      sync: 'safe',
    });
    const world = new World(orm, made, chosen, makeData(seed));
    await world.#define();
    await world.#insert();
    return world;
  }

  get data(): Data {
    return this.#data;
  }

  get indexedProperties(): string[] {
    const { declared, undeclared } = this.indexes;
    const fields = [...declared, ...undeclared].flatMap((each) => each.fields ?? []);
    return [...new Set(fields.map((field) => field.split('.')[0] as string))];
  }

  /** An EntityManager that knows nothing yet. */
  fork(): EntityManager {
    return this.orm.em.fork();
  }

  /** Changes some rows and deletes others, so that indexes have been written more than once. */
  async change(seed: number): Promise<void> {
    const item = new Map(this.#data.item);
    const picked = fc.sample(fc.tuple(fc.nat(), fc.option(changedItem, { freq: 3 })), { seed, numRuns: 8 });
    for (const [at, values] of picked) {
      const row = [...item.values()][at % Math.max(1, item.size)];
      if (row === undefined) continue;
      const { id } = row;
      if (values === null) {
        await this.fork().query(surql`DELETE ${new RecordId('item', id)}`);
        item.delete(id);
      } else {
        const changed = itemRow(id, values, row['code'] !== undefined);
        await this.fork().query(surql`UPDATE ${new RecordId('item', id)} REPLACE ${toStored('item', changed)}`);
        item.set(id, changed);
      }
    }
    const isThere = (key: unknown) => item.has(key as number);
    this.#data = {
      ...this.#data,
      item,
      note: keep(this.#data.note, (note) => isThere(note['item'])),
      likes: keep(this.#data.likes, (edge) => isThere(edge['in']) && isThere(edge['out'])),
    };
    await this.fork().query(surql`DELETE note WHERE !record::exists(item)`);
  }

  close(): Promise<void> {
    return this.orm.close();
  }

  async #define(): Promise<void> {
    for (const each of this.indexes.undeclared) {
      const columns = (each.fields as readonly string[]).map((field) => COLUMNS[field] ?? field).join(', ');
      const text = `DEFINE INDEX ${nameOf(each)}_extra ON item FIELDS ${columns}${each.unique === true ? ' UNIQUE' : ''}`;
      await this.orm.driver.execute({ text, bindings: {}, access: 'write', purpose: 'raw' });
    }
  }

  async #insert(): Promise<void> {
    const em = this.fork();
    for (const table of ['maker', 'label', 'item', 'note', 'likes'] as const) {
      const rows = [...this.#data[table].values()].map((row) => toStored(table, row));
      if (rows.length === 0) continue;
      await (table === 'likes'
        ? em.query(surql`INSERT RELATION INTO likes ${rows} RETURN NONE`)
        : em.query(surql`INSERT INTO ${surql.id(table)} ${rows} RETURN NONE`));
    }
  }
}

function keep(rows: ReadonlyMap<number, Row>, test: (row: Row) => boolean): ReadonlyMap<number, Row> {
  return new Map([...rows].filter(([, row]) => test(row)));
}

const LINKS: Readonly<Record<string, string>> = {
  maker: 'maker',
  labels: 'label',
  item: 'item',
  in: 'item',
  out: 'item',
};
const COMPUTED = new Set(['twice', 'triple']);

/** The row as the table holds it: columns by their own names, links as record ids. */
function toStored(table: string, row: Row): Record<string, unknown> {
  const columns = Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
    if (COMPUTED.has(name)) return [];
    const target = LINKS[name];
    if (name === 'id') return [[name, new RecordId(table, value as number)]];
    if (target !== undefined) return [[name, toIds(target, value)]];
    if (name === 'town') return [[name, toTown(value as object)]];
    return [[COLUMNS[name] ?? name, value]];
  });
  return Object.fromEntries(columns);
}

function toIds(table: string, keys: unknown): unknown {
  return Array.isArray(keys)
    ? keys.map((key: number) => new RecordId(table, key))
    : new RecordId(table, keys as number);
}

function toTown({ no, city }: { readonly no?: number; readonly city?: string }): object {
  return { no, ...(city !== undefined && { town: city }) };
}
