import { removeDefinition, type DefinitionStatement, type RemoveNode } from '../surrealql/nodes/definitions.js';
import { array, param, subquery } from '../surrealql/nodes/expressions.js';
import { info, letStatement, returnStatement } from '../surrealql/nodes/statements.js';
import { equals } from '../values/equals.js';
import { parsePath, pathKey, type PathKey } from './field-path.js';
import type { FieldModel, TableModel } from './model.js';
import { EMPTY_PLAN, publicPlan, type PlannedStep, type PreparedPlan, type SchemaPlan } from './plan.js';
import { valueOf, type SchemaConnection } from './requests.js';
import { remarksOn } from './script-remarks.js';
import { undoWindow, type UndoWindow } from './undo-window.js';
import { withoutReferences } from './without-references.js';

/** A plan as text. Each part is one transaction: what the server builds from committed data follows in one of its own. */
export interface TwoWayScript {
  /** With the risk of each step. */
  readonly plan: SchemaPlan;
  /** Up in this order, down in the opposite one. The first may have nothing that leads up: it ends the way back. */
  readonly parts: readonly ScriptPart[];
}

export interface ScriptPart {
  /** What to look at before it goes up. */
  readonly remarks: readonly string[];
  /** Statements without a semicolon at their end. */
  readonly up: readonly string[];
  /** Brings the definitions back as they were, and renamed values under their old names; data that went does not come back. */
  readonly down: readonly string[];
}

/** What a plan does and what undoes it, in the words that the server has for what is there now. */
export async function twoWayScript(connection: SchemaConnection, plan: PreparedPlan): Promise<TwoWayScript> {
  if (plan.steps.length === 0) return Object.freeze({ plan: EMPTY_PLAN, parts: Object.freeze([]) });
  const before = await readDefinitions(connection, plan);
  const text = (statement: Parameters<SchemaConnection['text']>[0][number]) => connection.text([statement]);
  const early = [...plan.steps].reverse().flatMap((step) => step.early);
  const now = plan.steps.filter((step) => !step.late);
  const late = plan.steps.filter((step) => step.late);
  const back = new WayBack(connection, plan, before);
  const { first, last } = back.texts(now);
  const gone = (step: PlannedStep): readonly string[] => taken(step, before);
  const parts = [
    { remarks: [], up: [], down: [...last, ...late.filter((step) => back.postpones(step)).flatMap(gone)] },
    {
      remarks: remarksOn(now),
      up: [...early, ...now.flatMap((step) => step.statements)].map(text),
      down: [...first, ...late.filter((step) => !back.postpones(step)).flatMap(gone)],
    },
    { remarks: remarksOn(late), up: late.map((step) => text(step.definition)), down: undoLate(late, connection) },
  ];
  return Object.freeze({
    plan: publicPlan(plan),
    parts: parts.filter(({ up, down }, index) => up.length > 0 || (index === 0 && down.length > 0)),
  });
}

/** Definitions as the server prints them, by what they define. */
type Definitions = ReadonlyMap<string, string>;

type ObjectName = { readonly object: RemoveNode['object']; readonly table: string; readonly name: RemoveNode['name'] };

/** What undoes one step. */
interface Undoing {
  readonly named: ObjectName;
  readonly texts: readonly string[];
  readonly removes: boolean;
}

/** What undoes the steps of a plan. */
class WayBack {
  readonly #connection: SchemaConnection;
  readonly #plan: PreparedPlan;
  readonly #before: Definitions;
  readonly #windows: ReadonlyMap<string, UndoWindow>;
  readonly #seen = new Set<string>();

  constructor(connection: SchemaConnection, plan: PreparedPlan, before: Definitions) {
    this.#connection = connection;
    this.#plan = plan;
    this.#before = before;
    this.#windows = windowsOf(plan);
  }

