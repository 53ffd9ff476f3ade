import { defineField } from '../surrealql/nodes/definitions.js';
import type { Statement } from '../surrealql/nodes/statements.js';
import { readLive, readSchemas, type SchemaReading } from './canonicalise.js';
import type { Change, Rewrite } from './change.js';
import { diffSchemas } from './differ.js';
import { refuseUnknownAnalyzers } from './known-analyzers.js';
import type { SchemaModel, TableModel } from './model.js';
import type { PlannedStep, PreparedPlan } from './plan.js';
import { countRecords, type CountedChange } from './preflight.js';
import type { SchemaConnection } from './requests.js';
import { refuseEdgeTables } from './refuse-edge-tables.js';
import { RewriteWindow } from './rewrite-window.js';
import { withMoves } from './table-moves.js';
import { movedByTable } from './undo-copies.js';
import { namesToRead, type WantedSchema } from './wanted.js';

/** For which records: those that are stored here, or whichever another database may hold. */
export type PlanRecords = 'stored' | 'any';

/** What leads from the live schema to the wanted one: one request where they agree, a second one that counts records elsewhere. */
export async function preparePlan(
  connection: SchemaConnection,
  wanted: WantedSchema,
  canonical: SchemaModel | undefined,
  records: PlanRecords = 'stored',
): Promise<PreparedPlan> {
  const read =
    canonical === undefined
      ? await readSchemas(connection, wanted)
      : { ...(await readLive(connection, wanted)), wanted: canonical };
  refuseUnknownAnalyzers(wanted, read.state);
  const moved = withMoves(wanted, read);
  refuseEdgeTables(moved);
  const { reading } = moved;
  const counted = await countRecords(connection, diffSchemas(moved));
  const known = records === 'any' ? counted.map((each) => writesAny(each, reading)) : counted;
  const steps = new StepWriter(connection, moved.wanted, reading, known).steps();
  return Object.freeze({
    steps,
    canonical: read.wanted,
    after: reading.wanted,
    live: reading.live,
    moved: movedByTable(wanted, reading),
    state: reading.state,
    moves: moved.moves,
    tables: Object.freeze(namesToRead(wanted)),
  });
}

type Shown = Pick<PlannedStep, 'kind' | 'risk' | 'affected'>;

/** Orders changes and writes their statements. */
class StepWriter {
  readonly #connection: SchemaConnection;
  readonly #counted: readonly CountedChange[];
  readonly #windows: ReadonlyMap<string, RewriteWindow>;
  readonly #views: ReadonlySet<string>;

  constructor(
    connection: SchemaConnection,
    wanted: WantedSchema,
    reading: SchemaReading,
    counted: readonly CountedChange[],
  ) {
    this.#connection = connection;
    this.#counted = counted;
    this.#windows = windowsOf(wanted, reading, counted);
    this.#views = new Set(wanted.tables.flatMap((each) => (each.table.as === undefined ? [] : [each.name])));
  }

