import { parsePath } from '../schema/field-path.js';
import { defineField, defineTable } from '../surrealql/nodes/definitions.js';
import { array, param, subquery } from '../surrealql/nodes/expressions.js';
import { info, letStatement, returnStatement, type Statement } from '../surrealql/nodes/statements.js';
import { print } from '../surrealql/printer.js';
import { redefinition, withoutKeys } from '../surrealql/print-stored-definition.js';
import { parseType } from '../types/parse-type.js';
import { kindOf } from '../values/index.js';
import { ask, type Executor } from './requests.js';

/** A table as its records are read and written again. */
export interface StoredTable {
  readonly name: string;
  readonly kind: 'NORMAL' | 'RELATION' | 'ANY';
  /** Worked out by the server when a record is read, and so no part of it. */
  readonly computed: readonly string[];
}

/** All definitions of a database, as statements in the order in which they can be run. */
export interface StoredDefinitions {
  /** Needed while records are written: tables that take any record as it is, and keep back references. */
  readonly before: readonly string[];
  /** The names of all tables, views among them. */
  readonly known: ReadonlySet<string>;
  /** The tables with records of their own. */
  readonly tables: readonly StoredTable[];
  /** What checks, computes, indexes and tells, once all records are there. */
  readonly after: readonly string[];
  /** What a dump cannot hold. */
  readonly notes: readonly string[];
}

export interface DefinitionOptions {
  /** Default: all. */
  readonly tables?: ReadonlySet<string> | undefined;
  readonly users: boolean;
}

/** Work of Reverie that is under way in this very database and means nothing elsewhere. */
const PASSING: ReadonlySet<string> = new Set(['reverie_lease', 'reverie_import']);

type Texts = Readonly<Record<string, string>>;
type Members = Readonly<Record<string, unknown>>;

interface TableInfo {
  readonly name: string;
  readonly structure: Members;
  readonly definition: string;
  readonly fields: readonly Members[];
  readonly texts: Readonly<Record<'fields' | 'indexes' | 'events', Texts>>;
}

/** Reads what a database defines. */
export async function readDefinitions(executor: Executor, options: DefinitionOptions): Promise<StoredDefinitions> {
  const [texts, structure] = (await ask(executor, both(info('database'), info('database', true)))) as [
    Readonly<Record<string, Texts>>,
    Readonly<Record<string, readonly Members[]>>,
  ];
  const tables = await readTables(executor, texts['tables'] ?? {}, structure['tables'] ?? [], options.tables);
  const stored = tables.filter(({ structure: { view } }) => !isGiven(view));
  const views = viewsInOrder(tables.filter((table) => !stored.includes(table)));
  const accesses = Object.values(texts['accesses'] ?? {}).map(withoutKeys);
  const overwrite = (kind: string): readonly string[] =>
    Object.values(texts[kind] ?? {}).map((text) => redefinition(text, 'overwrite'));
  return Object.freeze({
    before: [
      ...['functions', 'modules', 'params', 'analyzers', 'sequences', 'buckets', 'configs'].flatMap(overwrite),
      ...stored.flatMap(bareTable),
    ],
    known: new Set(Object.keys(texts['tables'] ?? {})),
    tables: stored.map(storedTable),
    after: [
      ...stored.map(({ definition }) => redefinition(definition, 'overwrite')),
      ...stored.flatMap((table) => partsOf(table, 'fields')),
      ...stored.flatMap((table) => partsOf(table, 'indexes')),
      ...views.flatMap((view) => [redefinition(view.definition, 'overwrite'), ...partsOf(view, 'indexes')]),
      ...stored.flatMap((table) => partsOf(table, 'events')),
      ...overwrite('apis'),
      ...accesses.flatMap((text) => (text === undefined ? [] : [redefinition(text, 'if-not-exists')])),
      ...(options.users ? Object.values(texts['users'] ?? {}) : []).map((text) => redefinition(text, 'if-not-exists')),
    ],
    notes: notesOf(texts, options.users),
  });
}

