import type { Row } from '../../entity/row.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { timeoutClause, type QueryContext } from '../../query/index.js';
import {
  and,
  array,
  binary,
  block,
  call,
  create,
  iff,
  letStatement,
  object,
  param,
  path,
  pathOf,
  relate,
  returnStatement,
  select,
  subquery,
  table,
  update,
  value,
  closure,
  type Expression,
  type Statement,
} from '../../surrealql/nodes/index.js';
import type { CreateChangeSet } from '../../unit-of-work/change-set.js';
import { exists, id, mapRows, row } from '../../unit-of-work/flush-statements.js';
import { raisedVersion } from '../../unit-of-work/next-version.js';
import { NONE, type RecordId } from '../../values/index.js';
import { barredIf, barring } from './barred.js';
import type { DirectWrite } from './direct-write.js';

/** Columns under a unique index, and the values that tell which record is meant. */
export interface UpsertKey {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

export interface UpsertRow {
  /** Of the record, or of the one to be made where none is meant. */
  readonly id: RecordId;
  readonly content: Row;
  /** Asked one after the other for a record that holds their values, where there is none of the id. */
  readonly keys: readonly UpsertKey[];
  /** What an existing record is given. */
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

export interface UpsertForm {
  readonly answersRows: boolean;
  readonly query: QueryContext;
  /** PERMISSIONS hold for whoever writes. */
  readonly judged: boolean;
  /** Milliseconds that each statement may take. */
  readonly timeout?: number | undefined;
}

/** An upsert and the way to read its answer. */
export interface UpsertWrite extends DirectWrite {
  inOrder(answer: unknown): readonly unknown[];
}

/** What a row is sent as: what it names is given to a record that exists, but for what tells which one is meant. */
export function rowToWrite(
  { id, content, given = [] }: CreateChangeSet,
  keys: readonly UpsertKey[],
  kept: readonly string[],
): UpsertRow {
  const columns = given.filter((column) => column !== 'id' && !kept.includes(column));
  return { id, content, keys, columns, values: columns.map((column) => (column in content ? content[column] : NONE)) };
}

/**
 * Which record is meant is found before anything is written, because a transaction finds its own writes without their id.
 * `UPSERT` itself would see no old values, and `INSERT … ON DUPLICATE KEY` takes a record's own unique value for a conflict, and
 * gives what exists the defaults of a new record.
 */
export function upsertRows(meta: EntityMetadata, rows: readonly UpsertRow[], form: UpsertForm): UpsertWrite {
  const groups = groupsOf(rows);
  const membersOf = (group: readonly number[]) => group.map((index) => rows[index] as UpsertRow);
  const found = groups.map((group, g) => letStatement(`u${g}`, foundRows(meta, membersOf(group), form)));
  const written = groups.flatMap((group, g) => writeGroup(meta, g, (membersOf(group)[0] as UpsertRow).columns, form));
  return {
    meta,
    statements: (number) => [
      ...found,
      ...written,
      ...(form.judged ? groups.map((_, g) => barredIfNothing(`w${g}`, number)) : []),
    ],
    ...(form.judged && { refusals: barring(meta, 'write') }),
    answer: array(groups.map((_, g) => param(`w${g}`))),
    inOrder(answer) {
      const ordered: unknown[] = [];
      for (const [g, group] of groups.entries())
        for (const [place, index] of group.entries()) ordered[index] = (answer as unknown[][])[g]?.[place];
      return ordered;
    },
  };
}

/** Places of rows that set the same columns and are found by the same keys: one statement form each. */
function groupsOf(rows: readonly UpsertRow[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  const bySignature = new Map<string, number[]>();
  // Of rows that are one record the last has to win: then only neighbours are written together.
  const inTurn = new Set(rows.map(({ id }) => String(id))).size < rows.length;
  for (const [index, row] of rows.entries()) {
    const signature = JSON.stringify([row.columns, row.keys.map(({ columns }) => columns)]);
    let group = bySignature.get(signature);
    if (group === undefined) {
      if (inTurn) bySignature.clear();
      groups.push((group = []));
      bySignature.set(signature, group);
    }
    group.push(index);
  }
  return groups;
}

function foundRows(meta: EntityMetadata, rows: readonly UpsertRow[], { query }: UpsertForm): Expression {
  const keys = (rows[0] as UpsertRow).keys;
  const sent = rows.map(({ id: i, content: d, values: v, keys: k }) => ({
    i,
    d,
    v,
    ...(k.length > 0 && { k: k.map(({ values }) => values) }),
  }));
  if (keys.length === 0) return value(sent);
  const named = keys.flatMap(({ columns }, k) => columns.map((column, c) => ({ column, k, c, name: `k${k}_${c}` })));
  const same = keys.map((_, k) =>
    sameValues(
      meta,
      named.filter((each) => each.k === k),
      query,
    ),
  );
  const sameId = select({ value: path('id'), from: [param('g')] });
  const byKeys = [...same.map((found) => pathOf(subquery(found), 0)), pathOf(row, 'i')];
  const meant = byKeys.reduce<Expression>((first, next) => binary(first, '??', next), pathOf(subquery(sameId), 0));
  return mapRows(sent, [
    ...named.map(({ k, c, name }) => letStatement(name, pathOf(row, 'k', k, c))),
    letStatement('g', pathOf(row, 'i')),
    letStatement('i', meant),
    returnStatement(call('object::extend', row, object([['i', id]]))),
  ]);
}

function sameValues(
  meta: EntityMetadata,
  key: readonly { readonly column: string; readonly name: string }[],
  query: QueryContext,
): Statement {
  // A unique index of a table with soft delete knows live records only.
  const scope = query.scope?.(meta);
  const shown = scope === undefined ? [] : [scope];
  return select({
    value: path('id'),
    from: [table(meta.table)],
    where: and([...key.map(({ column, name }) => binary(path(...column.split('.')), '=', param(name))), ...shown]),
    // An index finds what its own transaction has written without the id.
    ...(query.ownWrites === true && { withIndex: [] }),
  });
}

function writeGroup(meta: EntityMetadata, group: number, columns: readonly string[], form: UpsertForm): Statement[] {
  const assignments = [
    ...columns.map((column, k) => ({ target: path(column), operator: '=' as const, value: pathOf(row, 'v', k) })),
    ...raisedVersion(meta),
  ];
  // A refusal is seen by what is not answered.
  const returns = form.answersRows || form.judged ? 'after' : 'none';
  const timeout = timeoutClause(form.timeout);
  const changed = update({
    only: true,
    target: id,
    ...(assignments.length > 0 && { data: { kind: 'set', assignments } }),
    returns,
    ...timeout,
  });
  const content = { data: { kind: 'content', data: pathOf(row, 'd') }, returns, ...timeout } as const;
  const isEdge = meta.type === 'relation';
  const made = isEdge
    ? relate({ only: true, from: param('f'), edge: id, to: param('t'), ...content })
    : create({ only: true, target: id, ...content });
  const ends = isEdge ? [letStatement('f', pathOf(row, 'd', 'in')), letStatement('t', pathOf(row, 'd', 'out'))] : [];
  const either = iff(
    binary(exists, '!=', value(NONE)),
    block([returnStatement(subquery(changed))]),
    block([returnStatement(subquery(made))]),
  );
  const name = `w${group}`;
  const body = block([letStatement('i', pathOf(row, 'i')), ...ends, returnStatement(either)]);
  const write = letStatement(name, call('array::map', param(`u${group}`), closure(['r'], body)));
  return meta.events.length === 0 || !form.answersRows ? [write] : [write, letStatement(name, readAgain(name))];
}

/** A record that was neither made nor changed. */
function barredIfNothing(name: string, number: number): Statement {
  return barredIf(binary(param(name), 'CONTAINS', value(NONE)), number);
}

/** What the table's events have changed is seen by reading again; a transaction reads its own rows without their id. */
export function readAgain(name: string): Expression {
  const again = subquery(select({ only: true, from: [id] }));
  const body = block([
    letStatement('i', pathOf(row, 'id')),
    returnStatement(call('object::extend', again, object([['id', id]]))),
  ]);
  return call('array::map', param(name), closure(['r'], body));
}