  steps(): readonly PlannedStep[] {
    const before = this.#phase((phase) => phase < REWRITE);
    const after = this.#phase((phase) => phase > REWRITE);
    return Object.freeze([...before, ...this.#rewrites(), ...after]);
  }

  #phase(wanted: (phase: number) => boolean): readonly PlannedStep[] {
    return this.#counted
      .filter((each) => !isWhole(each))
      .map((counted) => ({ counted, phase: phaseOf(counted.change, this.#views) }))
      .filter(({ phase }) => wanted(phase))
      .sort((a, b) => a.phase - b.phase)
      .map(({ counted }) => this.#definition(counted));
  }

  #definition({ change, endangered }: CountedChange): PlannedStep {
    const { definition, danger } = change;
    const field = definition.kind === 'DefineField' ? definition : undefined;
    const relaxed = field !== undefined && this.#windows.get(change.table)?.relaxes(field.path) === true;
    const statement = field !== undefined && relaxed ? defineField({ ...field, exists: 'overwrite' }) : definition;
    const removal = [...(change.farewell ?? []), ...(change.removal === undefined ? [] : [change.removal])];
    const shown = {
      kind: change.kind,
      risk: endangered > 0 && danger !== undefined ? danger.risk : change.risk,
      affected: endangered,
    };
    const step = this.#step(change, [...removal, statement], shown);
    return this.#isLate(change) ? Object.freeze({ ...step, early: removal, statements: [], late: true }) : step;
  }

  /** Also an index over records that the plan writes: it is built from what is committed. */
  #isLate({ late, kind, table }: Change): boolean {
    return late === true || ((kind === 'createIndex' || kind === 'alterIndex') && this.#windows.has(table));
  }

  /** Table by table: the window is opened by the first step and closed by the last. */
  #rewrites(): readonly PlannedStep[] {
    return [...this.#windows].flatMap(([table, window]) => {
      const rankOf = ({ change }: CountedChange): number => window.rankOf(change.rewrite as Rewrite);
      const counted = this.#counted
        .filter((each) => each.change.table === table && isRewritten(each))
        .sort((a, b) => rankOf(a) - rankOf(b));
      return counted.map((each, index) => {
        const open = index === 0 ? window.open() : [];
        const close = index === counted.length - 1 ? window.close() : [];
        return this.#rewrite(each, [...open, ...window.write(each.change.rewrite as Rewrite)], close);
      });
    });
  }

  #rewrite(counted: CountedChange, statements: readonly Statement[], close: readonly Statement[]): PlannedStep {
    const { change, endangered, rewritten } = counted;
    if (isWhole(counted)) {
      const { kind, risk, danger } = change;
      if (change.rewrite?.kind === 'copy') return this.#step(change, [...statements, ...close], shownCopy(counted));
      const isHarmful = danger !== undefined && endangered > 0;
      const shown = isHarmful ? { kind, risk: danger.risk, affected: endangered } : { kind, risk, affected: rewritten };
      return this.#step(change, [...statements, change.definition, ...close], shown);
    }
    const kind = change.rewrite?.kind === 'backfill' ? 'backfill' : 'relink';
    const { danger: _danger, ...harmless } = change;
    return this.#step(harmless, [...statements, ...close], { kind, risk: 'rewrite', affected: rewritten });
  }

  #step(change: Change, statements: readonly Statement[], shown: Shown): PlannedStep {
    return Object.freeze({
      statement: this.#connection.text(statements),
      ...shown,
      table: change.table,
      early: [],
      statements: Object.freeze(statements),
      definition: change.definition,
      ...(change.danger !== undefined && { guard: change.danger.count }),
      late: false,
    });
  }
}

/** How many records are copied, or how many stand in the way of it. */
function shownCopy({ change: { kind, risk, danger }, endangered, rewritten }: CountedChange): Shown {
  return endangered > 0 && danger !== undefined
    ? { kind, risk: danger.risk, affected: endangered }
    : { kind, risk, affected: rewritten };
}

/** What is written for other databases too: they may hold records that are not stored here. */
function writesAny(counted: CountedChange, { live }: SchemaReading): CountedChange {
  const { table, rewrite } = counted.change;
  return rewrite === undefined || !live.tables.has(table) ? counted : { ...counted, writes: true };
}

/** A table is made by its copy, whether there is anything to copy or not. */
const isRewritten = ({ change, rewritten, writes = rewritten > 0 }: CountedChange): boolean =>
  writes || change.rewrite?.kind === 'copy';
/** Data that comes or goes with what holds it: one step does both. */
const isWhole = (counted: CountedChange): boolean =>
  isRewritten(counted) && (counted.change.rewrite?.kind === 'unset' || counted.change.rewrite?.kind === 'copy');

function windowsOf(
  wanted: WantedSchema,
  reading: SchemaReading,
  counted: readonly CountedChange[],
): ReadonlyMap<string, RewriteWindow> {
  const windows = wanted.tables.flatMap((table) => {
    const own = counted.filter((each) => each.change.table === table.name);
    const rewrites = own.filter(isRewritten).map((each) => each.change.rewrite as Rewrite);
    if (rewrites.length === 0) return [];
    const live = reading.live.tables.get(table.name) ?? emptyTable(reading.wanted.tables.get(table.name) as TableModel);
    return [
      [
        table.name,
        new RewriteWindow(
          table,
          live,
          own.map((each) => each.change),
          rewrites,
        ),
      ] as const,
    ];
  });
  return new Map(windows);
}

/** Nothing is in the way of what is written to a table that the plan makes. */
function emptyTable({ name, definition }: TableModel): TableModel {
  const open = { ...definition, schemafull: false };
  return Object.freeze({ name, definition: open, fields: new Map(), indexes: new Map(), events: new Map() });
}

const REWRITE = 3;

/**
 * What belongs to the database first: fields may speak of it. Tables before fields, fields before the indexes over them, views when all they read is there. What goes is gone before what
 * stays is redefined, because the server compares a field with those around it; a table is what it is to be before its fields
 * are, because only one that is SCHEMAFULL takes FLEXIBLE. Events come last: nothing that is written on the way sets them off.
 */
function phaseOf({ kind, table }: Change, views: ReadonlySet<string>): number {
  const isView = views.has(table);
  switch (kind) {
    case 'createFunction':
    case 'alterFunction':
    case 'createParam':
    case 'alterParam':
    case 'createSequence':
    case 'alterSequence':
    case 'createAnalyzer':
    case 'alterAnalyzer':
      return 0;
    case 'createTable':
      return isView ? 8 : 1;
    case 'removeIndex':
      return 2;
    case 'backfill':
    case 'copyTable':
    case 'relink':
    case 'unset':
      return REWRITE;
    case 'removeField':
      return 4;
    case 'alterTable':
      return isView ? 8 : 5;
    case 'createField':
    case 'alterField':
      return 6;
    case 'createIndex':
    case 'alterIndex':
      return isView ? 9 : 7;
    case 'createEvent':
    case 'alterEvent':
    case 'removeEvent':
      return 10;
    case 'createAccess':
    case 'alterAccess':
      return 11;
    case 'removeTable':
      return 12;
  }
}
