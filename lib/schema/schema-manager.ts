import type { Driver } from '../driver/driver.js';
import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { AnalyzerOptions } from '../metadata/options.js';
import { removeDefinition, type DatabaseObjectNode } from '../surrealql/nodes/definitions.js';
import { transaction, type Statement } from '../surrealql/nodes/statements.js';
import type { PrintOptions } from '../surrealql/printer.js';
import { awaitBuilt } from './await-built.js';
import { readLive } from './canonicalise.js';
import { refuseIncapable } from './capable.js';
import { removedObject } from './database-objects.js';
import { mermaidText } from './diagram-mermaid.js';
import { svgText } from './diagram-svg.js';
import { diagramOf } from './diagram.js';
import { drifted } from './drift-errors.js';
import { fromMetadata } from './from-metadata.js';
import { generateEntities, generateParts, type GeneratedEntities, type GeneratedParts } from './generate/index.js';
import type { KnownCode } from './generate/known-code.js';
import type { SchemaModel } from './model.js';
import type { WhereTranslator } from './partial-index.js';
import { EMPTY_PLAN, publicPlan, type PreparedPlan, type SchemaPlan } from './plan.js';
import { preparePlan, type PlanRecords } from './planner.js';
import { contracted } from './renames.js';
import { readDatabase } from './read-database.js';
import { schemaConnection, type SchemaConnection } from './requests.js';
import { applyPlan, backOff, isOvertaken, refuseHarm } from './sync.js';
import { twoWayScript, type TwoWayScript } from './two-way-script.js';
import type { WantedSchema } from './wanted.js';
import { namesBeyond, readBeyond, wholeText } from './whole-schema.js';
import { withoutReferences } from './without-references.js';

/** `'off'` does nothing, `'verify'` throws on any difference, `'safe'` refuses what endangers records, `'force'` applies all. */
export type SyncMode = 'off' | 'verify' | 'safe' | 'force';

export interface SyncOptions {
  /** Default `'safe'`. */
  readonly mode?: SyncMode;
  /** Also takes away the columns and tables that `renamedFrom` names, once no release reads them any more. */
  readonly contract?: boolean;
  /** Answers with the plan and applies nothing. */
  readonly dryRun?: boolean;
}

export interface SchemaManagerOptions {
  /** Reads the where object of a partial index; without it only `{ column: value }` and `surql` are understood. */
  readonly where?: WhereTranslator;
  /** Functions, parameters and sequences, beside what the entities ask for. */
  readonly objects?: readonly DatabaseObjectNode[];
  /** Of classes that carry nothing else. */
  readonly analyzers?: readonly AnalyzerOptions[];
  /** For properties inside `surql` texts; entity classes are known anyway. */
  readonly printing?: PrintOptions;
  /** Told when the database is known to be what the entities say. */
  readonly synced?: () => void;
  /** Told when their tables are gone. */
  readonly dropped?: () => void;
}

const ATTEMPTS = 24;

/** Tables that migrations keep their history in. */
const OWN_TABLES: ReadonlySet<string> = new Set(['reverie_migration', 'reverie_lease']);

/**
 * Brings the schema of one database in line with the entities.
 *
 * ```ts
 * const plan = await orm.schema.plan();
 * for (const step of plan.steps) console.log(step.risk, step.affected, step.statement);
 * await orm.schema.sync({ mode: 'safe' });
 * ```
 * Both sides are compared in the server's own words, so a second sync finds nothing to do. Tables that no entity speaks of
 * are left alone. It needs a user who may define tables: a root, namespace or database user with the role EDITOR or OWNER.
 *
 * https://surrealdb.com/docs/surrealql/statements/define
 */
export class SchemaManager {
  readonly #connection: SchemaConnection;
  readonly #entities: readonly EntityMetadata[];
  readonly #options: SchemaManagerOptions;
  #wanted: WantedSchema | undefined;
  #canonical: { readonly version: string; readonly model: SchemaModel } | undefined;

  constructor(driver: Driver, entities: readonly EntityMetadata[], options: SchemaManagerOptions = {}) {
    const tables = new Map<unknown, string>(entities.map((each) => [each.target, each.table]));
    this.#connection = schemaConnection(driver, { ...options.printing, tableOf: (target) => tables.get(target) });
    this.#entities = entities;
    this.#options = options;
  }

