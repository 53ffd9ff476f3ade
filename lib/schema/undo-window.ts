import { defineField, removeDefinition, type DefineFieldNode } from '../surrealql/nodes/definitions.js';
import {
  and,
  binary,
  call,
  not,
  or,
  table as tableNode,
  value,
  type Expression,
} from '../surrealql/nodes/expressions.js';
import { update, type Statement } from '../surrealql/nodes/statements.js';
import { textFragment } from '../surrealql/surql.js';
import { admitsNone } from '../types/admits.js';
import type { SurrealType } from '../types/surreal-type.js';
import { equals } from '../values/equals.js';
import { conforms, kindIs } from './conforms.js';
import { coversText, readType } from './covers.js';
import { holdsLiteral, mentions } from './element-type.js';
import { fieldNode, isBelow, pathKey, type FieldPath } from './field-path.js';
import type { FieldModel, TableModel } from './model.js';
import type { MovedNames } from './moved-links.js';
import { openColumn } from './open-column.js';
import { isStuck } from './stuck-elements.js';
import { undoCopies, type MovedColumn } from './undo-copies.js';
import { undoMoves } from './undo-moves.js';
import { atPath } from './violation.js';

/**
 * What brings renamed values back under their old names, and takes out of the records what the way back has no field for: a
 * SCHEMAFULL table would not let such a record be written. Nothing else happens to the records meanwhile, as on the way there.
 */
export interface UndoWindow {
  readonly statements: readonly Statement[];
  /** Links whose old definitions come back first: any other one would lose their references. */
  readonly links: readonly FieldPath[];
  /** Fields and events that the window has changed, whose old definitions have to come back. */
  readonly fields: readonly FieldPath[];
  readonly events: readonly string[];
}

/** What stands elsewhere once the plan has been applied. */
export interface Moved {
  /** The old names of tables by their new ones. */
  readonly names: MovedNames;
  /** New names of tables that go again. */
  readonly made: ReadonlySet<string>;
  readonly columns: readonly MovedColumn[];
}

/** Undefined where nothing has to be written. `before` is the table to come back, `after` the one that the plan has made of it. */
export function undoWindow(
  before: TableModel,
  after: TableModel,
  { names, made, columns }: Moved,
): UndoWindow | undefined {
  const leaving = before.definition.schemafull ? leavingPaths(before, after) : [];
  const filled = filledIn(before, after);
  const copies = undoCopies(before, after, columns);
  const moves = undoMoves(before, names, made);
  if (leaving.length + filled.length + copies.length + moves.paths.length === 0) return undefined;
  const table = before.name;
  const isCopied = (path: FieldPath): boolean => copies.some(({ from }) => pathKey(from) === pathKey(path));
  // Of what is new nothing but the values that leave is of use to the write.
  const removed = [...after.fields.values()]
    .map(({ path }) => path)
    .filter((path) => isWithin(path, leaving) || (isNew(before, path) && !leaving.includes(path)));
  const relaxed = [...after.fields.values()].filter(
    (field) => !removed.includes(field.path) && isRelaxed(field, before, leaving),
  );
  // Their values may have stayed: what becomes SCHEMALESS keeps what it holds.
  const returning = [...before.fields.values()].filter(
    ({ path, computed }) => path.length === 1 && computed === undefined && !after.fields.has(pathKey(path)),
  );
  const links = [...before.fields.values()].filter((field) => {
    const now = after.fields.get(pathKey(field.path));
    const stays = field.reference !== undefined && now?.reference !== undefined;
    return stays && !equals(field, now) && !isCopied(field.path) && !moves.paths.includes(field.path);
  });
  const loose = [...relaxed, ...returning].map(({ path }) => path).filter((path) => !isCopied(path));
  const held = leaving.flatMap((path) => atPath(path, (subject) => not(kindIs(subject, ['none']))) ?? []);
  return Object.freeze({
    statements: [
      ...[...after.events.keys()].map((name) => removeDefinition({ object: 'EVENT', name, table, ifExists: true })),
      ...[...removed]
        .sort((a, b) => b.length - a.length)
        .map((name) => removeDefinition({ object: 'FIELD', name, table, ifExists: true })),
      ...loose.map((path) => opened(table, after.fields.get(pathKey(path)), path, leaving)),
      ...copies.map(({ open }) => open),
      ...copies.map(({ statement }) => statement),
      ...(leaving.length === 0 ? [] : [unset(table, leaving, or(held))]),
      ...filled.map(({ path, condition }) => unset(table, [path], condition)),
      ...moves.statements,
    ],
    links: links.map(({ path }) => path),
    fields: [...loose, ...copies.map(({ from }) => from), ...moves.paths],
    events: [...before.events.keys()],
  });
}