  /**
   * Whether what the step has taken away comes back in a transaction of its own: the server builds an index or a view from what
   * is committed, and cuts words by the analyzer that is.
   */
  postpones({ definition, table }: PlannedStep): boolean {
    if (this.#windows.has(table)) return true;
    const { view } = this.#plan.live.tables.get(table)?.definition ?? {};
    if (view !== undefined) return this.#windows.size > 0;
    if (definition.kind !== 'DefineIndex' || definition.variant.kind !== 'fulltext') return false;
    const { analyzer } = definition.variant;
    return this.#plan.steps.some((each) => each.kind === 'alterAnalyzer' && nameOf(each.definition)?.name === analyzer);
  }

  texts(steps: readonly PlannedStep[]): { readonly first: readonly string[]; readonly last: readonly string[] } {
    const made = new Set(
      steps.filter(({ kind }) => kind === 'createTable' || kind === 'copyTable').map(({ table }) => table),
    );
    const windows = [...this.#windows];
    const tables = windows.flatMap(([name, window]) => [
      ...this.#undoing({ object: 'TABLE', table: name, name }),
      ...window.links.flatMap((path) => this.#undoing({ object: 'FIELD', table: name, name: path })),
    ]);
    const cleared = windows.flatMap(([, window]) => window.statements);
    const undoings = [...steps].reverse().flatMap((step): readonly Undoing[] => {
      const named = nameOf(step.definition);
      // A table that goes takes along what belongs to it.
      if (named === undefined || (made.has(step.table) && named.object !== 'TABLE')) return [];
      return step.kind === 'removeTable' ? this.#wholeTable(step.table) : this.#undoing(named);
    });
    const changed = windows.flatMap(([table, window]) => [
      ...window.fields.map((name): ObjectName => ({ object: 'FIELD', table, name })),
      ...window.events.map((name): ObjectName => ({ object: 'EVENT', table, name })),
    ]);
    const restored = changed.flatMap((named) => this.#undoing(named));
    const isKept = ({ named, removes }: Undoing): boolean => named.object === 'TABLE' && !removes;
    const isBuilt = ({ named }: Undoing): boolean => named.object === 'INDEX' && this.#windows.has(named.table);
    const built = undoings.filter(isBuilt);
    const rest = undoings.filter((each) => !isKept(each) && !isBuilt(each));
    return {
      first: [
        // What a table's fields may say depends on the table.
        ...[...tables, ...undoings.filter(isKept)].flatMap(({ texts }) => texts),
        ...built.map(({ named }) => this.#connection.text([removal(named)])),
        ...cleared.map((each) => this.#connection.text([each])),
        ...fieldsInOrder([...rest, ...restored, ...this.#otherFields()]).flatMap(({ texts }) => texts),
      ],
      last: built.filter(({ removes }) => !removes).flatMap(({ texts }) => texts),
    };
  }

  /** A table that comes back with all that belonged to it. */
  #wholeTable(table: string): readonly Undoing[] {
    const { fields, indexes, events } = this.#plan.live.tables.get(table) as TableModel;
    return [
      ...this.#undoing({ object: 'TABLE', table, name: table }),
      ...[...fields.values()].flatMap(({ path }) => this.#undoing({ object: 'FIELD', table, name: path })),
      ...[...indexes.keys()].flatMap((name) => this.#undoing({ object: 'INDEX', table, name })),
      ...[...events.keys()].flatMap((name) => this.#undoing({ object: 'EVENT', table, name })),
    ];
  }

  /** Each thing once. */
  #undoing(named: ObjectName): readonly Undoing[] {
    const key = keyOf(named);
    if (this.#seen.has(key)) return [];
    this.#seen.add(key);
    const was = this.#before.get(key);
    if (was !== undefined) return isTold(was) ? [{ named, texts: [overwrite(was)], removes: false }] : [];
    return [{ named, texts: this.#removed(named), removes: true }];
  }

  /** What the records of a table refer to would go on noting them. */
  #removed(named: ObjectName): readonly string[] {
    const { after, live } = this.#plan;
    const made = named.object === 'TABLE' ? after.tables.get(named.table) : undefined;
    const going = new Set([...after.tables.keys()].filter((name) => !live.tables.has(name)));
    const farewell = made === undefined ? [] : withoutReferences(made, going);
    return [...farewell, removal(named)].map((each) => this.#connection.text([each]));
  }

  /** Fields that were not there or were others, those too that the server has made by itself for the elements of an array. */
  #otherFields(): readonly Undoing[] {
    return [...this.#plan.live.tables].flatMap(([table, live]) => {
      const after = this.#plan.after.tables.get(table)?.fields ?? new Map<PathKey, FieldModel>();
      return [...after].flatMap(([key, field]) =>
        equals(live.fields.get(key), field) ? [] : this.#undoing({ object: 'FIELD', table, name: field.path }),
      );
    });
  }
}

function windowsOf({ live, after: made, moved, moves }: PreparedPlan): ReadonlyMap<string, UndoWindow> {
  const names = new Map(moves.map(({ from, to }) => [to.name, from.name]));
  const going = new Set(moves.flatMap(({ to, copies }) => (copies ? [to.name] : [])));
  const windows = [...live.tables].flatMap(([name, before]) => {
    const after = made.tables.get(name);
    const window =
      after === undefined
        ? undefined
        : undoWindow(before, after, { names, made: going, columns: moved.get(name) ?? [] });
    return window === undefined ? [] : [[name, window] as const];
  });
  return new Map(windows);
}

/** What goes is gone, deepest first, before what stays is redefined, and parents come before what stands below them, as on the way there. */
function fieldsInOrder(undoings: readonly Undoing[]): readonly Undoing[] {
  const isField = ({ named }: Undoing): boolean => named.object === 'FIELD';
  const first = undoings.findIndex(isField);
  if (first < 0) return undoings;
  const rank = ({ named, removes }: Undoing): number => (removes ? -named.name.length : named.name.length);
  const fields = undoings.filter(isField).sort((a, b) => rank(a) - rank(b));
  return [...undoings.slice(0, first), ...fields, ...undoings.slice(first).filter((each) => !isField(each))];
}

/** What the first part takes away for the second one to make anew. */
function taken(step: PlannedStep, before: Definitions): readonly string[] {
  const named = nameOf(step.definition);
  const was = named === undefined ? undefined : before.get(keyOf(named));
  return was === undefined ? [] : [overwrite(was)];
}

function undoLate(late: readonly PlannedStep[], connection: SchemaConnection): readonly string[] {
  return [...late].reverse().flatMap(({ definition }) => {
    const named = nameOf(definition);
    return named === undefined ? [] : [connection.text([removal(named)])];
  });
}

function removal({ object, table, name }: ObjectName): DefinitionStatement {
  const on = table === '' || object === 'TABLE' ? {} : { table };
  return removeDefinition({ object, name, ...on, ifExists: true });
}

/** `DEFINE FIELD name …` → `DEFINE FIELD OVERWRITE name …` */
function overwrite(text: string): string {
  return text.replace(/^(\w+ \w+) /, '$1 OVERWRITE ');
}

const OBJECTS = {
  DefineTable: 'TABLE',
  DefineField: 'FIELD',
  DefineIndex: 'INDEX',
  DefineEvent: 'EVENT',
  DefineAnalyzer: 'ANALYZER',
  DefineAccess: 'ACCESS',
  DefineFunction: 'FUNCTION',
  DefineParam: 'PARAM',
  DefineSequence: 'SEQUENCE',
} as const;

function nameOf(definition: DefinitionStatement): ObjectName | undefined {
  switch (definition.kind) {
    case 'Remove':
      return { object: definition.object, table: definition.table ?? '', name: definition.name };
    case 'AlterTable':
    case 'DefineTable':
      return { object: 'TABLE', table: definition.name, name: definition.name };
    case 'DefineField':
      return { object: 'FIELD', table: definition.table, name: definition.path };
    case 'DefineIndex':
    case 'DefineEvent':
      return { object: OBJECTS[definition.kind], table: definition.table, name: definition.name };
    case 'DefineAnalyzer':
    case 'DefineAccess':
    case 'DefineFunction':
    case 'DefineParam':
    case 'DefineSequence':
      return { object: OBJECTS[definition.kind], table: '', name: definition.name };
  }
}

/** What belongs to the database, by the names of `INFO FOR DB`. */
const OF_DATABASE = [
  ['ANALYZER', 'analyzers'],
  ['ACCESS', 'accesses'],
  ['FUNCTION', 'functions'],
  ['PARAM', 'params'],
  ['SEQUENCE', 'sequences'],
] as const;

/** The server does not tell the keys of an access: what it prints would define another one. */
const isTold = (text: string): boolean => !text.includes('[REDACTED]');

function keyOf({ object, table, name }: ObjectName): string {
  return JSON.stringify([object, table, typeof name === 'string' ? name : pathKey(name)]);
}

type Texts = Readonly<Record<string, string>>;
type TableInfo = Readonly<Record<'fields' | 'indexes' | 'events', Texts>>;

async function readDefinitions(connection: SchemaConnection, plan: PreparedPlan): Promise<Definitions> {
  const tables = plan.tables.map((table) => subquery(info({ table })));
  const results = await connection.run(
    [letStatement('db', subquery(info('database'))), returnStatement(array([param('db'), array(tables)]))],
    'read',
  );
  const [database, infos] = valueOf(results, -1) as [Readonly<Record<string, Texts>>, readonly TableInfo[]];
  const found = new Map<string, string>();
  const note = (object: ObjectName['object'], table: string, texts: Texts | undefined) => {
    for (const [name, text] of Object.entries(texts ?? {})) {
      const owner = object === 'TABLE' ? name : table;
      found.set(keyOf({ object, table: owner, name: object === 'FIELD' ? parsePath(name) : name }), text);
    }
  };
  note('TABLE', '', database['tables']);
  for (const [object, kind] of OF_DATABASE) note(object, '', database[kind]);
  plan.tables.forEach((table, index) => {
    note('FIELD', table, infos[index]?.fields);
    note('INDEX', table, infos[index]?.indexes);
    note('EVENT', table, infos[index]?.events);
  });
  return found;
}
