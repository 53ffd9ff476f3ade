import { ValidationError, type ValidationProblem } from '../errors/index.js';
import type { EntityShape, ValueSlot } from '../entity/entity-shape.js';
import type { EntityShapes } from '../entity/entity-shape.js';
import { isMissing } from '../entity/value-handler.js';
import { acceptsValue } from '../types/accepts-value.js';
import { printType } from '../types/print-type.js';
import type { ChangeSet, CreateChangeSet, UpdateChangeSet } from './change-set.js';

/** Checks everything a flush would send, before it is sent: all problems of all entities in one error. */
export function validateWork(sets: readonly ChangeSet[], shapes: EntityShapes): void {
  const problems: ValidationProblem[] = [];
  for (const set of sets) {
    const shape = shapes.of(set.meta);
    if (set.action === 'create') checkCreate(shape, set, problems);
    else if (set.action === 'update') checkUpdate(shape, set, problems);
  }
  if (problems.length === 0) return;
  throw new ValidationError({
    what: problems.length === 1 ? 'One value cannot be stored' : `${problems.length} values cannot be stored`,
    why: problems
      .slice(0, 10)
      .map(({ path, message }) => `${path}: ${message}`)
      .join('; '),
    errors: problems,
  });
}

function checkCreate(shape: EntityShape, set: CreateChangeSet, problems: ValidationProblem[]): void {
  for (const slot of shape.values) {
    if (!slot.insertable) continue;
    const value = set.content[slot.column];
    if (!isMissing(value)) checkType(slot, value, set, problems);
    else if (value !== null && isRequired(slot))
      problems.push(problem(slot.meta.path, set, 'a value is required', 'required'));
  }
  for (const link of shape.links)
    if (!link.optional && set.content[link.column] === undefined)
      problems.push(problem(link.path, set, 'a link is required', 'required'));
}

function checkUpdate(shape: EntityShape, set: UpdateChangeSet, problems: ValidationProblem[]): void {
  const assigned = new Map(set.assignments.map((assignment) => [assignment.column, assignment]));
  for (const slot of shape.values) {
    const assignment = assigned.get(slot.column);
    if (assignment === undefined || slot.meta.kind !== 'field') continue;
    const { value } = assignment;
    if (slot.meta.immutable)
      problems.push(problem(slot.meta.path, set, 'this field can be given to create only (READONLY)', 'readonly'));
    else if (!isMissing(value)) checkType(slot, value, set, problems);
    else if (value === undefined && !slot.meta.optional)
      problems.push(problem(slot.meta.path, set, 'a value is required', 'required'));
  }
  for (const link of shape.links)
    if (!link.optional && assigned.has(link.column) && assigned.get(link.column)?.value === undefined)
      problems.push(problem(link.path, set, 'a link is required', 'required'));
}

function isRequired({ meta }: ValueSlot): boolean {
  if (meta.kind !== 'field' || meta.optional || meta.serverProduced) return false;
  return meta.default === undefined && !meta.defaultAlways && meta.value === undefined && meta.generate === undefined;
}

function checkType(slot: ValueSlot, value: unknown, set: ChangeSet, problems: ValidationProblem[]): void {
  const { meta } = slot;
  // An embedded class stands as `object` in the type; its own fields are the server's to check.
  if (meta.kind !== 'field') return;
  if (meta.vector !== undefined) checkVector(slot, meta.vector.dimension, value, set, problems);
  else if (!acceptsValue(meta.type, value))
    problems.push(problem(meta.path, set, `expected ${printType(meta.type)}, got ${describe(value)}`, 'type'));
}

function checkVector(
  slot: ValueSlot,
  dimension: number,
  value: unknown,
  set: ChangeSet,
  problems: ValidationProblem[],
): void {
  const numbers = Array.isArray(value) && value.every((item) => typeof item === 'number');
  if (numbers && value.length === dimension) return;
  const got = numbers ? `${value.length} numbers` : describe(value);
  problems.push(problem(slot.meta.path, set, `expected a vector of ${dimension} numbers, got ${got}`, 'type'));
}

function problem(path: string, set: ChangeSet, message: string, rule: string): ValidationProblem {
  return { path, message: `${message} (in ${String(set.id)})`, rule };
}

export function describe(value: unknown): string {
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  return `${(value as object).constructor?.name ?? 'object'}`;
}
