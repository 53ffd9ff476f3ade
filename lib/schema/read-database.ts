import { array, param, subquery } from '../surrealql/nodes/expressions.js';
import { info, letStatement, returnStatement } from '../surrealql/nodes/statements.js';
import { analyzers, tableDefinitions, tableModel } from './introspect.js';
import type { SchemaModel } from './model.js';
import { valueOf, type SchemaConnection } from './requests.js';

/** A whole database, and the definitions in it that the model has no words for. */
export interface DatabaseReading {
  readonly model: SchemaModel;
  /** `DEFINE …` of functions, params, accesses and whatever else a newer server knows. */
  readonly others: readonly string[];
}

const MODELLED = new Set(['tables', 'analyzers', 'users']);

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
  const infos = valueOf(await connection.run([returnStatement(array(tables))], 'read'), -1) as readonly unknown[];
  const model: SchemaModel = Object.freeze({
    tables: new Map(
      definitions.map(([name, definition], index) => [name, tableModel(name, definition, infos[index])] as const),
    ),
    analyzers: analyzers(structure),
    objects: new Map(),
    accesses: new Map(),
  });
  const others = Object.entries(text).flatMap(([kind, found]) =>
    MODELLED.has(kind) || typeof found !== 'object' ? [] : Object.values(found).map(String),
  );
  return Object.freeze({ model, others: Object.freeze(others) });
}
