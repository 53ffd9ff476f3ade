import {
  defineAccess,
  defineAnalyzer,
  defineEvent,
  defineField,
  defineIndex,
  defineTable,
  type DefinitionStatement,
} from '../surrealql/nodes/definitions.js';
import { object, param, subquery } from '../surrealql/nodes/expressions.js';
import { info, letStatement, returnStatement, transaction } from '../surrealql/nodes/statements.js';
import { checkConstants } from './check-constants.js';
import { accesses, analyzers, tableDefinitions, tableModel } from './introspect.js';
import { objectModels, scratchObject, type ObjectLists } from './database-objects.js';
import { liveState, tablesState, type LiveState } from './live-state.js';
import type { AnalyzerModel, SchemaModel, TableDefinition, TableModel } from './model.js';
import { valueOf, type SchemaConnection } from './requests.js';
import { scratchKey, ScratchNames } from './scratch-names.js';
import { simpleIndex } from './simple-index.js';
import { namesToRead, type WantedSchema, type WantedTable } from './wanted.js';

/** Both sides in the server's own words. */
export interface SchemaReading {
  readonly live: SchemaModel;
  readonly wanted: SchemaModel;
  /** What the server said of the live side, to find out later whether it still does. */
  readonly state: LiveState;
}

/**
 * Reads the live schema and, in the same request, the wanted one in the server's own words: it is defined under scratch names
 * without records inside a transaction that is then cancelled. Only the tables' own names are scratch; what types, events and
 * references say of other tables is text to the server and stays as it is. A view would read its source, so its text is
 * canonicalised as the body of an event, which prints the same and runs nothing.
 */
export async function readSchemas(connection: SchemaConnection, wanted: WantedSchema): Promise<SchemaReading> {
  const scratch = new ScratchNames();
  const names = wanted.tables.map((each) => each.name);
  const inside = [
    ...liveState(namesToRead(wanted)),
    ...wanted.objects.map((node) => scratchObject(node, scratch)),
    ...wanted.analyzers.map((node) => defineAnalyzer({ ...node, name: scratch.analyzer(node.name) })),
    ...wanted.accesses.map((node) => defineAccess({ ...node, name: scratch.access(node.name) })),
    ...wanted.tables.flatMap((each) => scratchDefinitions(each, scratch.table(each.name))),
    letStatement('wanted', tablesState(names.map((name) => scratch.table(name)))),
    letStatement('database', subquery(info('database', true))),
  ];
  const answer = object(['state', 'wanted', 'database'].map((name) => [name, param(name)] as const));
  const statements = [transaction(inside, 'CANCEL'), returnStatement(answer)];
  const results = await connection.run(statements, 'write').catch((error: unknown) => {
    throw scratch.restore(error, connection.text(statements));
  });
  const { state, ...scratched } = valueOf(results, -1) as Answer;
  const model = wantedModel(scratched, wanted, scratch);
  checkConstants(model);
  return Object.freeze({ state, live: liveModel(state, wanted), wanted: model });
}

/** Reads the live schema alone. */
export async function readLive(
  connection: SchemaConnection,
  wanted: WantedSchema,
): Promise<Pick<SchemaReading, 'live' | 'state'>> {
  const results = await connection.run([...liveState(namesToRead(wanted)), returnStatement(param('state'))], 'read');
  const state = valueOf(results, -1) as LiveState;
  return Object.freeze({ state, live: liveModel(state, wanted) });
}

interface Answer {
  readonly state: LiveState;
  readonly wanted: readonly unknown[];
  readonly database: unknown;
}

const VIEW_EVENT = 'reverie_view';

function scratchDefinitions(wanted: WantedTable, table: string): readonly DefinitionStatement[] {
  const { as, ...definition } = wanted.table;
  return [
    defineTable({ ...definition, name: table }),
    ...(as === undefined ? [] : [defineEvent({ name: VIEW_EVENT, table, then: [as] })]),
    ...wanted.fields.flatMap(({ node, implied }) => (implied ? [] : [defineField({ ...node, table })])),
    ...wanted.indexes.flatMap((node) =>
      simpleIndex(node) === undefined ? [defineIndex({ ...node, table, concurrently: false })] : [],
    ),
    ...wanted.events.map((node) => defineEvent({ ...node, table })),
  ];
}

function liveModel(state: LiveState, wanted: WantedSchema): SchemaModel {
  const definitions = tableDefinitions({ tables: state.definitions });
  const known = analyzers({ analyzers: state.analyzers });
  const tables = namesToRead(wanted).flatMap((name, index) => {
    const definition = definitions.get(name);
    return definition === undefined ? [] : [tableModel(name, definition, state.tables[index])];
  });
  const entries = accesses({ accesses: state.accesses });
  return modelOf(tables, wanted, {
    analyzerOf: (name) => known.get(name),
    accessOf: (name) => entries.get(name),
    objects: objectModels(wanted.objects, state),
  });
}

function wantedModel(answer: Omit<Answer, 'state'>, wanted: WantedSchema, scratch: ScratchNames): SchemaModel {
  const definitions = tableDefinitions(answer.database);
  const known = analyzers(answer.database);
  const tables = wanted.tables.map((each, index) => {
    const definition = definitions.get(scratch.table(each.name)) as TableDefinition;
    return withOwn(tableModel(each.name, definition, answer.wanted[index]), each);
  });
  const entries = accesses(answer.database);
  return modelOf(tables, wanted, {
    analyzerOf: (name) => known.get(scratch.analyzer(name)),
    accessOf: (name) => entries.get(scratch.access(name)),
    objects: objectModels(wanted.objects, answer.database as ObjectLists, (node) =>
      scratch.object(scratchKey(node), node),
    ),
  });
}

/** What belongs to the database as a whole, by the names that the entities use. */
interface DatabaseModels {
  readonly analyzerOf: (name: string) => AnalyzerModel | undefined;
  readonly accessOf: (name: string) => unknown;
  readonly objects: SchemaModel['objects'];
}

function modelOf(
  tables: readonly TableModel[],
  { analyzers: asked, accesses: entries }: WantedSchema,
  { analyzerOf, accessOf, objects }: DatabaseModels,
): SchemaModel {
  const found = asked.flatMap(({ name }) => {
    const model = analyzerOf(name);
    return model === undefined ? [] : [[name, Object.freeze({ ...model, name })] as const];
  });
  return Object.freeze({
    tables: new Map(tables.map((table) => [table.name, table])),
    analyzers: new Map(found),
    objects,
    accesses: new Map(
      entries.map(({ name }) => [name, accessOf(name)] as const).filter(([, model]) => model !== undefined),
    ),
  });
}

/** Adds what was not asked of the server, and takes the text of a view back out of the event that carried it. */
function withOwn(table: TableModel, wanted: WantedTable): TableModel {
  const simple = wanted.indexes.flatMap((node) => {
    const index = simpleIndex(node);
    return index === undefined ? [] : [[node.name, index] as const];
  });
  const indexes = new Map([...table.indexes, ...simple]);
  if (wanted.table.as === undefined) return Object.freeze({ ...table, indexes });
  const events = new Map(table.events);
  const text = events.get(VIEW_EVENT)?.then[0];
  events.delete(VIEW_EVENT);
  const definition = Object.freeze({ ...table.definition, view: `AS ${text}` });
  return Object.freeze({ ...table, indexes, events, definition });
}
