import { NotUniqueResultError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { timeoutClause } from '../../query/index.js';
import {
  and,
  array,
  binary,
  block,
  call,
  evaluate,
  graph,
  iff,
  letStatement,
  object,
  or,
  param,
  path,
  pathOf,
  relate,
  remove,
  select,
  subquery,
  throwStatement,
  update,
  value,
  type Assignment,
  type Expression,
  type Statement,
} from '../../surrealql/nodes/index.js';
import type { CreateChangeSet } from '../../unit-of-work/change-set.js';
import { exists, id } from '../../unit-of-work/flush-statements.js';
import { taken } from '../../unit-of-work/explain-failure.js';
import { softDeletion } from '../../unit-of-work/soft-delete.js';
import { raisedVersion } from '../../unit-of-work/next-version.js';
import { NONE, type RecordId } from '../../values/index.js';
import { barredIf, barredUnlessAll, barring } from './barred.js';
import { columnValue, hasValue } from './column-value.js';
import { EXISTS, SEVERAL, type DirectWrite } from './direct-write.js';
import type { EdgeEnds } from './edge-ends.js';

const from = param('f');
const to = param('t');
const found = param('found');

export interface RelateForm {
  readonly set: CreateChangeSet;
  readonly ends: EdgeEnds;
  readonly onConflict: 'ignore' | 'update';
  /** What an edge that exists is given. */
  readonly changes: readonly Assignment[];
  /** The id was given: an edge with another one is not the same. */
  readonly named: boolean;
  /** PERMISSIONS hold for whoever writes. */
  readonly judged: boolean;
  /** Milliseconds that its writing statement may take. */
  readonly timeout?: number | undefined;
}

/** An edge between two records, unless there is one: that is left as it is or changed. Found from its start, not in the table. */
export function relateOnce(meta: EntityMetadata, form: RelateForm): DirectWrite {
  return {
    meta,
    inBlock: true,
    refusals: {
      [EXISTS]: (cause) => taken(form.set, cause),
      [SEVERAL]: (cause) => several(meta, form.ends, cause),
      ...(form.judged && barring(meta, 'write')),
    },
    answer: object([
      ['id', id],
      ['row', param('row')],
    ]),
    statements: (number) => [
      ...endStatements(form.ends),
      letStatement('found', sameEdges(meta, form)),
      ...(form.onConflict === 'update' ? [throwIf(binary(count(found), '>', value(1)), SEVERAL, number)] : []),
      letStatement('i', binary(pathOf(found, 0), '??', value(form.set.id))),
      letStatement('row', madeOr(keptOrChanged(meta, form), form, number)),
      ...(form.judged ? [barredIf(binary(param('row'), '=', value(NONE)), number)] : []),
      // What the table's events have changed is seen by reading again.
      ...(meta.events.length > 0 ? [letStatement('row', rowOf(id))] : []),
    ],
  };
}

/** Every edge from one record to another. */
export function unrelateBetween(meta: EntityMetadata, ends: EdgeEnds, judged: boolean): DirectWrite {
  return deleteFound([meta], [...endStatements(ends), letStatement('found', between(meta))], judged);
}

/** Every edge of a record, of these tables, on one side or on both. */
export function unrelateFrom(
  edges: readonly [EntityMetadata, ...EntityMetadata[]],
  node: RecordId,
  direction: 'in' | 'out' | 'both',
  judged: boolean,
): DirectWrite {
  const tables = edges.map(({ table }) => table);
  const walk = (arrow: '->' | '<-'): Expression => graph([{ arrow, tables }], from);
  const all =
    direction === 'both'
      ? // An edge from a record to itself is met twice.
        call('array::distinct', call('array::concat', walk('->'), walk('<-')))
      : walk(direction === 'out' ? '->' : '<-');
  return deleteFound(edges, [letStatement('f', value(node)), letStatement('found', all)], judged);
}

function deleteFound(
  [meta, ...others]: readonly [EntityMetadata, ...EntityMetadata[]],
  finding: readonly Statement[],
  judged: boolean,
): DirectWrite {
  const all = [meta, ...others];
  const isSoft = all.some(({ softDelete }) => softDelete !== undefined);
  const gone = { kind: 'Delete', target: found, returns: 'before' } as const;
  return {
    meta,
    others,
    inBlock: true,
    answer: object([
      ['ids', found],
      ['gone', param('gone')],
    ]),
    ...(judged && { refusals: barring(meta, 'delete') }),
    statements: (number) => [
      ...finding,
      ...(isSoft ? deleteByTable(all) : [letStatement('gone', subquery(gone))]),
      ...(judged ? [barredUnlessAll(found, param('gone'), number)] : []),
    ],
  };
}

/** Each table's edges in its own way: for good, or softly and then only those that are live. */
function deleteByTable(metas: readonly EntityMetadata[]): Statement[] {
  const names = metas.map((_, k) => ({ ids: `found${k}`, rows: `gone${k}` }));
  const each = metas.flatMap((meta, k): Statement[] => {
    const { ids, rows } = names[k] as (typeof names)[number];
    const own = and([binary(call('record::tb', path('id')), '=', value(meta.table)), ...isLive(meta)]);
    const form = { target: param(ids), returns: 'before' } as const;
    const write =
      meta.softDelete === undefined
        ? remove(form)
        : update({ ...form, data: { kind: 'set', assignments: softDeletion(meta.softDelete) } });
    return [letStatement(ids, pathOf(found, { where: own })), letStatement(rows, subquery(write))];
  });
  const joined = (part: 'ids' | 'rows'): Expression =>
    call('array::flatten', array(names.map((name) => param(name[part]))));
  return [...each, letStatement('found', joined('ids')), letStatement('gone', joined('rows'))];
}

function several(meta: EntityMetadata, { from, to }: EdgeEnds, cause: unknown): NotUniqueResultError {
  return new NotUniqueResultError({
    what: `Several ${meta.className} lead from ${String(from)} to ${String(to)}`,
    why: "with onConflict: 'update' one of them is changed, and nothing tells which",
    fix: [
      'give the id of the edge in its data',
      `let there be one only: @Index({ fields: ['in', 'out'], unique: true })`,
      `change all of them: em.updateWhere(${meta.className}, { in, out }, …)`,
    ],
    cause,
  });
}

function endStatements(ends: EdgeEnds): Statement[] {
  return [letStatement('f', value(ends.from)), letStatement('t', value(ends.to))];
}

/** What was deleted softly joins nothing. */
function isLive({ softDelete }: EntityMetadata): Expression[] {
  return softDelete === undefined ? [] : [binary(path(softDelete.column), '=', value(NONE))];
}

function between(meta: EntityMetadata, conditions: readonly Expression[] = []): Expression {
  const where = and([binary(path('out'), '=', to), ...isLive(meta), ...conditions]);
  return pathOf(graph([{ arrow: '->', tables: [meta.table] }], from), { where });
}

/** The edges that a new one would meet: between the same records, and of the same values where a unique index says which. */
function sameEdges(meta: EntityMetadata, { set, named }: RelateForm): Expression {
  if (named) return call('array::intersect', between(meta), value([set.id]));
  const keys = keysBeside(meta);
  // Over the ends alone, or no index at all: whatever leads there is the same.
  if (keys.length === 0 || keys.some((columns) => columns.length === 0)) return between(meta);
  // Under a unique index rows without a value never meet.
  const meeting = keys.filter((columns) => columns.every((column) => hasValue(set.content, column)));
  if (meeting.length === 0) return value([]);
  return between(meta, [or(meeting.map((columns) => sameValues(columns, set)))]);
}

/** Of each unique index over both ends the other columns. */
function keysBeside(meta: EntityMetadata): (readonly string[])[] {
  return meta.indexes
    .filter(({ unique, where, columns }) => {
      return unique === true && where === undefined && columns.includes('in') && columns.includes('out');
    })
    .map(({ columns }) => columns.filter((column) => column !== 'in' && column !== 'out'));
}

function sameValues(columns: readonly string[], { content }: CreateChangeSet): Expression {
  return and(columns.map((column) => binary(path(...column.split('.')), '=', value(columnValue(content, column)))));
}

function keptOrChanged(meta: EntityMetadata, { onConflict, changes, timeout }: RelateForm): Expression {
  if (onConflict === 'ignore' || changes.length === 0) return rowOf(id);
  const assignments = [...changes, ...raisedVersion(meta)];
  const data = { kind: 'set', assignments } as const;
  return subquery(update({ only: true, target: id, data, returns: 'after', ...timeoutClause(timeout) }));
}

/** No RETURN in the branches: it would leave the block around them. */
function madeOr(existing: Expression, { set, timeout }: RelateForm, number: number): Expression {
  const { in: _in, out: _out, ...data } = set.content;
  const made = relate({
    only: true,
    from,
    edge: id,
    to,
    data: { kind: 'content', data: value(data) },
    returns: 'after',
    ...timeoutClause(timeout),
  });
  return iff(
    binary(count(found), '>', value(0)),
    block([evaluate(existing)]),
    block([throwIf(binary(exists, '!=', value(NONE)), EXISTS, number), evaluate(subquery(made))]),
  );
}

function rowOf(record: Expression): Expression {
  return subquery(select({ only: true, from: [record] }));
}

function throwIf(condition: Expression, verdict: string, number: number): Statement {
  return evaluate(iff(condition, block([throwStatement(value(`${verdict}${number}`))])));
}

function count(list: Expression): Expression {
  return call('array::len', list);
}