async function readTables(
  executor: Executor,
  definitions: Texts,
  structures: readonly Members[],
  wanted: ReadonlySet<string> | undefined,
): Promise<readonly TableInfo[]> {
  const names = Object.keys(definitions).filter(
    (name) => !PASSING.has(name) && (wanted === undefined || wanted.has(name)),
  );
  const tables: TableInfo[] = [];
  for (const name of names.sort()) {
    const [texts, structure] = (await ask(executor, both(info({ table: name }), info({ table: name }, true)))) as [
      TableInfo['texts'],
      { readonly fields?: readonly Members[] },
    ];
    const own = structures.find((each) => each['name'] === name) ?? {};
    tables.push({ name, texts, structure: own, definition: definitions[name] ?? '', fields: structure.fields ?? [] });
  }
  return tables;
}

/** Both forms of an INFO in one answer. */
function both(texts: Statement, structure: Statement): readonly Statement[] {
  return [
    letStatement('texts', subquery(texts)),
    letStatement('structure', subquery(structure)),
    returnStatement(array([param('texts'), param('structure')])),
  ];
}

function storedTable({ name, structure, fields }: TableInfo): StoredTable {
  const { kind } = (structure['kind'] ?? { kind: 'ANY' }) as { readonly kind: StoredTable['kind'] };
  const computed = fields.filter((field) => isGiven(field['computed'])).map((field) => String(field['name']));
  return Object.freeze({ name, kind, computed });
}

/**
 * The table while its records are written: nothing is checked, computed or told, but a field that keeps back references has
 * to be there, for the server notes them as a record is written and never later.
 */
function bareTable({ name, fields }: TableInfo): readonly string[] {
  const referring = fields.filter((field) => isGiven(field['reference']));
  return [
    defineTable({ exists: 'overwrite', name, type: 'ANY', schemafull: false, permissions: 'none' }),
    ...referring.map((field) =>
      defineField({
        exists: 'overwrite',
        table: name,
        path: parsePath(String(field['name'])),
        type: parseType(String(field['kind'])),
        reference: { onDelete: 'IGNORE' },
      }),
    ),
  ].map((node) => print(node, { literals: true }).text);
}

function partsOf(table: TableInfo, kind: 'fields' | 'indexes' | 'events'): readonly string[] {
  return Object.values(table.texts[kind] ?? {}).map((text) => redefinition(text, 'overwrite'));
}

/** Each after the views that it reads. A name that only looks like one costs nothing but an order. */
function viewsInOrder(views: readonly TableInfo[]): readonly TableInfo[] {
  const ordered: TableInfo[] = [];
  const visit = (view: TableInfo, around: readonly TableInfo[]): void => {
    if (ordered.includes(view) || around.includes(view)) return;
    const read = views.filter((other) => other !== view && view.definition.includes(other.name));
    for (const other of read) visit(other, [...around, view]);
    ordered.push(view);
  };
  for (const view of views) visit(view, []);
  return ordered;
}

function notesOf(texts: Readonly<Record<string, Texts>>, users: boolean): readonly string[] {
  const names = (kind: string): readonly string[] => Object.keys(texts[kind] ?? {});
  const keyless = Object.entries(texts['accesses'] ?? {});
  return [
    ...keyless
      .filter(([, text]) => withoutKeys(text) === undefined)
      .map(([name]) => `access ${name} is left out: the server does not tell its key`),
    ...keyless
      .filter(([, text]) => ![undefined, text].includes(withoutKeys(text)))
      .map(([name]) => `access ${name} gets a new key: tokens of this database are not valid there`),
    ...(users ? [] : names('users').map((name) => `user ${name} is left out`)),
    ...names('sequences').map((name) => `sequence ${name} starts anew: the server does not tell where it stands`),
    ...names('buckets').map((name) => `the files of bucket ${name} are left out`),
    ...names('models').map((name) => `model ${name} is left out`),
  ];
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && kindOf(value) !== 'NONE';
}
