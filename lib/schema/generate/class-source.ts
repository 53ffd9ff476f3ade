import type { AnalyzerModel, EventModel, FieldModel, SchemaModel, TableModel } from '../model.js';
import { pathText } from '../field-path.js';
import { accessText } from './access-source.js';
import { commentOf, permissionsText } from './field-parts.js';
import { propertySources } from './field-source.js';
import { columnsOf, indexSource, isVector } from './index-source.js';
import { keySource } from './key-source.js';
import { moduleBetween, type KnownCode } from './known-code.js';
import { isTaken } from './names.js';
import { softDeleteOf } from './partial-source.js';
import type { ClassDraft, SideSource } from './side-source.js';
import { commentLines, decoratorText, objectText, quoted, Source, surqlText, type Import } from './source.js';
import { embeddedTexts, type ClassContext, type PropertySource } from './written.js';

/** A generated entity: one file. */
export interface EntitySource {
  readonly table: string;
  readonly className: string;
  /** Without its extension. */
  readonly file: string;
  readonly imports: string;
  /** Decorators of the class, `@Table` last. */
  readonly decorators: readonly DecoratorSource[];
  readonly properties: readonly PropertySource[];
  /** Properties without a column. */
  readonly sides: readonly SideSource[];
  /** Definitions that no decorator says. */
  readonly remainder: readonly string[];
}

/** A decorator of a class. */
export interface DecoratorSource {
  readonly decorator: 'Access' | 'Analyzer' | 'Index' | 'FullText' | 'Event' | 'Table' | 'View';
  /** Of what it defines. */
  readonly name: string;
  readonly text: string;
  readonly needs: readonly Import[];
  /** Of an index. */
  readonly fields?: readonly string[];
}

/** What the classes of a database know of each other. */
export interface ClassRegistry {
  readonly model: SchemaModel;
  readonly code: KnownCode;
  nameOf(table: string): string | undefined;
  fileOf(table: string): string;
  /** Whether a class of some table has this name. */
  isClass(name: string): boolean;
  /** Some ids of records. */
  idsOf(table: string): readonly unknown[];
  /** Analyzers that this table's class is to declare. */
  analyzersOf(table: string): readonly AnalyzerModel[];
  /** Accesses that this table's class is to declare, as INFO says them. */
  accessesOf(table: string): readonly { readonly name: string; readonly given: unknown }[];
}

/** A class as far as it can be written without the others. */
export function classDraft(table: TableModel, registry: ClassRegistry): ClassDraft {
  const context = classContext(table, registry);
  const { source } = context;
  const isView = table.definition.view !== undefined;
  const isEdge = table.definition.kind.kind === 'RELATION';
  const fields = isView ? [] : [...table.fields.values()].filter((field) => !isOwn(field, isEdge));
  const properties = [
    idOf(table, registry.idsOf(table.name), source),
    ...(isEdge ? endsOf(table, context) : []),
    ...propertySources(fields, [], context),
  ];
  return { table, context, properties };
}

export function entitySource(
  { table, context, properties }: ClassDraft,
  sides: readonly SideSource[],
  registry: ClassRegistry,
): EntitySource {
  const { source, className, remainder } = context;
  return Object.freeze({
    table: table.name,
    className,
    file: registry.fileOf(table.name),
    decorators: decoratorsOf(table, properties, context, registry),
    properties,
    sides,
    remainder,
    imports: source.imports,
  });
}

function classContext(table: TableModel, registry: ClassRegistry): ClassContext {
  const className = registry.nameOf(table.name) as string;
  const file = registry.fileOf(table.name);
  const known = registry.code.namesIn(file);
  const source = new Source(known);
  const used = new Set<string>(known.keys());
  const vectors = [...table.indexes.values()].filter(isVector);
  return {
    source,
    className,
    classOf: (name) => {
      const other = registry.nameOf(name);
      const where = registry.fileOf(name);
      if (other === undefined || where === file) return other;
      return source.useClass(other, moduleBetween(file, where, registry.code.extension));
    },
    vectors: new Map(vectors.map((index) => [pathText(columnsOf(index)[0] ?? []), index] as const)),
    softDelete: softDeleteOf(table),
    remainder: [],
    embeddedName: (wanted) => {
      let name = wanted;
      for (let count = 2; used.has(name) || registry.isClass(name) || isTaken(name); count += 1)
        name = `${wanted}${count}`;
      used.add(name);
      return name;
    },
  };
}

