import { array, subquery } from '../surrealql/nodes/expressions.js';
import { info, returnStatement } from '../surrealql/nodes/statements.js';
import { valueOf, type SchemaConnection } from './requests.js';
import type { WantedSchema } from './wanted.js';

type Texts = Readonly<Record<string, string>>;

/** What a database has beside what its entities ask for, in the server's words. */
export interface Beyond {
  /** Functions and the like: tables may speak of them. */
  readonly objects: readonly string[];
  /** Tables with all that belongs to them. */
  readonly tables: readonly string[];
  /** What the server does not tell in full. */
  readonly untold: readonly string[];
}

type Named = readonly (readonly [name: string, text: string])[];

/** What no entity asks for, without the tables that `skip` names, by the kinds of `INFO FOR DB`. */
async function readUnknown(
  connection: SchemaConnection,
  wanted: WantedSchema,
  skip: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Named>> {
  const asked = await connection.run([returnStatement(subquery(info('database')))], 'read');
  const database = valueOf(asked, -1) as Readonly<Record<string, Texts>>;
  const known = knownNames(wanted);
  const isUnknown = (kind: string, name: string): boolean =>
    known.get(kind)?.has(name) !== true && !(kind === 'tables' && skip.has(name));
  return new Map(
    Object.entries(database).map(([kind, texts]) => [
      kind,
      Object.entries(texts).filter(([name]) => isUnknown(kind, name)),
    ]),
  );
}

/** The names of what no entity asks for, each with its kind. */
export async function namesBeyond(
  connection: SchemaConnection,
  wanted: WantedSchema,
  skip: ReadonlySet<string>,
): Promise<readonly string[]> {
  const unknown = await readUnknown(connection, wanted, skip);
  return [...unknown].flatMap(([kind, named]) =>
    named.map(([name]) => `${SINGULAR[kind] ?? kind.replace(/s$/, '')} ${name}`),
  );
}

const SINGULAR: Readonly<Record<string, string>> = { accesses: 'access' };

/** Reads the definitions of what no entity asks for. */
export async function readBeyond(
  connection: SchemaConnection,
  wanted: WantedSchema,
  skip: ReadonlySet<string>,
): Promise<Beyond> {
  const unknown = await readUnknown(connection, wanted, skip);
  const beyond = (kind: string): Named => unknown.get(kind) ?? [];
  const isView = ([, text]: readonly [string, string]): number => Number(/ AS SELECT /.test(text));
  const tables = [...beyond('tables')].sort((a, b) => isView(a) - isView(b));
  const contents = await readTables(
    connection,
    tables.map(([name]) => name),
  );
  const told = (kind: string): readonly string[] => beyond(kind).map(([, text]) => overwriting(text));
  return {
    objects: ['functions', 'params', 'analyzers', 'sequences'].flatMap(told),
    tables: [...tables.map(([, text]) => text), ...contents].map(overwriting),
    untold: [...unknown].flatMap(([kind, named]) =>
      TOLD.has(kind) ? [] : named.map(([name]) => `${kind}: ${JSON.stringify(name)}`),
    ),
  };
}

const TOLD: ReadonlySet<string> = new Set(['tables', 'functions', 'params', 'analyzers', 'sequences']);

/** By the names of `INFO FOR DB`. */
function knownNames({ objects, analyzers, accesses, tables }: WantedSchema): ReadonlyMap<string, ReadonlySet<string>> {
  const named = (kind: string) => new Set(objects.flatMap((node) => (node.kind === kind ? [node.name] : [])));
  return new Map([
    ['tables', new Set(tables.map(({ name }) => name))],
    ['functions', named('DefineFunction')],
    ['params', named('DefineParam')],
    ['sequences', named('DefineSequence')],
    ['analyzers', new Set(analyzers.map(({ name }) => name))],
    ['accesses', new Set(accesses.map(({ name }) => name))],
  ]);
}

/** Fields, indexes and events. */
async function readTables(connection: SchemaConnection, tables: readonly string[]): Promise<readonly string[]> {
  if (tables.length === 0) return [];
  const asked = [returnStatement(array(tables.map((table) => subquery(info({ table })))))];
  const results = await connection.run(asked, 'read');
  const infos = valueOf(results, -1) as readonly Readonly<Record<'fields' | 'indexes' | 'events', Texts>>[];
  return infos.flatMap(({ fields, indexes, events }) =>
    [fields, indexes, events].flatMap((each) => Object.values(each)),
  );
}

/** What the server makes by itself for an array, or an edge, is there already. */
const overwriting = (text: string): string => text.replace(/^(\w+ \w+) /, '$1 OVERWRITE ');

/** A script for an empty database: what the entities ask for, between what it may speak of and what may speak of it. */
export function wholeText(entities: string, { objects, tables, untold }: Beyond): string {
  const ended = (texts: readonly string[]): readonly string[] => texts.map((text) => `${text};`);
  const notes = untold.map((each) => `-- not in here: ${each}`);
  return [...notes, ...ended(objects), ...(entities === '' ? [] : [entities.trim()]), ...ended(tables)].join('\n');
}
