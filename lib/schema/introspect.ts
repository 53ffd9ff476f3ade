import { kindOf } from '../values/kind.js';
import { comparable } from './comparable.js';
import { parsePath, pathKey } from './field-path.js';
import type {
  AnalyzerModel,
  EventModel,
  FieldModel,
  IndexModel,
  TableDefinition,
  TableKind,
  TableModel,
} from './model.js';

/** Reads the answers of `INFO FOR DB STRUCTURE` and `INFO FOR TABLE … STRUCTURE`. What a newer server adds is left alone. */

type Members = Readonly<Record<string, unknown>>;

const members = (given: unknown): Members => (typeof given === 'object' && given !== null ? (given as Members) : {});
const list = (given: unknown): readonly Members[] => (Array.isArray(given) ? given.map(members) : []);
const text = (given: unknown): string | undefined => (typeof given === 'string' ? given : undefined);
const texts = (given: unknown): readonly string[] => Object.freeze(Array.isArray(given) ? given.map(String) : []);
const freeze = Object.freeze;

/** The definitions of all tables of a database, by name. */
export function tableDefinitions(database: unknown): ReadonlyMap<string, TableDefinition> {
  return new Map(list(members(database)['tables']).map((each) => [String(each['name']), readDefinition(each)]));
}

function readDefinition(given: Members): TableDefinition {
  return freeze({
    kind: readKind(members(given['kind'])),
    schemafull: given['schemafull'] === true,
    drop: given['drop'] === true,
    permissions: given['permissions'],
    ...(isGiven(given['changefeed']) && { changefeed: comparable(given['changefeed']) }),
    ...(text(given['view']) !== undefined && { view: text(given['view']) as string }),
    ...(text(given['comment']) !== undefined && { comment: text(given['comment']) as string }),
  });
}

function readKind(given: Members): TableKind {
  const kind = given['kind'] as TableKind['kind'];
  if (kind !== 'RELATION') return freeze({ kind });
  return freeze({ kind, in: texts(given['in']), out: texts(given['out']), enforced: given['enforced'] === true });
}

/** All analyzers of a database, by name. */
export function analyzers(database: unknown): ReadonlyMap<string, AnalyzerModel> {
  return new Map(
    list(members(database)['analyzers']).map((each) => {
      const fn = text(each['function']);
      const comment = text(each['comment']);
      const model: AnalyzerModel = {
        name: String(each['name']),
        tokenizers: texts(each['tokenizers']),
        filters: texts(each['filters']),
        ...(fn !== undefined && { function: fn }),
        ...(comment !== undefined && { comment }),
      };
      return [model.name, freeze(model)];
    }),
  );
}

/** All accesses of a database, by name; the server withholds their keys. */
export function accesses(database: unknown): ReadonlyMap<string, unknown> {
  return new Map(
    list(members(database)['accesses']).map(({ name, ...rest }) => [String(name), comparable({ ...rest })] as const),
  );
}

/** One table from its definition and `INFO FOR TABLE … STRUCTURE`. */
export function tableModel(name: string, definition: TableDefinition, table: unknown): TableModel {
  const info = members(table);
  return freeze({
    name,
    definition,
    fields: new Map(
      list(info['fields'])
        .map(readField)
        .map((field) => [pathKey(field.path), field]),
    ),
    indexes: new Map(
      list(info['indexes'])
        .map(readIndex)
        .map((index) => [index.name, index]),
    ),
    events: new Map(
      list(info['events'])
        .map(readEvent)
        .map((event) => [event.name, event]),
    ),
  });
}

function readField(given: Members): FieldModel {
  return freeze({
    path: parsePath(String(given['name'])),
    flexible: given['flexible'] === true,
    defaultAlways: given['default_always'] === true,
    readonly: given['readonly'] === true,
    permissions: given['permissions'],
    ...kindOfField(given),
    ...textMembers(given, ['default', 'value', 'assert', 'computed', 'comment']),
    ...(isGiven(given['reference']) && { reference: comparable(given['reference']) }),
  });
}

/** What is computed without a type is `any`, and an optional type is the same on whichever side NONE stands. */
function kindOfField(given: Members): { readonly kind?: string } {
  const kind = text(given['kind']);
  if (kind === undefined) return text(given['computed']) === undefined ? {} : { kind: 'any' };
  const [, bare] = /^(?!none \| )(.+) \| none$/.exec(kind) ?? [];
  return { kind: bare === undefined ? kind : `none | ${bare}` };
}

function readIndex(given: Members): IndexModel {
  return freeze({
    name: String(given['name']),
    columns: freeze(texts(given['cols']).map((column) => pathKey(parsePath(column)))),
    // The server derives LM from M and prints its own rounding of it.
    variant: String(given['index']).replace(/ LM [\d.eE+-]+f?/, ''),
    ...textMembers(given, ['comment']),
  });
}

function readEvent(given: Members): EventModel {
  return freeze({
    name: String(given['name']),
    when: String(given['when']),
    then: texts(given['then']),
    ...Object.fromEntries(
      ['async', 'retry', 'maxdepth'].flatMap((key) => (isGiven(given[key]) ? [[key, given[key]]] : [])),
    ),
    ...textMembers(given, ['comment']),
  });
}

function textMembers<K extends string>(given: Members, keys: readonly K[]): { readonly [key in K]?: string } {
  const found = keys.flatMap((key) => {
    const value = text(given[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(found) as { readonly [key in K]?: string };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && kindOf(value) !== 'NONE';
}
