import { embeddedTexts, type EntitySource, type Import, type PropertySource } from '../../schema/index.js';
import { parseType } from '../../types/parse-type.js';
import { printType } from '../../types/print-type.js';
import type { CodeClass, CodeColumn } from './code-class.js';
import type { MergeContext } from './merge-context.js';
import { mergeDecorators } from './merge-decorators.js';
import { indentAt, type TextEdits } from './text-edits.js';

/** Adds to a class what the database has beyond it, and tells what it has beyond the database. */
export function mergeClass(entity: EntitySource, target: CodeClass, context: MergeContext): void {
  const { classes, unknown } = context.folder.family(target);
  for (const base of unknown)
    context.report.notes.push(
      () => `${target.name} extends ${base}, which was not found: its fields are not looked at`,
    );
  const isView = entity.decorators.some(({ decorator }) => decorator === 'View');
  mergeColumns(entity.properties, classes, target, target.name, context, isView);
  addProperties(
    entity.sides.map((side) => ({ ...side, column: `${side.property} without a column`, type: 'any' })),
    target,
    target.name,
    context,
  );
  mergeDecorators(entity, classes, target, context);
}

function mergeColumns(
  properties: readonly PropertySource[],
  classes: readonly CodeClass[],
  target: CodeClass,
  shown: string,
  context: MergeContext,
  isView = false,
): void {
  const columns = new Map(classes.flatMap((each) => each.columns.map((column) => [column.column, { each, column }])));
  const earlier = new Set([...columns.values()].map(({ column }) => column.renamedFrom));
  const missing = properties.filter(({ column }) => !columns.has(column) && !earlier.has(column));
  addProperties(missing, target, shown, context);
  for (const property of properties) {
    const found = columns.get(property.column);
    if (found === undefined) continue;
    noteType(property, found.column, found.each, shown, context);
    mergeEmbedded(property, found.column, found.each, shown, context);
  }
  const stored = new Set(properties.map(({ column }) => column));
  for (const [column, { each, column: found }] of columns) {
    if (isView || stored.has(column) || OWN.has(column)) continue;
    context.report.removed.push(() => `${shown}.${found.property} (${context.placed(each.file, found.member)})`);
  }
}

/** What every record or edge has, defined or not. */
const OWN: ReadonlySet<string> = new Set(['id', 'in', 'out']);

function noteType(
  { type }: PropertySource,
  column: CodeColumn,
  { file }: CodeClass,
  shown: string,
  { report, placed }: MergeContext,
): void {
  const declared = column.type === undefined ? undefined : canonical(column.type);
  if (declared === undefined || declared === type) return;
  const what = `${shown}.${column.property} is ${declared} here, ${type} in the database`;
  report.changed.push(() => `${what} (${placed(file, column.member)})`);
}

function canonical(type: string): string | undefined {
  try {
    return printType(parseType(type));
  } catch {
    return undefined;
  }
}

function mergeEmbedded(
  { embedded }: PropertySource,
  column: CodeColumn,
  { file }: CodeClass,
  shown: string,
  context: MergeContext,
): void {
  if (embedded === undefined || column.embedded === undefined) return;
  const target = context.folder.classNamed(column.embedded, file);
  const path = `${shown}.${column.property}`;
  if (target === undefined) {
    context.report.notes.push(
      () => `${path} holds ${column.embedded}, which was not found: its fields are not looked at`,
    );
    return;
  }
  const { classes } = context.folder.family(target);
  mergeColumns(embedded.properties, classes, target, path, context);
}

function addProperties(
  properties: readonly PropertySource[],
  target: CodeClass,
  shown: string,
  { editsOf, report, added }: MergeContext,
): void {
  const fresh = properties.filter(({ column }) => !added.has(keyOf(target, column)));
  if (fresh.length === 0) return;
  const { file } = target;
  const edits = editsOf(file);
  for (const { column, property } of fresh) {
    added.add(keyOf(target, column));
    report.add(file.path, shown === target.name ? property : `${shown.split('.').slice(1).join('.')}.${property}`);
  }
  const needs = fresh.flatMap((each) => each.needs);
  const embedded = embeddedTexts(fresh);
  if (embedded.length > 0) insertBefore(target, embedded.join('\n\n'), [], edits);
  const last = target.properties.at(-1);
  const { text } = file;
  const indent = last === undefined ? `${indentAt(text, target.node.getStart())}  ` : indentAt(text, last.getStart());
  const texts = fresh.map((each) => each.text.replace(/^ {2}/gm, indent));
  if (last === undefined) edits.insert(target.node.members.pos, `\n${texts.join('\n\n')}\n`, needs);
  else edits.insertAfter(last, texts.map((each) => separatorOf(target) + each).join(''), needs);
}

const keyOf = ({ file, name }: CodeClass, column: string): string => `${file.path}\n${name}\n${column}`;

/** As the properties that are there stand apart. */
function separatorOf({ properties, file }: CodeClass): string {
  const [before, last] = properties.slice(-2);
  if (before === undefined || last === undefined) return '\n\n';
  return /\n[ \t]*\r?\n/.test(file.text.slice(before.end, last.getStart())) ? '\n\n' : '\n';
}

/** Above a class and what is written above it. */
function insertBefore(target: CodeClass, text: string, needs: readonly Import[], edits: TextEdits): void {
  const { node, file } = target;
  const start = node.getFullStart();
  const line = /^[^\n]*/.exec(file.text.slice(start))?.[0] ?? '';
  const isFirst = file.source.statements[0] === node;
  if (isFirst) edits.insert(node.getStart(undefined, true), `${text}\n\n`, needs);
  else edits.insert(start + line.replace(/\r$/, '').length, `\n\n${text}`, needs);
}
