import { parseType } from '../../types/parse-type.js';
import { printType } from '../../types/print-type.js';
import type { SurrealType } from '../../types/surreal-type.js';
import { elementType } from '../element-type.js';
import { isBelow, pathKey, pathText } from '../field-path.js';
import type { FieldModel, IndexModel } from '../model.js';
import { pascal, propertyName } from './names.js';
import { objectText, quoted, surqlText, type Source } from './source.js';
import { tsType, withoutNone } from './ts-type.js';

/** Where a generated class stands: its source, the classes of other tables, and what has no words here. */
export interface ClassContext {
  readonly source: Source;
  /** Of embedded classes. */
  readonly className: string;
  readonly classOf: (table: string) => string | undefined;
  /** The vector index over a column. */
  readonly vectors: ReadonlyMap<string, IndexModel>;
  /** Texts of embedded classes, inner ones first. */
  readonly embedded: string[];
  readonly remainder: string[];
}

/** A property of a generated class. */
export interface PropertySource {
  readonly column: string;
  readonly property: string;
  readonly text: string;
}

/** The properties of the fields that stand right below a path, `[]` for the table itself. */
export function propertySources(
  fields: readonly FieldModel[],
  prefix: FieldModel['path'],
  context: ClassContext,
): readonly PropertySource[] {
  const used = new Set<string>();
  const own = fields.filter(
    ({ path }) =>
      path.length === prefix.length + 1 &&
      (prefix.length === 0 || isBelow(path, prefix)) &&
      typeof path.at(-1) === 'string',
  );
  return own.map((field) => {
    const column = field.path.at(-1) as string;
    const property = propertyName(column, used);
    used.add(property);
    return { column, property, text: propertyText(field, property, fields, context) };
  });
}

function propertyText(
  field: FieldModel,
  property: string,
  fields: readonly FieldModel[],
  context: ClassContext,
): string {
  const column = field.path.at(-1) as string;
  const type = parseType(field.kind ?? 'any');
  const renamed = property === column ? undefined : quoted(column);
  const below = fields.filter(({ path }) => isBelow(path, field.path));
  const vector = field.path.length === 1 ? context.vectors.get(column) : undefined;
  const written =
    (vector && vectorText(field, type, vector, renamed, context)) ??
    linkText(field, type, renamed, context) ??
    embeddedText(field, type, below, renamed, context) ??
    plainText(field, type, renamed, context);
  if (!written.covers) noteUncovered(field, type, below, context);
  const mark = written.optional ? '?' : '!';
  const fixed = field.computed === undefined ? '' : 'readonly ';
  return `  ${written.decorator}\n  ${fixed}${property}${mark}: ${written.type};`;
}

interface Written {
  readonly decorator: string;
  readonly type: string;
  readonly optional: boolean;
  /** Says what stands below the field, too. */
  readonly covers: boolean;
}

function plainText(field: FieldModel, type: SurrealType, name: string | undefined, context: ClassContext): Written {
  const { source } = context;
  const bare = withoutNone(type);
  const read = tsType(bare.type, source);
  const text = (surql: string | undefined) => (surql === undefined ? undefined : surqlText(surql, source));
  if (field.computed !== undefined) {
    const options = objectText({ type: quoted(printType(type)), name, comment: commentOf(field) });
    const decorator = `@${source.use('Computed')}(${surqlText(field.computed, source)}, ${options})`;
    return { decorator, type: read, optional: bare.optional, covers: false };
  }
  const options = objectText({
    name,
    ...(field.defaultAlways ? { defaultAlways: text(field.default) } : { default: text(field.default) }),
    value: text(field.value),
    assert: text(field.assert),
    readonly: field.readonly ? 'true' : undefined,
    flexible: field.flexible ? 'true' : undefined,
    permissions: permissionsText(field.permissions, true, source),
    comment: commentOf(field),
  });
  const shown = bare.optional ? `option<${printType(bare.type)}>` : printType(type);
  const typeText = quoted(bare.optional && bare.type.kind === 'union' ? printType(type) : shown);
  const decorator = `@${source.use('Field')}(${[typeText, options].filter((each) => each !== undefined).join(', ')})`;
  const given = field.default === undefined || bare.optional ? read : `${source.useType('Opt')}<${read}>`;
  return { decorator, type: given, optional: bare.optional, covers: false };
}

/** A link that the server keeps references of; one without them is a plain field. */
function linkText(
  field: FieldModel,
  type: SurrealType,
  name: string | undefined,
  { source, classOf }: ClassContext,
): Written | undefined {
  const { optional, type: bare } = withoutNone(type);
  const many = bare.kind === 'array' && bare.max === undefined;
  const record = many ? bare.items : bare;
  if (field.reference === undefined || record.kind !== 'record' || record.tables.length === 0) return undefined;
  if (isRefined(field)) return undefined;
  const classes = record.tables.map(classOf);
  if (classes.some((each) => each === undefined)) return undefined;
  const targets = classes.length === 1 ? (classes[0] as string) : `[${classes.join(', ')}]`;
  const options = objectText({
    name,
    many: many ? 'true' : undefined,
    optional: optional ? 'true' : undefined,
    onDelete: onDeleteText(field.reference, source),
    permissions: permissionsText(field.permissions, true, source),
    comment: commentOf(field),
  });
  const decorator = `@${source.use('Relation')}(${[`() => ${targets}`, options].filter((each) => each !== undefined).join(', ')})`;
  const wrapper = source.useType(many ? 'Links' : 'Link');
  return { decorator, type: `${wrapper}<${classes.join(' | ')}>`, optional, covers: true };
}