/** Stored fields that were not there, or were computed, and that the old definitions would not take. */
function leavingPaths(before: TableModel, after: TableModel): readonly FieldPath[] {
  const leaving = [...after.fields.values()].flatMap(({ path, computed }) => {
    const was = before.fields.get(pathKey(path));
    const wasNone = was === undefined || was.computed !== undefined;
    return wasNone && computed === undefined && typeof path.at(-1) === 'string' && !isTaken(before, path) ? [path] : [];
  });
  return leaving.filter((path) => !isWithin(path, leaving));
}

/** Values that the plan has put there, a default or what is worked out from the rest of the record, and that the old type would not take. */
function filledIn(before: TableModel, after: TableModel): readonly { path: FieldPath; condition: Expression }[] {
  return [...after.fields.values()].flatMap((field) => {
    const { path, kind } = field;
    const was = before.fields.get(pathKey(path));
    const type = was === undefined ? undefined : readType(was.kind);
    const length = vectorLength(before, path);
    const takesAll = coversText(was?.kind, kind) && length === undefined;
    if (type === undefined || takesAll || !path.every((part) => typeof part === 'string')) return [];
    const condition = atPath(path, (subject) => {
      const misfits = misfitOf(subject, type, length);
      const made = madeByPlan(subject, field, type);
      return misfits === undefined || made.length === 0 ? undefined : and([...made, misfits]);
    });
    return condition === undefined ? [] : [{ path, condition }];
  });
}

/** What the old type would not take, or an old index of vectors. */
function misfitOf(subject: Expression, type: SurrealType, length: number | undefined): Expression | undefined {
  const fits = conforms(subject, type);
  const isLong = binary(call('array::len', call('type::array', subject)), '=', value(length));
  const isVector = and([kindIs(subject, ['array']), not(isLong)]);
  const misfits = [...(fits === undefined ? [] : [not(fits)]), ...(length === undefined ? [] : [isVector])];
  return misfits.length === 0 ? undefined : or(misfits);
}

function vectorLength({ indexes }: TableModel, path: FieldPath): number | undefined {
  const index = [...indexes.values()].find(
    ({ columns, variant }) => columns[0] === pathKey(path) && VECTORS.test(variant),
  );
  return index === undefined ? undefined : Number(VECTORS.exec(index.variant)?.[1]);
}

const VECTORS = /^(?:HNSW|DISKANN) DIMENSION (\d+)/;

/** Under what condition a value is nobody's data; none where it may be. */
function madeByPlan(subject: Expression, { value: made, default: preset }: FieldModel, was: SurrealType): Expression[] {
  if (made !== undefined && !/\$(value|before|after|input)\b/.test(made)) return [not(kindIs(subject, ['none']))];
  return preset !== undefined && admitsNone(was) ? [binary(subject, '=', textFragment(preset))] : [];
}

function unset(table: string, paths: readonly FieldPath[], where: Expression): Statement {
  return update({
    target: tableNode(table),
    data: { kind: 'unset', paths: paths.map(fieldNode) },
    where,
    returns: 'none',
  });
}

/** Whether what stands around a member takes it, or does not take it for an object at all: then it may stay as it is. */
function isTaken({ fields }: TableModel, path: FieldPath): boolean {
  for (let depth = path.length - 1; depth > 0; depth -= 1) {
    const around = fields.get(pathKey(path.slice(0, depth)));
    if (around !== undefined && around.computed === undefined) return around.flexible || takes(around, path[depth]);
  }
  return false;
}

function takes({ kind }: FieldModel, member: string | symbol | undefined): boolean {
  const type = readType(kind);
  if (type === undefined) return true;
  const shapes = (type.kind === 'union' ? type.members : [type]).filter((each) => each.kind === 'shape');
  if (mentions(type, 'object') || shapes.length === 0) return !mentions(type, 'object') || holdsLiteral(type);
  return shapes.some((shape) => typeof member === 'string' && Object.hasOwn(shape.fields, member));
}

const isWithin = (path: FieldPath, parents: readonly FieldPath[]): boolean =>
  parents.some((parent) => isBelow(path, parent));

const isNew = ({ fields }: TableModel, path: FieldPath): boolean => !fields.has(pathKey(path)) && !isStuck(path);

/** What would stand in the way of the write. The references of a link that stays are kept with its definition. */
function isRelaxed(field: FieldModel, before: TableModel, leaving: readonly FieldPath[]): boolean {
  const { path } = field;
  if (leaving.some((each) => pathKey(each) === pathKey(path))) return true;
  const was = before.fields.get(pathKey(path));
  if (was === undefined || field.computed !== undefined || isStuck(path)) return false;
  const keepsReferences = field.reference !== undefined && was.reference !== undefined;
  return !keepsReferences && (field.value !== undefined || !equals(was, field));
}

function opened(
  table: string,
  field: FieldModel | undefined,
  path: FieldPath,
  leaving: readonly FieldPath[],
): DefineFieldNode {
  const leaves = leaving.some((each) => pathKey(each) === pathKey(path));
  if (field !== undefined && leaves) return openColumn(table, field);
  return defineField({ exists: 'overwrite', table, path, type: { kind: 'any' } });
}
