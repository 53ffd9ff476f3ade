import { defineField, removeDefinition } from '../surrealql/nodes/definitions.js';
import { and, not, or, path as pathNode, type Expression } from '../surrealql/nodes/expressions.js';
import { admitsNone } from '../types/admits.js';
import { equals } from '../values/equals.js';
import type { Change, Relink, Rewrite } from './change.js';
import { conforms, kindIs } from './conforms.js';
import { countAll, countWhere } from './count-records.js';
import { coversText, mayRound } from './covers.js';
import { isBelow, pathKey, type FieldPath, type PathKey } from './field-path.js';
import { inexact } from './inexact.js';
import type { FieldModel, TableModel } from './model.js';
import { isHiddenField } from './partial-index.js';
import { Renames } from './renames.js';
import { retargetOf } from './retarget.js';
import { isStuck } from './stuck-elements.js';
import { atPath, violation } from './violation.js';
import type { WantedField, WantedTable } from './wanted.js';

/** What to define, redefine and remove so that the fields of a live table become the wanted ones. */
export function diffFields(wanted: WantedTable, canonical: TableModel, live: TableModel): readonly Change[] {
  const renames = new Renames(wanted, live);
  const changed = new Set<PathKey>();
  const defined: Change[] = [];
  for (const field of wanted.fields) {
    const key = pathKey(field.node.path);
    const target = canonical.fields.get(key);
    const current = live.fields.get(key);
    const around = changed.has(pathKey(field.node.path.slice(0, -1)));
    const same = current !== undefined && target !== undefined && equals(target, current);
    if (target === undefined || (same && !(around && isElementOfAny(field)))) continue;
    const follows = field.implied && around;
    changed.add(key);
    if (follows && onlyKindDiffers(target, current)) continue;
    defined.push(
      current === undefined
        ? createField(wanted, field, renames)
        : alterField(wanted, field, target, current, pathsBelow(live, field.node.path)),
    );
  }
  return [...renames.loosened(), ...defined, ...removeFields(wanted, canonical, live, renames)];
}

export function pathsBelow(live: TableModel, path: FieldPath): readonly FieldPath[] {
  return [...live.fields.values()].map((field) => field.path).filter((each) => isBelow(each, path));
}

/** Defining an array of `any` anew takes from its elements the right to hold objects, which INFO does not show. */
function isElementOfAny({ node }: WantedField): boolean {
  return typeof node.path.at(-1) === 'symbol' && node.type?.kind === 'any';
}

/** The server gives the elements of an array their type whenever the array is defined, and leaves everything else of them. */
function onlyKindDiffers(target: FieldModel, live: FieldModel | undefined): boolean {
  return live === undefined || equals({ ...target, kind: '' }, { ...live, kind: '' });
}

/** @internal Of a table that is copied too. */
export function createField(wanted: WantedTable, field: WantedField, renames: Renames): Change {
  const copy = renames.copyOf(field);
  return {
    kind: 'createField',
    table: wanted.name,
    definition: field.node,
    risk: 'additive',
    ...dangerOf(wanted, field, { path: renames.sourceOf(field.node.path) }),
    ...(copy === undefined ? rewriteOf(field, undefined, undefined) : { rewrite: copy }),
  };
}

/** @internal Of a table that is copied too. */
export function alterField(
  wanted: WantedTable,
  field: WantedField,
  target: FieldModel,
  live: FieldModel,
  below: readonly FieldPath[],
): Change {
  const node = defineField({ ...field.node, exists: 'overwrite' });
  const base = { kind: 'alterField' as const, table: wanted.name, definition: node };
  if (target.computed !== undefined) {
    return live.computed === undefined
      ? { ...base, risk: 'destructive', ...lossOf(wanted.name, node.path), ...unsetOf(node.path, below) }
      : { ...base, risk: 'additive' };
  }
  if (live.computed !== undefined) return { ...base, risk: 'narrowing', ...becomesStored(field) };
  const rewrite = rewriteOf(field, target, live);
  // What was given is replaced by what is computed.
  if (field.recompute === true && live.value === undefined)
    return { ...base, risk: 'destructive', ...lossOf(wanted.name, node.path), ...rewrite };
  const narrows = isNarrower(target, live);
  const rounds = mayRound(target.kind, live.kind);
  const judged = narrows || isOtherValue(target, live);
  const rewrites = rewrite.rewrite !== undefined || target.value !== live.value;
  return {
    ...base,
    risk: narrows ? 'narrowing' : rewrites ? 'rewrite' : 'additive',
    ...((judged || rounds) && dangerOf(wanted, field, { judged, rounds, value: isOtherValue(target, live) })),
    ...rewrite,
  };
}

