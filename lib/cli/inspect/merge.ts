import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import {
  classText,
  fileText,
  filesOf,
  NO_CODE,
  OBJECTS_FILE,
  objectsText,
  type EntitySource,
  type GeneratedEntities,
  type GeneratedParts,
  type KnownCode,
} from '../../schema/index.js';
import type { CodeFile } from './code-file.js';
import { CodeFolder, codeFilesIn, extensionIn } from './code-folder.js';
import { loadCompiler } from './compiler.js';
import { mergeClass } from './merge-class.js';
import type { MergeContext } from './merge-context.js';
import { noteLostDecorators } from './merge-decorators.js';
import { mergeObjects } from './merge-objects.js';
import { ReportDraft, type MergeReport } from './merge-report.js';
import { TextEdits } from './text-edits.js';

/** What a database asks for, in the words of the code that is there. */
export type Introspection = (code: KnownCode) => Promise<GeneratedParts>;

export interface MergeOptions {
  readonly folder: string;
  readonly introspect: Introspection;
  /** Tells, writes nothing. */
  readonly dryRun: boolean;
}

const shownFrom = (path: string): string => relative(process.cwd(), path);

/**
 * Brings the classes of a folder up to a database: new files for new tables, new members and decorators in the classes that
 * are there. What is written by hand stays as it is; what the database no longer has is told.
 */
export async function mergeInto({ folder, introspect, dryRun }: MergeOptions): Promise<MergeReport> {
  const paths = await codeFilesIn(folder);
  if (paths.length === 0) return writeAll({ folder, introspect, dryRun });
  const compiler = loadCompiler();
  const code = await CodeFolder.read(compiler, folder, paths);
  const parts = await introspect(code);
  const edits = new Map<CodeFile, TextEdits>();
  const report = new ReportDraft();
  const context: MergeContext = {
    folder: code,
    report,
    added: new Set(),
    placed: (file, node) => {
      const line = node && (dryRun ? file.lineOf(node) : (edits.get(file)?.lineOf(node) ?? file.lineOf(node)));
      return `${shownFrom(file.path)}${line === undefined ? '' : `:${line}`}`;
    },
    editsOf: (file) => {
      const known = edits.get(file) ?? new TextEdits(compiler, file);
      edits.set(file, known);
      return known;
    },
  };
  const created = parts.entities.flatMap((entity) => mergeEntity(entity, context));
  const objectsFile = code.fileNamed(OBJECTS_FILE);
  if (objectsFile !== undefined) mergeObjects(compiler, parts.objects.declarations, objectsFile, context);
  else if (parts.objects.declarations.length > 0)
    created.push({ name: `${OBJECTS_FILE}.ts`, source: objectsText(parts.objects) });
  noteUnknownTables(parts, code, context);
  if (!dryRun) {
    for (const [file, edit] of edits) if (!edit.isEmpty) await writeFile(file.path, edit.applied());
    await writeNew(folder, created);
  }
  const merged = code.files.filter((file) => edits.get(file)?.isEmpty === false);
  return {
    written: created.map(({ name }) => name),
    merged: merged.map(({ path }) => ({ file: shownFrom(path), added: report.addedTo(path) })),
    kept: code.files.filter((file) => isOurs(file) && !merged.includes(file)).map(({ path }) => shownFrom(path)),
    removed: report.removed.map((tell) => tell()),
    changed: report.changed.map((tell) => tell()),
    notes: report.notes.map((tell) => tell()),
    remainder: parts.remainder,
  };
}

/** Whether a file declares something of the database. */
function isOurs({ classes, name }: CodeFile): boolean {
  return (
    name === OBJECTS_FILE || classes.some(({ declaration, columns }) => declaration !== undefined || columns.length > 0)
  );
}

/** The file of a class that is not there yet. */
function mergeEntity(entity: EntitySource, context: MergeContext): readonly NewFile[] {
  const { folder, report, editsOf, placed } = context;
  const target = folder.entities.get(entity.table);
  if (target !== undefined) {
    mergeClass(entity, target, context);
    return [];
  }
  const file = folder.fileNamed(entity.file);
  if (file === undefined) return [{ name: `${entity.file}.ts`, source: fileText(entity) }];
  if (folder.classes.has(entity.table)) {
    report.notes.push(
      () => `${entity.className} is declared with defineTable, which is not merged into (${placed(file)})`,
    );
    return [];
  }
  const needs = [...entity.decorators, ...entity.properties].flatMap((each) => each.needs);
  editsOf(file).insert(file.text.trimEnd().length, `\n\n${classText(entity)}`, needs);
  report.add(file.path, entity.className);
  return [];
}

/** Classes of tables that are not there. */
function noteUnknownTables({ entities }: GeneratedParts, code: CodeFolder, context: MergeContext): void {
  const { report, placed } = context;
  const tables = new Set(entities.map(({ table }) => table));
  for (const [table, { name, file, node }] of code.entities) {
    if (!tables.has(table)) report.removed.push(() => `the table ${table} of ${name} (${placed(file, node)})`);
  }
  noteLostDecorators(entities, context);
  for (const each of code.allClasses) {
    if (each.declaration?.args.length === 0 || each.declaration === undefined || each.table !== undefined) continue;
    if (each.base !== undefined) continue;
    report.notes.push(() => `the table of ${each.name} is no plain text: it is not merged into (${placed(each.file)})`);
  }
}

type NewFile = GeneratedEntities['files'][number];

/** All of it anew; files that are there are overwritten. */
export async function writeAll({ folder, introspect, dryRun }: MergeOptions): Promise<MergeReport> {
  const parts = await introspect({ ...NO_CODE, extension: extensionIn(folder, []) });
  const files = filesOf(parts);
  if (!dryRun) await writeNew(folder, files);
  const written = files.map(({ name }) => name);
  return { written, merged: [], kept: [], removed: [], changed: [], notes: [], remainder: parts.remainder };
}

/** Files that `writeAll` would overwrite. */
export async function overwritten({ folder, introspect }: MergeOptions): Promise<readonly string[]> {
  const { written } = await writeAll({ folder, introspect, dryRun: true });
  return written.filter((name) => existsSync(join(folder, name)));
}

async function writeNew(folder: string, files: readonly NewFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, source } of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, source);
  }
}
