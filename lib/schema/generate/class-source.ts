import type { AnalyzerModel, EventModel, FieldModel, IndexModel, SchemaModel, TableModel } from '../model.js';
import { pathText } from '../field-path.js';
import { accessText } from './access-source.js';
import { permissionsText, propertySources, type ClassContext, type PropertySource } from './field-source.js';
import { objectText, quoted, surqlText, Source, commentLines } from './source.js';

/** A generated entity: one file. */
export interface EntitySource {
  readonly table: string;
  readonly className: string;
  readonly imports: string;
  readonly embedded: readonly string[];
  /** Decorators of the class, `@Table` last. */
  readonly decorators: readonly string[];
  readonly properties: readonly PropertySource[];
  /** Definitions that no decorator says. */
  readonly remainder: readonly string[];
}

/** What the classes of a database know of each other. */
export interface ClassRegistry {
  readonly model: SchemaModel;
  nameOf(table: string): string | undefined;
  fileOf(table: string): string;
  /** Analyzers that this table's class is to declare. */
  analyzersOf(table: string): readonly AnalyzerModel[];
  /** Accesses that this table's class is to declare, as INFO says them. */
  accessesOf(table: string): readonly { readonly name: string; readonly given: unknown }[];
}

export function entitySource(table: TableModel, registry: ClassRegistry): EntitySource {
  const source = new Source();
  const className = registry.nameOf(table.name) as string;
  const remainder: string[] = [];
  const embedded: string[] = [];
  const classOf = (name: string): string | undefined => {
    const other = registry.nameOf(name);
    return other === undefined || other === className ? other : source.useClass(other, registry.fileOf(name));
  };
  const indexes = [...table.indexes.values()];
  const vectors = new Map(
    indexes.filter(isVector).map((index) => [pathText(columnsOf(index)[0] ?? []), index] as const),
  );
  const context: ClassContext = { source, className, classOf, vectors, embedded, remainder };
  const isView = table.definition.view !== undefined;
  const isEdge = table.definition.kind.kind === 'RELATION';
  const fields = isView ? [] : [...table.fields.values()].filter((field) => !isOwn(field, isEdge));
  const properties = [
    idOf(table, source),
    ...(isEdge ? endsOf(table, context) : []),
    ...propertySources(fields, [], context),
  ];
  const names = new Map(properties.map(({ column, property }) => [column, property]));
  const decorators = [
    ...registry.accessesOf(table.name).flatMap(({ name, given }) => {
      const text = accessText(name, given, source);
      if (text === undefined) remainder.push(`access ${name}: its key is withheld by the server`);
      return text ?? [];
    }),
    ...registry.analyzersOf(table.name).map((analyzer) => analyzerText(analyzer, source)),
    ...indexes.flatMap((index) => indexText(index, names, properties, context)),
    ...[...table.events.values()].map((event) => eventText(event, source)),
    tableText(table, context),
  ];
  return Object.freeze({
    table: table.name,
    className,
    imports: source.imports,
    embedded,
    decorators,
    properties,
    remainder,
  });
}

/** The text of a new file. */
export function fileText({ imports, embedded, remainder, decorators, className, properties }: EntitySource): string {
  const notes = remainder.length === 0 ? [] : ['Not said by decorators:', ...remainder.map((each) => `  ${each}`)];
  const body = properties.map(({ text }) => text).join('\n\n');
  const entity = [...commentLines(notes), ...decorators, `export class ${className} {`, body, '}'].join('\n');
  return `${[imports, ...embedded, entity].join('\n\n')}\n`;
}

const isVector = ({ variant }: IndexModel): boolean => variant.startsWith('HNSW');

/** Fields that `@Id`, `@In` and `@Out` stand for. */
function isOwn({ path }: FieldModel, isEdge: boolean): boolean {
  const [first] = path;
  return path.length === 1 && (first === 'id' || (isEdge && (first === 'in' || first === 'out')));
}

function idOf({ name, fields, definition }: TableModel, source: Source): PropertySource {
  const kind = [...fields.values()].find(({ path }) => path.length === 1 && path[0] === 'id')?.kind;
  const key = definition.view !== undefined ? 'any' : keyOf(kind);
  const keyType = key === 'int' ? ', number' : key === 'uuid' ? `, ${source.useType('Uuid')}` : '';
  const typed = `${source.useType('RecordId')}<${quoted(name)}${keyType}>`;
  const decorator = `@${source.use('Id')}(${key === undefined ? '' : quoted(key)})`;
  return { column: 'id', property: 'id', text: `  ${decorator} id!: ${typed};` };
}

function keyOf(kind: string | undefined): string | undefined {
  return kind === 'int' || kind === 'uuid' || kind === 'object'
    ? kind
    : kind === undefined || kind === 'string'
      ? undefined
      : 'any';
}

function endsOf({ definition: { kind } }: TableModel, { source, classOf }: ClassContext): readonly PropertySource[] {
  return (['in', 'out'] as const).flatMap((end) => {
    const classes = (kind[end] ?? []).map(classOf).filter((each) => each !== undefined);
    if (classes.length === 0) return [];
    const decorator = `@${source.use(end === 'in' ? 'In' : 'Out')}()`;
    const type = `${source.useType('Link')}<${classes.join(' | ')}>`;
    return [{ column: end, property: end, text: `  ${decorator} ${end}!: ${type};` }];
  });
}