/** VALUE makes something else of what is stored, whenever a record is written; asking for it must not do anything. */
function isOtherValue({ value }: FieldModel, live: FieldModel): boolean {
  return value !== undefined && value !== live.value && !DOES_SOMETHING.test(value);
}

const DOES_SOMETHING =
  /\b(CREATE|UPDATE|UPSERT|DELETE|INSERT|RELATE|DEFINE|REMOVE|SLEEP|crypto::|http::|fn::|sequence::)/i;

/** Nothing is stored of a computed field: every record lacks the value. */
function becomesStored(field: WantedField): Pick<Change, 'danger' | 'rewrite'> {
  const { node, backfill } = field;
  if (backfill !== undefined) return { rewrite: { kind: 'backfill', field, records: undefined, value: backfill } };
  if (node.type === undefined || admitsNone(node.type)) return {};
  return { danger: { count: countAll(field.node.table), risk: 'narrowing' } };
}

/** Whether the field takes less than before. */
function isNarrower(target: FieldModel, live: FieldModel): boolean {
  if (!coversText(target.kind, live.kind)) return true;
  if (target.assert !== undefined && target.assert !== live.assert) return true;
  return live.flexible && !target.flexible;
}

interface Doubts {
  /** Where the values stand now. */
  readonly path?: FieldPath;
  /** Records may not fit. */
  readonly judged?: boolean;
  /** Numbers may lose digits. */
  readonly rounds?: boolean;
  /** VALUE is another one. */
  readonly value?: boolean;
}

function dangerOf(
  wanted: WantedTable,
  field: WantedField,
  { path = field.node.path, judged = true, rounds = false, value = false }: Doubts = {},
): Pick<Change, 'danger'> {
  const { type } = field.node;
  const recomputed = value && field.recompute !== true;
  const options = { exceptMissing: canBackfill(field), recomputed };
  const admitting = field.moved === undefined ? {} : { type: field.moved.admitting };
  const misfits = judged ? violation(wanted, { ...field.node, ...admitting, path }, options) : undefined;
  const rounded =
    rounds && type !== undefined ? atPath(path, (subject, depth) => inexact(subject, type, depth)) : undefined;
  const doubts = [misfits, rounded].filter((each) => each !== undefined);
  if (doubts.length === 0) return {};
  const risk = misfits === undefined ? 'destructive' : 'narrowing';
  return { danger: { count: countWhere(wanted.name, or(doubts)), risk } };
}

/** Elements of arrays cannot be filled in one by one. */
function canBackfill(field: WantedField): boolean {
  return field.backfill !== undefined && field.node.path.every((part) => typeof part === 'string');
}

/**
 * What has to be written besides: records without a value get the default, a stored expression is computed anew, and links
 * that stood there before their REFERENCE are written again, because the server notes only references that are written.
 */
function rewriteOf(
  field: WantedField,
  target: FieldModel | undefined,
  live: FieldModel | undefined,
): Pick<Change, 'rewrite'> {
  const recomputed = target === undefined || target.value !== live?.value;
  const rewrite = retargetOf(field, relinkOf(field, live)) ?? relinkOf(field, live) ?? backfillOf(field, recomputed);
  return rewrite === undefined ? {} : { rewrite };
}

function backfillOf(field: WantedField, recomputed: boolean): Rewrite | undefined {
  const { node, backfill } = field;
  if (backfill === undefined || !canBackfill(field)) return undefined;
  if (field.recompute === true) {
    return recomputed ? { kind: 'backfill', field, records: undefined, value: backfill } : undefined;
  }
  if (node.type === undefined || admitsNone(node.type)) return undefined;
  const missing = atPath(node.path, (subject) => kindIs(subject, ['none']));
  return missing === undefined ? undefined : { kind: 'backfill', field, records: missing, value: backfill };
}

