import type { Row } from '../entity/row.js';
import {
  and,
  binary,
  block,
  call,
  closure,
  create,
  evaluate,
  forEach,
  iff,
  letStatement,
  or,
  param,
  path,
  pathOf,
  relate,
  remove,
  returnStatement,
  select,
  subquery,
  throwStatement,
  update,
  value,
  type Expression,
  type Statement,
} from '../surrealql/nodes/index.js';
import { NONE, type RecordId } from '../values/index.js';
import type { ColumnAssignment, CreateChangeSet, DeleteChangeSet, GuardCheck, UpdateChangeSet } from './change-set.js';
import { raisedVersion } from './next-version.js';
import { DENIED, GONE, NO_OBJECT, STALE, TAKEN, type Verdict } from './verdicts.js';

/**
 * The statement forms of a flush. A closure over the rows (`array::map`) gives the rows back in the order sent, each in
 * the server's own form; guards stand in IF because `UPDATE … WHERE` returns no COMPUTED fields. `FROM`, `RELATE` and
 * `UPDATE` take variables, never property paths, hence the `LET`s.
 */
export const row = param('r');
export const id = param('i');

/** NONE where there is no such record. `record::exists` does not know what an interactive transaction has itself written (3.0.2). */
export const exists: Expression = subquery(select({ only: true, value: value(true), from: [id] }));

/** The statement before has answered nothing. */
const isNothing = binary(param('o'), '=', value(NONE));

interface RowParameter {
  /** Number of the change set, for the text of a THROW. */
  readonly n: number;
  readonly i: RecordId;
  readonly d?: Row;
  readonly g?: Row;
}

export function createRecords(
  sets: readonly CreateChangeSet[],
  first: number,
  answersRows: boolean,
  judged = false,
  timeout?: Expression,
): Expression {
  const rows = sets.map((set, k): RowParameter => ({ n: first + k, i: set.id, d: set.content }));
  const made = create({
    only: true,
    target: id,
    data: { kind: 'content', data: pathOf(row, 'd') },
    returns: madeAs(answersRows, judged),
    ...(timeout !== undefined && { timeout }),
  });
  return mapRows(rows, [letStatement('i', pathOf(row, 'i')), ...answerMade(made, judged)]);
}

/** `RELATE` overwrites an edge whose id exists; the guard makes it the error that a new record is. */
export function createEdges(
  sets: readonly CreateChangeSet[],
  first: number,
  answersRows: boolean,
  judged = false,
  timeout?: Expression,
): Expression {
  const rows = sets.map((set, k) => {
    const { in: from, out: to, ...data } = set.content;
    return { n: first + k, i: set.id, f: from, t: to, d: data };
  });
  const made = relate({
    only: true,
    from: param('f'),
    edge: id,
    to: param('t'),
    data: { kind: 'content', data: pathOf(row, 'd') },
    returns: madeAs(answersRows, judged),
    ...(timeout !== undefined && { timeout }),
  });
  return mapRows(rows, [
    letStatement('i', pathOf(row, 'i')),
    letStatement('f', pathOf(row, 'f')),
    letStatement('t', pathOf(row, 't')),
    throwIf(binary(exists, '!=', value(NONE)), TAKEN),
    ...answerMade(made, judged),
  ]);
}

export function updateRecords(
  sets: readonly UpdateChangeSet[],
  first: number,
  answersRows: boolean,
  judged = false,
): Expression {
  const sample = sets[0] as UpdateChangeSet;
  const guarded = Object.keys(sample.guard);
  const rows = sets.map((set, k) => ({
    n: first + k,
    i: set.id,
    d: set.assignments.flatMap(({ value: whole, parts }) => parts?.map((part) => part.value) ?? [whole]),
    ...(guarded.length > 0 && { g: set.guard }),
  }));
  const changed = update({
    only: true,
    target: id,
    data: {
      kind: 'set',
      assignments: [
        ...targetsOf(sample).map(({ target, operator, expression }, k) => ({
          target,
          operator,
          value: expression ?? pathOf(row, 'd', k),
        })),
        ...raisedVersion(sample.meta),
      ],
    },
    returns: answersRows ? 'after' : { value: path('id') },
  });
  return mapRows(rows, [
    letStatement('i', pathOf(row, 'i')),
    ...guardStatements(guarded),
    letStatement('o', subquery(changed)),
    ...(judged ? [throwIf(and([isNothing, binary(exists, '!=', value(NONE))]), DENIED)] : []),
    throwIf(isNothing, GONE),
    ...checkHolders(sample),
    returnStatement(param('o')),
  ]);
}

/** A member is written into an object, which is made where there is none; into anything else nothing is written. */
function checkHolders({ assignments }: UpdateChangeSet): Statement[] {
  const holders = new Map<string, Expression>();
  for (const { column, parts } of assignments)
    for (const { path: inside } of parts ?? [])
      for (let depth = 0; depth < inside.length; depth++) {
        const names = [column, ...inside.slice(0, depth)];
        holders.set(JSON.stringify(names), pathOf(param('o'), ...names));
      }
  if (holders.size === 0) return [];
  const isOther = (holder: Expression) =>
    and([binary(holder, '!=', value(NONE)), binary(call('type::is_object', holder), '=', value(false))]);
  const others = Array.from(holders.values(), isOther);
  return [throwIf(others.length === 1 ? (others[0] as Expression) : or(others), NO_OBJECT)];
}

