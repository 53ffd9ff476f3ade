import { connect, type AuthOption, type Connection } from '../../lib/driver/connect.js';
import { SchemaDriftError } from '../../lib/errors/index.js';
import { discover, type EntityClass } from '../../lib/metadata/index.js';
import { SchemaManager, type SchemaPlan, type SchemaStep } from '../../lib/schema/index.js';
import type { Backend, OpenBackend } from './backends.js';

const DATABASE = { namespace: 'schema', database: 'schema' } as const;

/** A database of one test, with the few verbs that schema specs need. */
export class SchemaBench {
  readonly db: Connection;
  readonly #store: OpenBackend | undefined;

  private constructor(db: Connection, store?: OpenBackend) {
    this.db = db;
    this.#store = store;
  }

  static async open(url = 'mem://'): Promise<SchemaBench> {
    return new SchemaBench(await connect(url, DATABASE));
  }

  /** A fresh store behind one of the transports. */
  static async on(backend: Backend): Promise<SchemaBench> {
    const store = await backend.open();
    return new SchemaBench(await connect(store.url, { ...DATABASE, ...(store.auth && { auth: store.auth }) }), store);
  }

  /** Another connection to the same server. */
  async another(auth?: AuthOption): Promise<SchemaBench> {
    const store = this.#store as OpenBackend;
    const given = auth === undefined ? store.auth : auth;
    return new SchemaBench(await connect(store.url, { ...DATABASE, ...(given && { auth: given }) }));
  }

  manager(...classes: readonly EntityClass[]): SchemaManager {
    return new SchemaManager(this.db, discover(classes).entities);
  }

  /** Syncs and makes sure that nothing is left to do. */
  async sync(mode: 'safe' | 'force', ...classes: readonly EntityClass[]): Promise<SchemaPlan> {
    const manager = this.manager(...classes);
    const applied = await manager.sync({ mode });
    expect((await manager.plan()).steps).toEqual([]);
    return applied;
  }

  /** The error of a safe sync that must be refused, after a look that nothing has changed. */
  async refused(...classes: readonly EntityClass[]): Promise<SchemaDriftError> {
    const before = await this.describe();
    const error = await this.manager(...classes)
      .sync()
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(SchemaDriftError);
    expect(await this.describe()).toEqual(before);
    return error as SchemaDriftError;
  }

  /** Runs SurrealQL; the last statement's result. */
  async run<T = unknown>(text: string, bindings: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const results = await this.db.query(text, bindings);
    return (results as readonly unknown[]).at(-1) as T;
  }

  /** The whole schema and all records, as text to compare. */
  async describe(): Promise<unknown> {
    const info = await this.run<{ readonly tables: Record<string, string>; readonly analyzers: unknown }>(
      'INFO FOR DB',
    );
    const tables = Object.keys(info.tables);
    const described = [];
    for (const name of tables) {
      const [structure, rows] = (await this.db.query('INFO FOR TABLE $name; SELECT * FROM type::table($name)', {
        name,
      })) as readonly unknown[];
      described.push([name, info.tables[name], { ...(structure as object), lives: {} }, rows]);
    }
    return { analyzers: info.analyzers, described };
  }

  async close(): Promise<void> {
    await this.db.close();
    await this.#store?.close();
  }
}

/** The steps that would harm records, as `kind affected`. */
export function harmful(plan: { readonly steps: readonly unknown[] }): readonly string[] {
  return (plan.steps as readonly SchemaStep[])
    .filter((step) => step.affected > 0 && (step.risk === 'narrowing' || step.risk === 'destructive'))
    .map((step) => `${step.kind} ${step.risk} ${step.affected}`);
}

export const kinds = (plan: SchemaPlan): readonly string[] => plan.steps.map((step) => step.kind);