/** @internal Of a table that is copied too. */
export function relinkOf(field: WantedField, live: FieldModel | undefined): Relink | undefined {
  const { node } = field;
  const [column] = node.path;
  if (node.reference === undefined || live?.reference !== undefined || typeof column !== 'string') return undefined;
  const subject = pathNode(column);
  const linked = kindIs(subject, ['record', 'array', 'set']);
  const fits = node.type === undefined ? undefined : conforms(subject, node.type);
  return { kind: 'relink', field, records: fits === undefined ? linked : and([linked, fits]) };
}

/** Fields that the entity no longer has, deepest first; what the server made for an array goes with the array. */
export function removeFields(
  wanted: WantedTable,
  canonical: TableModel,
  live: TableModel,
  renames: Renames,
): readonly Change[] {
  const gone = [...live.fields.values()].filter(
    (field) =>
      !canonical.fields.has(pathKey(field.path)) &&
      !isStuck(field.path) &&
      !isId(field.path) &&
      !renames.keeps(field.path),
  );
  const paths = gone.map((field) => field.path);
  // What was stored goes with everything below it, also where a computed field takes its place.
  const roots = [
    ...paths,
    ...[...canonical.fields.values()].flatMap((field) => (field.computed === undefined ? [] : [field.path])),
  ];
  return [...gone]
    .sort((a, b) => b.path.length - a.path.length)
    .map((field) => removeField(wanted, field, paths, roots, live));
}

/** What somebody has defined of the keys is no drift: entities define nothing of them. */
const isId = (path: FieldPath): boolean => pathKey(path) === pathKey(['id']);

function removeField(
  wanted: WantedTable,
  field: FieldModel,
  gone: readonly FieldPath[],
  roots: readonly FieldPath[],
  live: TableModel,
): Change {
  const { path } = field;
  const change: Change = {
    kind: 'removeField',
    table: wanted.name,
    definition: removeDefinition({ object: 'FIELD', name: path, table: wanted.name, ifExists: true }),
    risk: 'destructive',
  };
  const within = roots.some((other) => isBelow(path, other));
  const holdsNothing = field.computed !== undefined || typeof path.at(-1) === 'symbol';
  // A SCHEMALESS table keeps the values and goes on taking them.
  if (within || holdsNothing || !wanted.table.schemafull) return change;
  const unset = unsetOf(
    path,
    gone.filter((other) => isBelow(other, path)),
  );
  const renamed = renamedFrom(wanted, path);
  if (isHiddenField(path) || renamed !== undefined)
    return { ...change, risk: 'rewrite', ...(renamed !== undefined && leftBehind(wanted, renamed, live)), ...unset };
  return { ...change, ...lossOf(wanted.name, path), ...unset };
}

/** The column that takes the values of another one over. */
export function renamedFrom({ fields }: WantedTable, path: FieldPath): WantedField | undefined {
  return fields.find((each) => each.renamedFrom !== undefined && pathKey(each.renamedFrom) === pathKey(path));
}

/**
 * What a renamed column held stands under its new name, unless an older release has written it after the copy: then there is
 * nothing under the new one.
 */
function leftBehind(wanted: WantedTable, field: WantedField, live: TableModel): Pick<Change, 'danger'> {
  const from = field.renamedFrom as FieldPath;
  if (!live.fields.has(pathKey(field.node.path))) return {};
  const held = heldAt(from);
  const isNew = atPath(field.node.path, (subject) => not(kindIs(subject, ['none'])));
  const isNamed = from.every((part) => typeof part === 'string');
  if (held === undefined || isNew === undefined || !isNamed) return {};
  return { danger: { count: countWhere(wanted.name, and([held, not(isNew)])), risk: 'destructive' } };
}

function lossOf(table: string, path: FieldPath): Pick<Change, 'danger'> {
  const held = heldAt(path);
  return held === undefined ? {} : { danger: { count: countWhere(table, held), risk: 'destructive' } };
}

function unsetOf(path: FieldPath, below: readonly FieldPath[]): Pick<Change, 'rewrite'> {
  const held = heldAt(path);
  return held === undefined ? {} : { rewrite: { kind: 'unset', path, below, records: held } };
}

function heldAt(path: FieldPath): Expression | undefined {
  return atPath(path, (subject) => not(kindIs(subject, ['none'])));
}