  /**
   * What `sync` would do: the steps in their order, each with its risk and the number of records it would make unwritable or
   * rob of data. Reads only.
   *
   * ```ts
   * const { isEmpty, steps } = await orm.schema.plan();
   * const { steps: last } = await orm.schema.plan({ contract: true });   // without the columns and tables that renamedFrom names
   * ```
   */
  async plan({ contract = false }: Pick<SyncOptions, 'contract'> = {}): Promise<SchemaPlan> {
    return publicPlan(await this.#prepare(contract));
  }

  /**
   * Applies the plan in one transaction: all of it or nothing. (What the server makes from committed data only follows in a
   * second one: an index over records that the plan writes, one whose analyzer changes, a view that changes.) Any number of processes may do so at once: one applies it, the
   * others find nothing left to do. Answers with the steps that were applied.
   *
   * ```ts
   * await orm.schema.sync();                          // safe
   * await orm.schema.sync({ mode: 'force' });         // also drops data that the entities no longer know
   * await orm.schema.sync({ dryRun: true });          // only tells
   * ```
   * @throws SchemaDriftError in safe mode, when records would lose data or become unwritable (nothing is applied then); in
   *   mode `'verify'` on any difference
   */
  async sync({ mode = 'safe', dryRun = false, contract = false }: SyncOptions = {}): Promise<SchemaPlan> {
    if (mode === 'off') return EMPTY_PLAN;
    if (dryRun) return this.plan({ contract });
    if (mode === 'verify') {
      await this.verify();
      this.#options.synced?.();
      return EMPTY_PLAN;
    }
    const applied = await this.#apply(mode, contract);
    this.#options.synced?.();
    await awaitBuilt(this.#connection, this.#schema());
    return applied;
  }

  /**
   * The plan as scripts: what leads to the entities, and back. They run where other records are stored, so they write what such
   * records need although there are none here.
   *
   * @internal `migrator.diff()` writes it into a file.
   */
  async script({ contract = false }: Pick<SyncOptions, 'contract'> = {}): Promise<TwoWayScript> {
    return twoWayScript(this.#connection, await this.#prepare(contract, 'any'));
  }

  /**
   * Throws when the database is not what the entities say.
   *
   * @throws SchemaDriftError with the steps that would mend it
   */
  async verify(): Promise<void> {
    const plan = await this.plan();
    if (!plan.isEmpty) throw drifted(plan);
  }

  /**
   * What the database has that no entity speaks of: every plan leaves it alone. Reads only.
   *
   * ```ts
   * await orm.schema.leftAlone();   // ['table audit', 'function tax', 'user ci']
   * ```
   */
  async leftAlone(): Promise<readonly string[]> {
    const old = this.#schema().tables.flatMap(({ renamedFrom }) => renamedFrom ?? []);
    return namesBeyond(this.#connection, this.#schema(), new Set([...OWN_TABLES, ...old]));
  }

  /**
   * Entity classes of what is in the database, a TypeScript file for each table: synced, they find nothing to do. What no
   * decorator says is listed in `remainder` and, as a comment, above its class. Reads only.
   *
   * ```ts
   * const { files } = await orm.schema.introspect();
   * for (const { name, source } of files) await writeFile(`src/entities/${name}`, source);
   * ```
   */
  async introspect(): Promise<GeneratedEntities> {
    return generateEntities(await readDatabase(this.#connection, OWN_TABLES));
  }

  /**
   * The same in parts, in the words of the classes that are there.
   *
   * @internal `reverie inspect` merges them into files.
   */
  async introspectParts(code: KnownCode): Promise<GeneratedParts> {
    return generateParts(await readDatabase(this.#connection, OWN_TABLES), code);
  }

  /**
   * The entities as a picture: tables, fields, links and edges with their direction. Needs no connection.
   *
   * ```ts
   * await writeFile('schema.svg', orm.schema.diagram({ format: 'svg' }));
   * ```
   */
  diagram({ format = 'mermaid' }: { readonly format?: 'mermaid' | 'svg' } = {}): string {
    const diagram = diagramOf(this.#entities);
    return format === 'svg' ? svgText(diagram) : mermaidText(diagram);
  }

  /** The whole schema as a script for an empty database. */
  toSurql(): string {
    const { objects, analyzers, accesses, tables } = this.#schema();
    const statements = [
      ...objects,
      ...analyzers,
      ...tables.flatMap((each) => [
        each.table,
        ...each.fields.flatMap(({ node, implied }) => (implied ? [] : [node])),
        ...each.indexes,
        ...each.events,
      ]),
      ...accesses,
    ];
    return statements.length === 0 ? '' : `${this.#connection.text(statements)}\n`;
  }

  /**
   * The same, with what the database has beside it: what was made by hand, or by a migration.
   *
   * @internal `migrator.squash()` writes it into a file.
   */
  async wholeSurql(): Promise<string> {
    return wholeText(this.toSurql(), await readBeyond(this.#connection, this.#schema(), OWN_TABLES));
  }

  /**
   * Removes the tables of the entities with all their records, their analyzers and accesses, and the functions, parameters and
   * sequences that are declared.
   *
   * ```ts
   * await orm.schema.drop({ force: true });
   * ```
   * @throws ValidationError without `force: true`
   */
  async drop({ force }: { readonly force: boolean }): Promise<void> {
    if (force !== true) {
      throw new ValidationError({
        what: 'schema.drop() was not told to go through with it',
        why: 'it removes every table of the entities with all records',
        fix: 'schema.drop({ force: true })',
      });
    }
    const { objects, analyzers, accesses, tables } = this.#schema();
    const removals = [
      ...(await this.#farewells()),
      ...[...tables].reverse().map(({ name }) => removeDefinition({ object: 'TABLE', name, ifExists: true })),
      ...accesses.map(({ name }) => removeDefinition({ object: 'ACCESS', name, ifExists: true })),
      ...analyzers.map(({ name }) => removeDefinition({ object: 'ANALYZER', name, ifExists: true })),
      ...objects.map((node) => removeDefinition({ object: removedObject(node), name: node.name, ifExists: true })),
    ];
    if (removals.length > 0) await this.#connection.run([transaction(removals)], 'write', { patient: true });
    this.#options.dropped?.();
  }

  /** What stays behind would go on noting the references of records that are not there. */
  async #farewells(): Promise<readonly Statement[]> {
    const wanted = this.#schema();
    const names = new Set(wanted.tables.map(({ name }) => name));
    const { live } = await readLive(this.#connection, wanted);
    return [...live.tables.values()].flatMap((table) => (names.has(table.name) ? withoutReferences(table, names) : []));
  }

  async #apply(mode: 'safe' | 'force', contract: boolean): Promise<SchemaPlan> {
    let applied: SchemaPlan | undefined;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const plan = await this.#prepare(contract);
        if (plan.steps.length === 0) return applied ?? EMPTY_PLAN;
        refuseHarm(plan, mode);
        await applyPlan(this.#connection, plan, mode === 'safe');
        applied ??= publicPlan(plan);
        if (!plan.steps.some((step) => step.late)) return applied;
        if (attempt < ATTEMPTS) continue;
        throw drifted(publicPlan(plan));
      } catch (error) {
        if (!isOvertaken(error) || attempt >= ATTEMPTS) throw error;
      }
      await backOff(attempt);
    }
  }

  /** The server's words for the wanted schema are asked for once; another version of it may find others. */
  async #prepare(contract: boolean, records: PlanRecords = 'stored'): Promise<PreparedPlan> {
    const { version } = this.#connection;
    const known = this.#canonical?.version === version ? this.#canonical.model : undefined;
    refuseIncapable(this.#schema(), this.#connection);
    const wanted = contract ? contracted(this.#schema()) : this.#schema();
    const plan = await preparePlan(this.#connection, wanted, known, records);
    this.#canonical = { version, model: plan.canonical };
    return plan;
  }

  #schema(): WantedSchema {
    if (this.#wanted === undefined)
      this.#wanted = fromMetadata(this.#entities, this.#options.where, this.#options.objects, this.#options.analyzers);
    return this.#wanted;
  }
}
