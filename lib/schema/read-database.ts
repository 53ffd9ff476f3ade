import { array, param, subquery } from '../surrealql/nodes/expressions.js';
import { info, letStatement, returnStatement } from '../surrealql/nodes/statements.js';
import type { ObjectListings } from './generate/object-source.js';
import { accesses, analyzers, tableDefinitions, tableModel } from './introspect.js';
import type { SchemaModel } from './model.js';
import { valueOf, type SchemaConnection } from './requests.js';

/** A whole database, and the definitions in it that the model has no words for. */
export interface DatabaseReading {
  readonly model: SchemaModel;
  /** Functions, parameters with the values that they hold, and sequences. */
  readonly listings: ObjectListings;
  /** `DEFINE …` of users, buckets, apis and whatever else a newer server knows. */
  readonly others: readonly string[];
}

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
  const asked = [array(tables), array(params.map(({ name }) => param(String(name))))];
  const [infos, held] = valueOf(await connection.run([returnStatement(array(asked))], 'read'), -1) as readonly [
    readonly unknown[],
    readonly unknown[],
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
  return Object.freeze({ model, listings, others: Object.freeze(others) });
}