/** What an update sets, in the order of its values: columns, and single members of objects. */
function targetsOf({ assignments }: UpdateChangeSet) {
  return assignments.flatMap((assignment) => {
    const { operator, expression } = assignment;
    return pathsOf(assignment).map((parts) => ({ target: path(...parts), operator, expression }));
  });
}

/** Where each value of an update goes. */
export function sentPaths({ assignments }: UpdateChangeSet): readonly (readonly string[])[] {
  return assignments.flatMap(pathsOf);
}

function pathsOf({ column, parts }: ColumnAssignment): readonly (readonly string[])[] {
  return parts === undefined ? [[column]] : parts.map((part) => [column, ...part.path]);
}

/** Each record must be there, as it was read. All deletes are checked before the first: a later may go with an earlier. */
export function checkRecords(sets: readonly (DeleteChangeSet | GuardCheck)[], first: number): Statement {
  const sample = sets[0] as DeleteChangeSet | GuardCheck;
  const guarded = Object.keys(sample.guard);
  const rows = sets.map((set, k) => ({ n: first + k, i: set.id, ...(guarded.length > 0 && { g: set.guard }) }));
  const [isGone, isThere] = (['=', '!='] as const).map((operator) => binary(exists, operator, value(NONE)));
  const checks = mayBeGone(sample)
    ? [throwIf(and([isThere as Expression, differsFrom(guarded)]), STALE)]
    : [throwIf(isGone as Expression, GONE), ...guardStatements(guarded, false)];
  return forEach('r', value(rows), [letStatement('i', pathOf(row, 'i')), ...checks]);
}

export const mayBeGone = (set: DeleteChangeSet | GuardCheck): boolean =>
  set.action === 'delete' && set.mayBeGone === true;

/** Records that are to exchange unique values do without theirs for a moment. */
export function releaseColumns(
  sets: readonly UpdateChangeSet[],
  columns: ReadonlyMap<UpdateChangeSet, ReadonlySet<string>>,
  first: number,
): Statement {
  const guarded = Object.keys((sets[0] as UpdateChangeSet).guard);
  const rows = sets.map((set, k) => ({ n: first + k, i: set.id, ...(guarded.length > 0 && { g: set.guard }) }));
  const released = [...new Set(sets.flatMap((set) => [...(columns.get(set) ?? [])]))];
  return forEach('r', value(rows), [
    letStatement('i', pathOf(row, 'i')),
    throwIf(binary(exists, '=', value(NONE)), GONE),
    ...guardStatements(guarded, false),
    update({
      target: id,
      data: {
        kind: 'set',
        assignments: released.map((column) => ({ target: path(column), operator: '=' as const, value: value(NONE) })),
      },
      returns: 'none',
    }),
  ]);
}

/** What a record user makes is asked for, since a refusal answers nothing. */
function madeAs(answersRows: boolean, judged: boolean): 'after' | 'none' | { readonly value: Expression } {
  if (answersRows) return 'after';
  return judged ? { value: path('id') } : 'none';
}

function answerMade(made: Statement, judged: boolean): Statement[] {
  if (!judged) return [returnStatement(subquery(made))];
  return [letStatement('o', subquery(made)), throwIf(isNothing, DENIED), returnStatement(param('o'))];
}

/** What PERMISSIONS keep somebody from deleting stays without a word. */
export function checkDeleted(sets: readonly DeleteChangeSet[], first: number): Statement {
  const rows = sets.map((set, k) => ({ n: first + k, i: set.id }));
  return forEach('r', value(rows), [
    letStatement('i', pathOf(row, 'i')),
    throwIf(binary(exists, '!=', value(NONE)), DENIED),
  ]);
}

export function deleteRecords(sets: readonly DeleteChangeSet[]): Statement {
  return remove({ target: value(sets.map((set) => set.id)), returns: 'none' });
}

/**
 * What an event has changed is only seen by reading again, at the end of the same request; in the order of the ids, NONE for
 * a record that an event has deleted. (Rows read by id in the transaction that wrote them come without their `id`.)
 */
export function reread(ids: readonly RecordId[]): Expression {
  const row = select({ only: true, from: [param('i')] });
  return call('array::map', value(ids), closure(['i'], block([returnStatement(subquery(row))])));
}

export function guardStatements(columns: readonly string[], checkGone = true): Statement[] {
  if (columns.length === 0) return [];
  const gone = throwIf(binary(exists, '=', value(NONE)), GONE);
  return [...(checkGone ? [gone] : []), throwIf(differsFrom(columns), STALE)];
}

function differsFrom(columns: readonly string[]): Expression {
  const differs = columns.map((column) => binary(pathOf(id, column), '!=', pathOf(row, 'g', column)));
  return differs.length === 1 ? (differs[0] as Expression) : or(differs);
}

export function throwIf(condition: Expression, verdict: Verdict): Statement {
  const text = call('string::concat', value(verdict), pathOf(row, 'n'));
  return evaluate(iff(condition, block([throwStatement(text)])));
}

export function mapRows(rows: readonly unknown[], statements: readonly Statement[]): Expression {
  return call('array::map', value(rows), closure(['r'], block(statements)));
}