function decoratorsOf(
  table: TableModel,
  properties: readonly PropertySource[],
  context: ClassContext,
  registry: ClassRegistry,
): readonly DecoratorSource[] {
  const { source, remainder } = context;
  const written = (
    decorator: DecoratorSource['decorator'],
    name: string,
    write: () => string | undefined,
  ): readonly DecoratorSource[] => {
    const { written: text, needs } = source.part(write);
    return text === undefined ? [] : [{ decorator, name, text, needs }];
  };
  const indexes = [...table.indexes.values()].flatMap((index): readonly DecoratorSource[] => {
    const { written: found, needs } = source.part(() => indexSource(index, table, properties, context));
    return found === undefined ? [] : [{ ...found, name: index.name, needs }];
  });
  return [
    ...registry.accessesOf(table.name).flatMap(({ name, given }) =>
      written('Access', name, () => {
        const text = accessText(name, given, source);
        if (text === undefined) remainder.push(`access ${name}: its key is withheld by the server`);
        return text;
      }),
    ),
    ...registry
      .analyzersOf(table.name)
      .flatMap((each) => written('Analyzer', each.name, () => analyzerText(each, source))),
    ...indexes,
    ...[...table.events.values()].flatMap((each) => written('Event', each.name, () => eventText(each, source))),
    ...(table.definition.view === undefined
      ? written('Table', table.name, () => tableText(table, context))
      : written('View', table.name, () => viewText(table, source))),
  ];
}

/** The text of a new file. */
export function fileText(entity: EntitySource): string {
  return `${[entity.imports, classText(entity)].filter((text) => text !== '').join('\n\n')}\n`;
}

/** The class, and before it those that it embeds. */
export function classText({ remainder, decorators, className, properties, sides }: EntitySource): string {
  const notes = remainder.length === 0 ? [] : ['Not said by decorators:', ...remainder.map((each) => `  ${each}`)];
  const body = [...properties, ...sides].map(({ text }) => text).join('\n\n');
  const texts = decorators.map(({ text }) => text);
  const entity = [...commentLines(notes), ...texts, `export class ${className} {`, body, '}'].join('\n');
  return [...embeddedTexts(properties), entity].join('\n\n');
}

/** Fields that `@Id`, `@In` and `@Out` stand for. */
function isOwn({ path }: FieldModel, isEdge: boolean): boolean {
  const [first] = path;
  return path.length === 1 && (first === 'id' || (isEdge && (first === 'in' || first === 'out')));
}

function idOf({ name, fields, definition }: TableModel, ids: readonly unknown[], source: Source): PropertySource {
  const kind = [...fields.values()].find(({ path }) => path.length === 1 && path[0] === 'id')?.kind;
  const { written: text, needs } = source.part(() => {
    const key = keySource(definition.view !== undefined ? 'any' : kind, ids, source);
    const typed = `${source.useType('RecordId')}<${quoted(name)}${key.type}>`;
    return `  ${decoratorText(source.use('Id'), key.declared)} id!: ${typed};`;
  });
  return { column: 'id', property: 'id', type: 'any', text, needs };
}

function endsOf({ definition: { kind } }: TableModel, { source, classOf }: ClassContext): readonly PropertySource[] {
  return (['in', 'out'] as const).flatMap((end) => {
    const { written: text, needs } = source.part(() => {
      const classes = (kind[end] ?? []).map(classOf).filter((each) => each !== undefined);
      if (classes.length === 0) return undefined;
      const decorator = decoratorText(source.use(end === 'in' ? 'In' : 'Out'));
      return `  ${decorator} ${end}!: ${source.useType('Link')}<${classes.join(' | ')}>;`;
    });
    return text === undefined ? [] : [{ column: end, property: end, type: 'any', text, needs }];
  });
}

function viewText({ name, definition }: TableModel, source: Source): string {
  const as = surqlText(String(definition.view).replace(/^AS\s+/, ''), source);
  return decoratorText(source.use('View'), objectText({ name: quoted(name), as, comment: commentOf(definition) }));
}

function tableText({ name, definition }: TableModel, { source, classOf, remainder }: ClassContext): string {
  const { kind, schemafull, drop, changefeed, permissions } = definition;
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
    comment: commentOf(definition),
  });
  return decoratorText(source.use('Table'), options);
}

function eventText({ name, when, then, async, retry, ...event }: EventModel, source: Source): string {
  const steps = then.map((step) => surqlText(step, source));
  const options = objectText({
    name: quoted(name),
    when: when === 'true' ? undefined : surqlText(when, source),
    then: steps.length === 1 ? (steps[0] as string) : `[${steps.join(', ')}]`,
    async: async === true ? 'true' : undefined,
    retry: async === true && retry !== undefined ? String(retry) : undefined,
    comment: commentOf(event),
  });
  return decoratorText(source.use('Event'), options);
}

function analyzerText({ name, tokenizers, filters, function: fn, comment }: AnalyzerModel, source: Source): string {
  const list = (words: readonly string[]): string | undefined =>
    words.length === 0 ? undefined : `[${words.map((word) => quoted(word.toLowerCase())).join(', ')}]`;
  const options = objectText({
    name: quoted(name),
    tokenizers: list(tokenizers),
    filters: list(filters),
    function: fn === undefined ? undefined : quoted(fn),
    comment: comment === undefined ? undefined : quoted(comment),
  });
  return decoratorText(source.use('Analyzer'), options);
}
