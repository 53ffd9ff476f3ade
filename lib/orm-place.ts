import { OrmAuth } from './auth/orm-auth.js';
import {
  DataExport,
  DataImport,
  type DumpSource,
  type ExportOptions,
  type ImportOptions,
  type ImportReport,
} from './data/index.js';
import type { ConnectionAuth } from './driver/connection-auth.js';
import type { Driver, DriverSession } from './driver/driver.js';
import { EntityManager } from './entity-manager/entity-manager.js';
import type { OrmCore } from './entity-manager/orm-core.js';
import type { EntityMetadata } from './metadata/entity-metadata.js';
import { Migrator } from './migrations/migrator.js';
import type { MigratorHost } from './migrations/migrator-options.js';
import { comparisons } from './entity-manager/verify.js';
import { buildWhere, toId } from './query/index.js';
import { SchemaManager } from './schema/index.js';
import type { DatabaseObjectNode } from './surrealql/nodes/definitions.js';
import { value } from './surrealql/nodes/index.js';

/** A driver that can sign others in beside itself. */
export type PlaceDriver = Driver & {
  readonly namespace: string | undefined;
  readonly database: string | undefined;
  nobody(): DriverSession & ConnectionAuth;
};

/** What every place of an ORM has alike. */
export interface PlaceOptions {
  /** Functions, parameters and sequences of the database. */
  readonly objects: readonly DatabaseObjectNode[];
  readonly migrations: MigratorHost['options'];
}

/** One namespace and database of an ORM: what `orm` itself has of its own, `orm.at(…)` has of another. */
export class OrmPlace {
  /** The EntityManager of the current request or transaction here. Outside of both, fork it. */
  readonly em: EntityManager;
  /** Schema sync: `plan()`, `sync()`, `verify()`, `toSurql()`, `drop()`. */
  readonly schema: SchemaManager;
  /** Migrations: `diff()`, `create()`, `up()`, `down()`, `status()`, `check()`. */
  readonly migrator: Migrator;
  /** Signing users up and in. */
  readonly auth: OrmAuth;
  /** @internal */
  readonly core: OrmCore;
  readonly #driver: PlaceDriver;

  /** @internal */
  constructor(core: OrmCore, driver: PlaceDriver, { objects, migrations }: PlaceOptions) {
    this.core = core;
    this.#driver = driver;
    this.em = new EntityManager(core);
    this.schema = schemaOf(core, driver, undefined, objects);
    this.migrator = new Migrator({ driver, schema: this.schema, options: migrations, em: () => this.em.fork() });
    const em = () => new EntityManager(core).fork();
    this.auth = new OrmAuth({
      driver,
      metadataOf: (entity) => core.registry.get(entity) as never,
      find: (entity, id) => em().findOne(entity, id as never),
      idOf: (entity, given) => toId(core.registry.get(entity), given, { registry: core.registry }),
      changeSecret: async (entity, id, field, current, next) => {
        const same = comparisons(core.registry.get(entity), { [field]: current });
        return (await em().updateWhere(entity, { $and: [{ id }, ...same] } as never, { [field]: next } as never)) === 1;
      },
    });
  }

  /**
   * A dump of the whole database, definitions and records, every value with its type: a script, or JSON with a record a line. It is
   * read as it is written, a page at a time, however large it is; where the connection has transactions, as of one moment.
   *
   * ```ts
   * const dump = orm.export({ format: 'jsonl' });
   * for await (const text of dump) await file.write(text);
   * ```
   * `dump.position` tells how far it came, and `orm.export({ from: position })` goes on there; `dump.notes` what it cannot hold.
   *
   * @throws ValidationError for a table that there is not; PermissionError for a record user
   * @see https://surrealdb.com/docs/surrealdb/cli/export
   */
  export(options: ExportOptions = {}): DataExport {
    return new DataExport(this.#driver, options);
  }

  /**
   * Imports a dump, made by `orm.export()` or by SurrealDB's own export, a part at a time. How far it came is kept in the
   * database by the transactions that write the records: an import that was interrupted goes on where it stopped.
   *
   * ```ts
   * const { records } = await orm.import(createReadStream('dump.jsonl'), { format: 'jsonl' });
   * ```
   * @throws ImportError with the line of what cannot be read, is refused, or would meet records that are there already
   * @throws ValidationError where another import did not end
   * @see https://surrealdb.com/docs/surrealdb/cli/import
   */
  import(source: DumpSource, options: ImportOptions = {}): Promise<ImportReport> {
    return new DataImport(this.#driver, options).run(source);
  }
}

/** The schema of the entities that belong to one connection. */
export function schemaOf(
  core: OrmCore,
  driver: Driver,
  connection: string | undefined,
  objects: readonly DatabaseObjectNode[] = [],
): SchemaManager {
  const entities = core.registry.entities.filter(({ options }) => options.connection === connection);
  return new SchemaManager(driver, entities, {
    printing: core.printing,
    synced: () =>
      core.tables.saw(
        driver,
        entities.filter(({ options }) => options.sync !== false),
      ),
    dropped: () => core.tables.forget(driver),
    objects,
    analyzers: core.registry.analyzers.filter(({ name }) => connection === undefined || usesAnalyzer(entities, name)),
    where: (meta, where) => buildWhere(meta, where, { registry: core.registry }) ?? value(true),
  });
}

function usesAnalyzer(entities: readonly EntityMetadata[], name: string): boolean {
  return entities.some(({ indexes }) => indexes.some(({ fulltext }) => fulltext?.analyzer === name));
}
