import { array, param, path, subquery, table as tableNode, value } from '../surrealql/nodes/expressions.js';
import { info, letStatement, returnStatement, select } from '../surrealql/nodes/statements.js';
import type { ObjectListings } from './generate/object-source.js';
import { accesses, analyzers, tableDefinitions, tableModel } from './introspect.js';
import type { SchemaModel } from './model.js';
import { valueOf, type SchemaConnection } from './requests.js';

/** A whole database, and the definitions in it that the model has no words for. */
export interface DatabaseReading {
  readonly model: SchemaModel;
  /** Functions, parameters with the values that they hold, and sequences. */
  readonly listings: ObjectListings;
  /** Ids of some records of each table: what kind of key it has. */
  readonly keys: ReadonlyMap<string, readonly unknown[]>;
  /** `DEFINE …` of users, buckets, apis and whatever else a newer server knows. */
  readonly others: readonly string[];
}

/** Records that are looked at to know the keys of their table. */
const SAMPLE = 20;

const MODELLED = new Set(['tables', 'analyzers', 'accesses', 'functions', 'params', 'sequences']);

/** The hash of a password belongs into no terminal and no file. */
const withoutSecret = (definition: unknown): string => String(definition).replace(/ PASSHASH '[^']*'/, '');

type Members = Readonly<Record<string, unknown>>;

const listOf = (structure: unknown, key: string): readonly Members[] =>
  ((structure as Members)[key] ?? []) as readonly Members[];

/** Reads every table of a database but those that `skip` names. */
export async function readDatabase(connection: SchemaConnection, skip: ReadonlySet<string>): Promise<DatabaseReading> {
  const first = await connection.run(
    [
      letStatement('structure', subquery(info('database', true))),
      letStatement('text', subquery(info('database'))),
      returnStatement(array([param('structure'), param('text')])),
    ],
    'read',
  );
  const [structure, text] = valueOf(first, -1) as [unknown, Readonly<Record<string, Readonly<Record<string, string>>>>];
  const definitions = [...tableDefinitions(structure)].filter(([name]) => !skip.has(name));
  const tables = definitions.map(([table]) => subquery(info({ table }, true)));
  const params = listOf(structure, 'params');
  const stored = definitions.filter(([, { view }]) => view === undefined).map(([name]) => name);
  const asked = [
    array(tables),
    array(params.map(({ name }) => param(String(name)))),
    array(stored.map((name) => subquery(select({ value: path('id'), from: [tableNode(name)], limit: value(SAMPLE) })))),
  ];
  const [infos, held, ids] = valueOf(await connection.run([returnStatement(array(asked))], 'read'), -1) as readonly [
    readonly unknown[],
    readonly unknown[],
    readonly (readonly unknown[])[],
  ];
  const model: SchemaModel = Object.freeze({
    tables: new Map(
      definitions.map(([name, definition], index) => [name, tableModel(name, definition, infos[index])] as const),
    ),
    analyzers: analyzers(structure),
    objects: new Map(),
    accesses: accesses(structure),
  });
  const others = Object.entries(text).flatMap(([kind, found]) =>
    MODELLED.has(kind) || typeof found !== 'object' ? [] : Object.values(found).map(withoutSecret),
  );
  const listings: ObjectListings = Object.freeze({
    functions: listOf(structure, 'functions'),
    params: params.map((each, index) => ({ ...each, held: held[index] })),
    sequences: listOf(structure, 'sequences'),
  });
  const keys = new Map(stored.map((name, index) => [name, ids[index] ?? []] as const));
  return Object.freeze({ model, listings, keys, others: Object.freeze(others) });
}
