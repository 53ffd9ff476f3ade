import { pathText } from '../field-path.js';
import type { IndexModel, TableModel } from '../model.js';
import { declaredUnique } from './partial-source.js';
import { commentOf } from './field-parts.js';
import { decoratorText, objectText, quoted, surqlText } from './source.js';
import type { ClassContext, PropertySource } from './written.js';

/** An index that a class is to declare. */
export interface IndexSource {
  readonly decorator: 'Index' | 'FullText';
  readonly text: string;
  /** As the class says them. */
  readonly fields: readonly string[];
}

export const isVector = ({ variant }: IndexModel): boolean => variant.startsWith('HNSW');

type Path = readonly (string | symbol)[];

export function columnsOf({ columns }: IndexModel): readonly Path[] {
  return columns.map((key) =>
    [...key.matchAll(/"(?:[^"\\]|\\.)*"|\*/g)].map(([part]) =>
      part === '*' ? Symbol.for('*') : (JSON.parse(part) as string),
    ),
  );
}

/** `@Index` or `@FullText`; undefined for an index that something else stands for, or nothing. */
export function indexSource(
  index: IndexModel,
  table: TableModel,
  properties: readonly PropertySource[],
  context: ClassContext,
): IndexSource | undefined {
  if (isVector(index)) {
    const columns = columnsOf(index).map(pathText);
    const isSaid = properties.some(({ text, column }) => text.includes('@VectorField') && columns.includes(column));
    return isSaid ? undefined : unsaid(index, context);
  }
  return index.variant.startsWith('FULLTEXT')
    ? fullTextSource(index, properties, context)
    : plainSource(index, table, properties, context);
}

function fullTextSource(
  index: IndexModel,
  properties: readonly PropertySource[],
  context: ClassContext,
): IndexSource | undefined {
  const found = /^FULLTEXT ANALYZER (\S+)(?: BM25\(([\d.]+), ?([\d.]+)\))?( HIGHLIGHTS)?/.exec(index.variant);
  if (found === null) return unsaid(index, context);
  const [, analyzer, k1, b, highlights] = found;
  const fields = fieldNames(columnsOf(index), properties);
  const options = objectText({
    name: quoted(index.name),
    fields: listText(fields),
    analyzer: quoted((analyzer as string).replaceAll('`', '')),
    bm25: k1 === undefined ? undefined : `[${k1}, ${b}]`,
    highlights: highlights === undefined ? undefined : 'true',
    comment: commentOf(index),
  });
  return { decorator: 'FullText', fields, text: decoratorText(context.source.use('FullText'), options) };
}

function plainSource(
  index: IndexModel,
  table: TableModel,
  properties: readonly PropertySource[],
  context: ClassContext,
): IndexSource | undefined {
  if (!['', 'UNIQUE', 'COUNT'].includes(index.variant)) return unsaid(index, context);
  const { source, softDelete } = context;
  const isUnique = index.variant === 'UNIQUE';
  const columns = columnsOf(index);
  const declared = isUnique
    ? declaredUnique(index, columns, table, softDelete)
    : { columns, where: undefined, nullsDistinct: true };
  if (declared === undefined) return unsaid(index, context);
  const fields = fieldNames(declared.columns, properties);
  const options = objectText({
    name: quoted(index.name),
    fields: listText(fields),
    unique: isUnique ? 'true' : undefined,
    count: index.variant === 'COUNT' ? 'true' : undefined,
    where: declared.where === undefined ? undefined : surqlText(declared.where, source),
    nullsDistinct: declared.nullsDistinct ? undefined : 'false',
    comment: commentOf(index),
  });
  return { decorator: 'Index', fields, text: decoratorText(source.use('Index'), options) };
}

function unsaid({ name, variant }: IndexModel, { remainder }: ClassContext): undefined {
  remainder.push(`index ${name}: ${variant}`);
}

/** Columns as the class calls them. */
function fieldNames(columns: readonly Path[], properties: readonly PropertySource[]): readonly string[] {
  const names = new Map(properties.map(({ column, property }) => [column, property]));
  return columns.map(([first, ...below]) =>
    pathText([typeof first === 'string' ? (names.get(first) ?? first) : (first as symbol), ...below]),
  );
}

const listText = (fields: readonly string[]): string | undefined =>
  fields.length === 0 ? undefined : `[${fields.map(quoted).join(', ')}]`;
