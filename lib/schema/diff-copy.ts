import { removeDefinition } from '../surrealql/nodes/definitions.js';
import { binary, call, graph, not, or, path, value, type Expression } from '../surrealql/nodes/expressions.js';
import type { Change, Rewrite } from './change.js';
import { countWhere } from './count-records.js';
import { alterField, createField, pathsBelow, relinkOf, removeFields, renamedFrom } from './diff-fields.js';
import { diffIndexes } from './diff-indexes.js';
import { pathKey } from './field-path.js';
import type { TableModel } from './model.js';
import { sameKey } from './moved-links.js';
import { Renames } from './renames.js';
import type { TableMove } from './table-moves.js';
import { undeclared } from './violation.js';
import type { WantedField, WantedTable } from './wanted.js';
import { withoutReferences } from './without-references.js';

/**
 * A table that is made with the records of its old name in it. They are held against the new definitions where they stand now;
 * what a changed column needs is written to the copies.
 */
export function copyTable({ from, to }: TableMove, canonical: TableModel): readonly Change[] {
  const counted = countedIn(to, from);
  const renames = new Renames(counted, from);
  const fields = counted.fields.flatMap((field) => copyField(counted, field, canonical, from, renames));
  const gone = removeFields(counted, canonical, from, renames).flatMap(({ rewrite }) => rewrite ?? []);
  const rewrites = [...fields.flatMap(({ rewrite }) => rewrite ?? []), ...gone];
  const copy: Change = {
    kind: 'copyTable',
    table: to.name,
    source: from.name,
    definition: to.table,
    risk: 'rewrite',
    danger: { count: countWhere(from.name, or([hasEdges(), ...undeclaredKeys(counted, from)])), risk: 'narrowing' },
    rewrite: { kind: 'copy', from, rewrites },
  };
  const indexes = diffIndexes(counted, canonical, { ...from, indexes: new Map() }, new Set());
  return [
    copy,
    ...[...fields, ...indexes].map(({ rewrite: _rewrite, ...change }): Change => ({
      ...change,
      table: to.name,
      source: from.name,
    })),
    ...to.events.map((definition): Change => ({
      kind: 'createEvent',
      table: to.name,
      definition,
      risk: 'additive',
    })),
  ];
}

/** The field as it is made anew, with what the same change would do to records that stayed where they are. */
function copyField(
  counted: WantedTable,
  field: WantedField,
  canonical: TableModel,
  from: TableModel,
  renames: Renames,
): readonly Change[] {
  const { node, implied } = field;
  const target = canonical.fields.get(pathKey(node.path));
  if (implied || target === undefined) return [];
  const current = from.fields.get(pathKey(node.path));
  const { danger, rewrite } =
    current === undefined
      ? createField(counted, field, renames)
      : alterField(counted, field, target, current, pathsBelow(from, node.path));
  const noted = rewriteOf(field, isTakenOver(field) ? (renames.copyOf(field) ?? rewrite) : rewrite);
  return [
    {
      kind: 'createField',
      table: counted.name,
      definition: node,
      risk: 'additive',
      ...(danger !== undefined && { danger }),
      ...(noted !== undefined && { rewrite: noted }),
    },
  ];
}

/** What an old column holds is copied to records that have nothing under the new name; links are written in one way only. */
const isTakenOver = ({ node }: WantedField): boolean => node.reference === undefined;

/** The server notes no reference of what is copied before its field is there. */
function rewriteOf(field: WantedField, rewrite: Rewrite | undefined): Rewrite | undefined {
  const relink = relinkOf(field, undefined);
  if (relink === undefined || rewrite?.kind === 'backfill') return rewrite;
  return rewrite?.kind === 'retarget' ? { ...rewrite, relink } : relink;
}

/** What is counted is counted in the old table. Nobody who knows an old column reads the copies. */
function countedIn(to: WantedTable, from: TableModel): WantedTable {
  const fields = to.fields.map((field) => (field.keepsOld === true ? { ...field, keepsOld: false } : field));
  return { ...to, name: from.name, fields };
}

function undeclaredKeys(counted: WantedTable, from: TableModel): readonly Expression[] {
  if (!counted.table.schemafull || from.definition.schemafull) return [];
  const leaving = [...from.fields.values()].map((field) => field.path);
  return [undeclared(counted, leaving)];
}

/**
 * The old table goes. Records that have no counterpart lose everything, and others what no column of the new table has taken
 * over; edges are of the old record alone.
 */
export function removeTable({ from, to, copies }: TableMove, canonical: TableModel): Change {
  const counted = countedIn(to, from);
  const gone = removeFields(counted, canonical, from, new Renames(counted, from));
  const held = gone.flatMap(({ danger, rewrite }) => {
    const field = rewrite?.kind === 'unset' ? renamedFrom(counted, rewrite.path) : undefined;
    return field !== undefined && isTakenOver(field) ? [] : (danger?.count.where ?? []);
  });
  const left = not(call('record::exists', sameKey(path('id'), to.name)));
  return {
    kind: 'removeTable',
    table: from.name,
    definition: removeDefinition({ object: 'TABLE', name: from.name, ifExists: true }),
    farewell: withoutReferences(from),
    risk: 'destructive',
    danger: { count: countWhere(from.name, or([...(copies ? [] : [left]), hasEdges(), ...held])), risk: 'destructive' },
  };
}

/** Edges lead to the record that they were made for, and to no copy of it. */
function hasEdges(): Expression {
  const edges = (['->', '<-'] as const).map((arrow) => graph([{ arrow, tables: [] }]));
  return or(edges.map((each) => binary(call('array::len', each), '>', value(0))));
}
