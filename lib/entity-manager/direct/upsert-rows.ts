import type { Row } from '../../entity/row.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { QueryContext } from '../../query/index.js';
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
import { exists, id, mapRows, row } from '../../unit-of-work/flush-statements.js';
import { raisedVersion } from '../../unit-of-work/next-version.js';
import { NONE, type RecordId } from '../../values/index.js';
import { barredIf, barring } from './barred.js';
import type { DirectWrite } from './direct-write.js';

export interface UpsertRow {
  /** Of the record, or of the one to be made where none has the key. */
  readonly id: RecordId;
  readonly content: Row;
  /** Values of the key's columns. */
  readonly key: readonly unknown[];
  /** What an existing record is given. */
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

export interface UpsertForm {
  /** The columns that tell which record is meant; none for the id. */
  readonly key: readonly string[];
  readonly query: QueryContext;
  /** PERMISSIONS hold for whoever writes. */
  readonly judged: boolean;
}

/** An upsert and the way to read its answer. */
export interface UpsertWrite extends DirectWrite {
  inOrder(answer: unknown): readonly unknown[];
}

/**
 * Which record is meant is found before anything is written, because a transaction finds its own writes without their id.
 * `UPSERT` itself would see no old values, and `INSERT … ON DUPLICATE KEY` takes a conflict of any index for the one meant.
 */
export function upsertRows(
  meta: EntityMetadata,
  rows: readonly UpsertRow[],
  { key, query, judged }: UpsertForm,
): UpsertWrite {
  const groups = [...groupByColumns(rows).values()];
  const found = groups.map((members, g) =>
    letStatement(
      `u${g}`,
      foundRows(
        meta,
        members.map((index) => rows[index] as UpsertRow),
        key,
        query,
      ),
    ),
  );
  const written = groups.flatMap((members, g) =>
    writeGroup(meta, g, (rows[members[0] as number] as UpsertRow).columns),
  );
  return {
    meta,
    statements: (number) => [
      ...found,
      ...written,
      ...(judged ? groups.map((_, g) => barredIfNothing(`w${g}`, number)) : []),
    ],
    ...(judged && { refusals: barring(meta, 'write') }),
    answer: array(groups.map((_, g) => param(`w${g}`))),
    inOrder(answer) {
      const ordered: unknown[] = [];
      for (const [g, members] of groups.entries())
        for (const [place, index] of members.entries()) ordered[index] = (answer as unknown[][])[g]?.[place];
      return ordered;
    },
  };
}

/** Places of rows that set the same columns: one statement form each. */
function groupByColumns(rows: readonly UpsertRow[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, { columns }] of rows.entries()) {
    const signature = JSON.stringify(columns);
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, [index]);
    else group.push(index);
  }
  return groups;
}

function foundRows(
  meta: EntityMetadata,
  rows: readonly UpsertRow[],
  key: readonly string[],
  query: QueryContext,
): Expression {
  const sent = rows.map(({ id: i, content: d, values: v, key: k }) => ({ i, d, v, ...(key.length > 0 && { k }) }));
  if (key.length === 0) return value(sent);
  const names = key.map((_, k) => `k${k}`);
  // A unique index of a table with soft delete knows live records only.
  const scope = query.scope?.(meta);
  const shown = scope === undefined ? [] : [scope];
  const same = select({
    value: path('id'),
    from: [table(meta.table)],
    where: and([...key.map((column, k) => binary(path(column), '=', param(names[k] as string))), ...shown]),
    // An index finds what its own transaction has written without the id.
    ...(query.ownWrites === true && { withIndex: [] }),
  });
  const meant = binary(pathOf(subquery(same), 0), '??', pathOf(row, 'i'));
  return mapRows(sent, [
    ...names.map((name, k) => letStatement(name, pathOf(row, 'k', k))),
    letStatement('i', meant),
    returnStatement(call('object::extend', row, object([['i', id]]))),
  ]);
}

function writeGroup(meta: EntityMetadata, group: number, columns: readonly string[]): Statement[] {
  const assignments = [
    ...columns.map((column, k) => ({ target: path(column), operator: '=' as const, value: pathOf(row, 'v', k) })),
    ...raisedVersion(meta),
  ];
  const changed = update({
    only: true,
    target: id,
    ...(assignments.length > 0 && { data: { kind: 'set', assignments } }),
    returns: 'after',
  });
  const made = create({
    only: true,
    target: id,
    data: { kind: 'content', data: pathOf(row, 'd') },
    returns: 'after',
  });
  const either = iff(
    binary(exists, '!=', value(NONE)),
    block([returnStatement(subquery(changed))]),
    block([returnStatement(subquery(made))]),
  );
  const name = `w${group}`;
  const body = block([letStatement('i', pathOf(row, 'i')), returnStatement(either)]);
  const write = letStatement(name, call('array::map', param(`u${group}`), closure(['r'], body)));
  return meta.events.length === 0 ? [write] : [write, letStatement(name, readAgain(name))];
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
