import fc from '../support/property';
import { Reverie, surql, type EntityManager, type RecordId } from '../../lib/index.js';
import type { EntityMetadata } from '../../lib/metadata/entity-metadata.js';
import { dataOf, idOf, ROWS } from './rows.js';
import { queryEntities } from './tables.js';

/** A row as the table holds it. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: RecordId };

/** The verbs without their types: what is asked is made at run time. */
export type Verbs = Readonly<Record<string, (...args: readonly unknown[]) => Verbs & Promise<unknown>>>;
export const verbsOf = (em: EntityManager): Verbs => em as unknown as Verbs;

const ROLLED_BACK = Symbol('rolled back');

/** A database with random rows in every table, and the same rows in memory. */
export class World {
  readonly orm: Reverie;
  /** All entities but abstract ones. */
  readonly metas: readonly EntityMetadata[];
  /** By table, and within it by id. */
  readonly rows = new Map<string, ReadonlyMap<string, Row>>();

  private constructor(orm: Reverie) {
    this.orm = orm;
    this.metas = orm.metadata.entities.filter(
      ({ hierarchy }) => hierarchy?.value !== undefined || hierarchy === undefined,
    );
  }

  static async open(seed: number): Promise<World> {
    const orm = await Reverie.init({
      url: 'mem://',
      namespace: 'test',
      database: 'queries',
      entities: queryEntities,
      sync: 'safe',
    });
    const world = new World(orm);
    for (const [at, meta] of world.metas.entries()) if (meta.type === 'normal') await world.#insert(meta, seed + at);
    for (const [at, meta] of world.metas.entries()) if (meta.type === 'relation') await world.#relate(meta, seed + at);
    await orm.em.fork().query(surql`UPDATE task SET gone = d'2026-01-01T00:00:00Z' WHERE n % 3 = 0`);
    await world.#read();
    return world;
  }

  /** An EntityManager that knows nothing yet. */
  fork(): Verbs {
    return verbsOf(this.orm.em.fork());
  }

  /** Runs something that writes, and takes it back. */
  async rolledBack(run: (tx: Verbs) => Promise<void>): Promise<void> {
    const attempt = this.orm.em.fork().transaction(
      async (tx) => {
        await run(verbsOf(tx));
        throw ROLLED_BACK;
      },
      { mode: 'interactive', retry: false },
    );
    await attempt.catch((error: unknown) => {
      if (error !== ROLLED_BACK) throw error;
    });
  }

  async #insert(meta: EntityMetadata, seed: number): Promise<void> {
    // Classes that share a table share its keys.
    const members = meta.hierarchy
      ?.root()
      .hierarchy?.members()
      .filter((each) => each.hierarchy?.value !== undefined);
    const keys = [...Array(ROWS).keys()].filter((n) => members === undefined || members[n % members.length] === meta);
    const data = fc.sample(dataOf(meta), { seed, numRuns: keys.length });
    const rows = keys.map((n, at) => ({ ...distinct(meta, data[at] as object, n), id: idOf(meta, n) }));
    await this.fork()['insert']?.(meta.target, rows);
  }

  async #relate(meta: EntityMetadata, seed: number): Promise<void> {
    const end = fc.nat({ max: ROWS - 1 });
    const picked = fc.sample(fc.tuple(end, end, dataOf(meta)), { seed, numRuns: 2 * ROWS });
    const [from, to] = [meta.edge?.in[0] as EntityMetadata, meta.edge?.out[0] as EntityMetadata];
    const options = meta.indexes.some(({ unique }) => unique === true) ? { onConflict: 'ignore' } : {};
    for (const [a, b, data] of picked)
      await this.fork()['relate']?.(idOf(from, a), meta.target, idOf(to, b), data, options);
  }

  async #read(): Promise<void> {
    for (const table of new Set(this.metas.map((meta) => meta.table))) {
      const [rows] = await this.orm.em.fork().query<[Row[]]>(surql`SELECT * FROM ${surql.id(table)}`);
      this.rows.set(table, new Map(rows.map((row) => [String(row.id), row])));
    }
  }
}

/** Values under a unique index differ from row to row. */
function distinct(meta: EntityMetadata, data: object, n: number): object {
  const unique = meta.indexes.filter((index) => index.unique === true).map(({ columns }) => columns[0]);
  return Object.fromEntries(
    Object.entries(data).map(([name, value]: [string, unknown]) => {
      const property = meta.byProperty.get(name);
      const isUnique = property !== undefined && 'column' in property && unique.includes(property.column);
      return [name, isUnique && typeof value === 'string' ? `${value} ${n}` : value];
    }),
  );
}