function isRefined({ default: preset, value, assert, readonly, flexible }: FieldModel): boolean {
  return preset !== undefined || value !== undefined || assert !== undefined || readonly || flexible;
}

function onDeleteText(reference: unknown, source: Source): string | undefined {
  const action = String((reference as { readonly on_delete?: unknown }).on_delete ?? 'IGNORE');
  if (action === 'IGNORE') return undefined;
  const script = /^THEN\s+([^]*)$/.exec(action)?.[1];
  return script === undefined ? quoted(action.toLowerCase()) : surqlText(script, source);
}

function embeddedText(
  field: FieldModel,
  type: SurrealType,
  below: readonly FieldModel[],
  name: string | undefined,
  context: ClassContext,
): Written | undefined {
  const { optional, type: bare } = withoutNone(type);
  const many = bare.kind === 'array' && bare.max === undefined && bare.items.kind === 'object';
  if (!(many || bare.kind === 'object') || field.flexible || below.length === 0) return undefined;
  const around = many
    ? [
        ...field.path,
        ...below
          .flatMap(({ path }) => path.slice(-1))
          .filter((part) => typeof part === 'symbol')
          .slice(0, 1),
      ]
    : field.path;
  const named = below.filter(({ path }) => path.length === around.length + 1);
  if (named.length === 0 || isRefined({ ...field, default: undefined })) return undefined;
  const className = `${context.className}${pascal(String(field.path.at(-1)))}`;
  const inner = propertySources(below, around, { ...context, className, vectors: new Map() });
  context.embedded.push(`export class ${className} {\n${inner.map(({ text }) => text).join('\n')}\n}`);
  const options = objectText({
    name,
    optional: optional ? 'true' : undefined,
    default: field.default === undefined ? undefined : surqlText(field.default, context.source),
    permissions: permissionsText(field.permissions, true, context.source),
    comment: commentOf(field),
  });
  const target = many ? `[${className}]` : className;
  const decorator = `@${context.source.use('Field')}(${[`() => ${target}`, options].filter((each) => each !== undefined).join(', ')})`;
  return { decorator, type: many ? `${className}[]` : className, optional, covers: true };
}

function vectorText(
  field: FieldModel,
  type: SurrealType,
  { variant, name: indexName }: IndexModel,
  name: string | undefined,
  { source }: ClassContext,
): Written | undefined {
  const { optional, type: bare } = withoutNone(type);
  const word = (key: string) => new RegExp(`\\b${key} (\\S+)`).exec(variant)?.[1];
  const dimension = word('DIMENSION');
  const column = field.path.at(-1) as string;
  const fits = bare.kind === 'array' && bare.items.kind === 'float' && bare.max === undefined;
  if (!fits || isRefined(field) || field.comment !== undefined) return undefined;
  const minkowski = /DIST MINKOWSKI (\S+)/.exec(variant)?.[1];
  const options = objectText({
    dimension,
    distance: minkowski === undefined ? quoted(String(word('DIST')).toLowerCase()) : `{ minkowski: ${minkowski} }`,
    type: quoted(word('TYPE') ?? 'F32'),
    efc: word('EFC'),
    m: word('M'),
    optional: optional ? 'true' : undefined,
    name,
    indexName: indexName === `${column}_hnsw` ? undefined : quoted(indexName),
  });
  return { decorator: `@${source.use('VectorField')}(${options})`, type: 'number[]', optional, covers: true };
}

/** What the server makes by itself below an array needs no words; anything else below a plain field has none. */
function noteUncovered(
  field: FieldModel,
  type: SurrealType,
  below: readonly FieldModel[],
  context: ClassContext,
): void {
  const implied = new Map<string, string>();
  let path = field.path;
  for (let item = elementType(type); item !== undefined; item = elementType(item)) {
    const each = below.find((one) => one.path.length === path.length + 1 && typeof one.path.at(-1) === 'symbol');
    if (each === undefined) break;
    path = each.path;
    implied.set(pathKey(path), printType(item));
  }
  for (const one of below) {
    const made = implied.get(pathKey(one.path));
    const plain = !isRefined(one) && one.computed === undefined;
    if (plain && made !== undefined && printType(parseType(one.kind ?? 'any')) === made) continue;
    context.remainder.push(`field ${pathText(one.path)}: ${one.kind ?? 'any'}`);
  }
}

const commentOf = ({ comment }: { readonly comment?: string }): string | undefined =>
  comment === undefined ? undefined : quoted(comment);

/** `standard` is what the server takes where nothing is said. */
export function permissionsText(given: unknown, standard: boolean, source: Source): string | undefined {
  const entries = Object.entries((given ?? {}) as Readonly<Record<string, unknown>>);
  if (entries.every(([, permission]) => permission === standard)) return undefined;
  if (entries.every(([, permission]) => permission === !standard)) return quoted(standard ? 'none' : 'full');
  return objectText(
    Object.fromEntries(
      entries.map(([operation, permission]) => [
        operation,
        typeof permission === 'string' ? surqlText(permission, source) : String(permission),
      ]),
    ),
  );
}