function tableText({ name, definition }: TableModel, { source, classOf, remainder }: ClassContext): string {
  const { kind, schemafull, drop, comment, view, changefeed, permissions } = definition;
  if (view !== undefined) {
    const as = surqlText(view.replace(/^AS\s+/, ''), source);
    return `@${source.use('View')}(${objectText({ name: quoted(name), as, comment: comment === undefined ? undefined : quoted(comment) })})`;
  }
  const ends = (end: 'in' | 'out'): string | undefined => {
    const tables = kind[end] ?? [];
    const classes = tables.map(classOf);
    if (kind.kind !== 'RELATION' || tables.length === 0) return undefined;
    if (classes.some((each) => each === undefined)) remainder.push(`${end}: ${tables.join(', ')}`);
    return classes.length === 1
      ? `() => ${classes[0]}`
      : `() => [${classes.filter((each) => each !== undefined).join(', ')}]`;
  };
  const feed = changefeed as { readonly expiry: string; readonly original?: boolean } | undefined;
  const options = objectText({
    name: quoted(name),
    type: kind.kind === 'NORMAL' ? undefined : quoted(kind.kind.toLowerCase()),
    schema: schemafull ? undefined : quoted('less'),
    in: ends('in'),
    out: ends('out'),
    enforced: kind.kind === 'RELATION' ? String(kind.enforced === true) : undefined,
    changefeed:
      feed && objectText({ expiry: quoted(feed.expiry), includeOriginal: feed.original === true ? 'true' : undefined }),
    permissions: permissionsText(permissions, false, source),
    drop: drop ? 'true' : undefined,
    comment: comment === undefined ? undefined : quoted(comment),
  });
  return `@${source.use('Table')}(${options})`;
}

function columnsOf({ columns }: IndexModel): readonly (readonly (string | symbol)[])[] {
  return columns.map((key) =>
    [...key.matchAll(/"(?:[^"\\]|\\.)*"|\*/g)].map(([part]) =>
      part === '*' ? Symbol.for('*') : (JSON.parse(part) as string),
    ),
  );
}

function indexText(
  index: IndexModel,
  names: ReadonlyMap<string, string>,
  properties: readonly PropertySource[],
  { source, remainder }: ClassContext,
): readonly string[] {
  const paths = columnsOf(index).map((path) =>
    path.map((part, at) => (typeof part === 'symbol' ? '*' : at === 0 ? (names.get(part) ?? part) : part)).join('.'),
  );
  const fields = paths.length === 0 ? undefined : `[${paths.map(quoted).join(', ')}]`;
  const shared = { name: quoted(index.name), fields };
  const comment = index.comment === undefined ? undefined : quoted(index.comment);
  if (isVector(index)) {
    const said = properties.some(
      ({ text, column }) => text.includes('@VectorField') && paths.includes(names.get(column) ?? column),
    );
    if (!said) remainder.push(`index ${index.name}: ${index.variant}`);
    return [];
  }
  const fulltext = /^FULLTEXT ANALYZER (\S+)(?: BM25\(([\d.]+), ?([\d.]+)\))?( HIGHLIGHTS)?/.exec(index.variant);
  if (fulltext !== null) {
    const [, analyzer, k1, b, highlights] = fulltext;
    const options = objectText({
      ...shared,
      analyzer: quoted((analyzer as string).replaceAll('`', '')),
      bm25: k1 === undefined ? undefined : `[${k1}, ${b}]`,
      highlights: highlights === undefined ? undefined : 'true',
    });
    return [`@${source.use('FullText')}(${options})`];
  }
  if (!['', 'UNIQUE', 'COUNT'].includes(index.variant)) {
    remainder.push(`index ${index.name}: ${index.variant}`);
    return [];
  }
  const options = objectText({
    ...shared,
    unique: index.variant === 'UNIQUE' ? 'true' : undefined,
    count: index.variant === 'COUNT' ? 'true' : undefined,
    comment,
  });
  return [`@${source.use('Index')}(${options})`];
}

function eventText({ name, when, then, async, retry, comment }: EventModel, source: Source): string {
  const steps = then.map((step) => surqlText(step, source));
  const options = objectText({
    name: quoted(name),
    when: when === 'true' ? undefined : surqlText(when, source),
    then: steps.length === 1 ? (steps[0] as string) : `[${steps.join(', ')}]`,
    async: async === true ? 'true' : undefined,
    retry: async === true && retry !== undefined ? String(retry) : undefined,
    comment: comment === undefined ? undefined : quoted(comment),
  });
  return `@${source.use('Event')}(${options})`;
}

function analyzerText({ name, tokenizers, filters, function: fn }: AnalyzerModel, source: Source): string {
  const list = (words: readonly string[]): string | undefined =>
    words.length === 0 ? undefined : `[${words.map((word) => quoted(word.toLowerCase())).join(', ')}]`;
  const options = objectText({
    name: quoted(name),
    tokenizers: list(tokenizers),
    filters: list(filters),
    function: fn === undefined ? undefined : quoted(fn),
  });
  return `@${source.use('Analyzer')}(${options})`;
}
