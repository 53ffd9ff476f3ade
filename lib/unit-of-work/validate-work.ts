import { ValidationError, type ValidationProblem } from '../errors/index.js';
import type { EntityShape, ValueSlot } from '../entity/entity-shape.js';
import { isMissing } from '../entity/value-handler.js';
import { toRecordId } from '../values/index.js';
import type { ChangeSet, CreateChangeSet, UpdateChangeSet } from './change-set.js';
import type { EntityRules, WriteSet } from './entity-rules.js';
import type { UnitOfWork } from './unit-of-work.js';
import { checkValue, isRequired, type Report } from './validate-value.js';

/**
 * Checks everything a flush would send, before it is sent: all problems of all entities in one error, those that the
 * application's own rules find among them.
 *
 * @param rows those that were made of rows, in their order: a problem says in which
 */
export async function validateWork(
  uow: UnitOfWork,
  sets: readonly ChangeSet[],
  rows: readonly CreateChangeSet[] = [],
): Promise<void> {
  const problems = problemsByType(uow, sets);
  throwIfAny(uow.rules === undefined ? problems : [...problems, ...(await problemsByRules(uow.rules, sets))], rows);
}

/** The same without the application's rules, for what cannot wait. */
export function validateTypes(uow: UnitOfWork, sets: readonly ChangeSet[]): void {
  throwIfAny(problemsByType(uow, sets));
}

function problemsByType(uow: UnitOfWork, sets: readonly ChangeSet[]): readonly ValidationProblem[] {
  const problems: ValidationProblem[] = [];
  for (const given of sets) {
    const set = given.action === 'delete' ? given.soft : given;
    if (set !== undefined) checkSet(uow, set, problems);
  }
  return problems;
}

function throwIfAny(found: readonly ValidationProblem[], rows: readonly CreateChangeSet[] = []): void {
  if (found.length === 0) return;
  const problems = rows.length === 0 ? found : withRows(found, rows);
  throw new ValidationError({
    what: problems.length === 1 ? 'One value cannot be stored' : `${problems.length} values cannot be stored`,
    why: problems
      .slice(0, 10)
      .map(
        ({ path, message, record = '?', row }) =>
          `${path}: ${message} (in ${row === undefined ? record : `row ${row}`})`,
      )
      .join('; '),
    errors: problems,
  });
}

/** The ids of rows are mostly made here: their places are what the caller knows. */
function withRows(
  problems: readonly ValidationProblem[],
  rows: readonly CreateChangeSet[],
): readonly ValidationProblem[] {
  const places = new Map(rows.map(({ id }, index) => [String(id), index]));
  return problems.map((problem) => {
    const row = problem.record === undefined ? undefined : places.get(problem.record);
    return row === undefined ? problem : { ...problem, row };
  });
}

function checkSet(uow: UnitOfWork, set: WriteSet, problems: ValidationProblem[]): void {
  const report: Report = (path, message, rule) => problems.push({ path, message, rule, record: String(set.id) });
  const shape = uow.shapes.of(set.meta);
  if (set.action === 'create') checkCreate(shape, set, report);
  else checkUpdate(shape, set, report);
  checkTargets(uow, shape, set, report);
}

async function problemsByRules(rules: EntityRules, sets: readonly ChangeSet[]): Promise<readonly ValidationProblem[]> {
  const found = sets.map((set) => (set.action === 'delete' ? undefined : rules.problemsOf(set)));
  return (await Promise.all(found.filter((each) => each !== undefined))).flat();
}

function checkCreate(shape: EntityShape, set: CreateChangeSet, report: Report): void {
  for (const slot of shape.values) {
    if (!slot.insertable || slot.meta.kind !== 'field') continue;
    const value = set.content[slot.column];
    if (!isMissing(value)) checkValue(slot.meta, value, slot.meta.path, report);
    else if (value !== null && isRequired(slot.meta)) report(slot.meta.path, 'a value is required', 'required');
    if (set.replaces !== undefined) checkKept(slot, set, report);
  }
  for (const link of shape.links)
    if (!link.optional && set.content[link.column] === undefined) report(link.path, 'a link is required', 'required');
}

/** Replacing a record in place is an update of it: what is READONLY stays. */
function checkKept({ meta, column, handler }: ValueSlot, { content, replaces }: CreateChangeSet, report: Report): void {
  const row = replaces?.state.row;
  if (meta.kind !== 'field' || !meta.immutable || row === undefined || isMissing(content[column])) return;
  if (!handler.same(content[column], row[column]))
    report(meta.path, 'this field is READONLY: flush the removal before you create the record again', 'readonly');
}

function checkUpdate(shape: EntityShape, set: UpdateChangeSet, report: Report): void {
  const assigned = new Map(set.assignments.map((assignment) => [assignment.column, assignment]));
  for (const { meta, column } of shape.updatable) {
    const assignment = assigned.get(column);
    if (assignment === undefined || meta.kind !== 'field') continue;
    const { value, expression } = assignment;
    if (expression !== undefined) continue;
    if (meta.immutable) report(meta.path, 'this field can be given to create only (READONLY)', 'readonly');
    else if (!isMissing(value)) checkValue(meta, value, meta.path, report);
    else if (value === undefined && !meta.optional && !meta.defaultAlways)
      report(meta.path, 'a value is required', 'required');
  }
  for (const { meta, column } of shape.produced)
    if (assigned.has(column))
      report(
        meta.path,
        'this value is produced for you and cannot be assigned; em.refresh(entity) reads it again',
        'readonly',
      );
  for (const link of shape.links)
    if (!link.optional && assigned.has(link.column) && assigned.get(link.column)?.value === undefined)
      report(link.path, 'a link is required', 'required');
}

/** What the same flush deletes cannot be linked to. */
function checkTargets(uow: UnitOfWork, shape: EntityShape, set: WriteSet, report: Report): void {
  const linked =
    set.action === 'create'
      ? Object.entries(set.content)
      : set.assignments
          .filter(({ operator }) => operator !== '-=')
          .map(({ column, value }) => [column, value] as const);
  if (shape.links.length === 0 && shape.linkArrays.length === 0) return;
  for (const [column, value] of linked) {
    const property = shape.meta.byColumn.get(column);
    if (property?.kind !== 'link' && property?.kind !== 'links') continue;
    for (const target of Array.isArray(value) ? value : [value]) {
      const id = toRecordId(target);
      if (id !== undefined && uow.get(id)?.phase === 'removed')
        report(property.path, `links to ${String(id)}, which is removed`, 'removed');
    }
  }
}
