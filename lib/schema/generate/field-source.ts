import { parseType } from '../../types/parse-type.js';
import { printType } from '../../types/print-type.js';
import type { SurrealType } from '../../types/surreal-type.js';
import { elementType, mentions } from '../element-type.js';
import { isBelow, pathKey, pathText } from '../field-path.js';
import type { FieldModel } from '../model.js';
import { isHiddenField } from '../partial-index.js';
import { constraintsOf } from './constraint-source.js';
import { defaultText } from './default-source.js';
import { pascal, propertyName } from './names.js';
import { ownText } from './own-source.js';
import { isRefined, permissionsText, commentOf } from './field-parts.js';
import { decoratorText, objectText, quoted, surqlText, type Source } from './source.js';
import { tsType, withoutNone } from './ts-type.js';
import { vectorText } from './vector-source.js';
import type { ClassContext, PropertySource, ReadField, Written } from './written.js';

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
      typeof path.at(-1) === 'string' &&
      !isHiddenField(path),
  );
  return own.map((field) => {
    const column = field.path.at(-1) as string;
    const property = propertyName(column, used);
    used.add(property);
    const { written, needs } = context.source.part(() => writtenField(field, property, fields, context));
    return {
      column,
      property,
      type: printType(parseType(field.kind ?? 'any')),
      text: propertyText(property, written),
      needs,
      ...(written.embedded !== undefined && { embedded: written.embedded }),
      ...(written.leadsTo !== undefined && { leadsTo: written.leadsTo }),
    };
  });
}

function propertyText(property: string, { decorator, isFixed, optional, type }: Written): string {
  return `  ${decorator}\n  ${isFixed === true ? 'readonly ' : ''}${property}${optional ? '?' : '!'}: ${type};`;
}

function writtenField(
  field: FieldModel,
  property: string,
  fields: readonly FieldModel[],
  context: ClassContext,
): Written {
  const column = field.path.at(-1) as string;
  const type = parseType(field.kind ?? 'any');
  const read: ReadField<SurrealType> = { field, type, name: property === column ? undefined : quoted(column) };
  const below = fields.filter(({ path }) => isBelow(path, field.path));
  const written =
    vectorText(read, context) ??
    linkText(read, context) ??
    embeddedText(read, below, context) ??
    ownText(read, context) ??
    plainText(read, context);
  noteUnsaid(field, written, context);
  if (!written.covers) noteUncovered(field, type, below, context);
  return written;
}

function plainText({ field, type, name }: ReadField<SurrealType>, { source }: ClassContext): Written {
  const bare = withoutNone(type);
  const text = (surql: string | undefined) => (surql === undefined ? undefined : surqlText(surql, source));
  const comment = commentOf(field);
  if (field.computed !== undefined) {
    const decorator = decoratorText(
      source.use('Computed'),
      surqlText(field.computed, source),
      objectText({ type: quoted(printType(type)), name, comment }),
    );
    return { decorator, type: tsType(bare.type, source), optional: bare.optional, covers: false, isFixed: true };
  }
  const constraints = constraintsOf(field.assert, bare.type, source);
  const preset = field.default === undefined ? undefined : defaultText(field.default, bare.type, source);
  // Beside a type text there is no `enum`.
  const isInOptions = constraints.enum !== undefined;
  const options = objectText({
    type: isInOptions ? quoted(typeText(type)) : undefined,
    enum: constraints.enum,
    name,
    precision: constraints.precision,
    scale: constraints.scale,
    ...(field.defaultAlways ? { defaultAlways: preset } : { default: preset }),
    value: text(field.value),
    assert: constraints.assert,
    readonly: field.readonly ? 'true' : undefined,
    flexible: field.flexible ? 'true' : undefined,
    permissions: permissionsText(field.permissions, true, source),
    comment,
  });
  const read = constraints.type ?? tsType(bare.type, source);
  return {
    decorator: decoratorText(source.use('Field'), isInOptions ? undefined : quoted(typeText(type)), options),
    type: field.default === undefined || bare.optional ? read : `${source.useType('Opt')}<${read}>`,
    optional: bare.optional,
    covers: false,
  };
}

/** `option<…>` rather than `none | …` where one type is optional. */
function typeText(type: SurrealType): string {
  const bare = withoutNone(type);
  return bare.optional && bare.type.kind !== 'union' ? `option<${printType(bare.type)}>` : printType(type);
}

/** A link that the server keeps references of; one without them is a plain field. */
function linkText(
  { field, type, name }: ReadField<SurrealType>,
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
  const wrapper = source.useType(many ? 'Links' : 'Link');
  const decorator = decoratorText(source.use('Relation'), `() => ${targets}`, options);
  return { decorator, type: `${wrapper}<${classes.join(' | ')}>`, optional, covers: true, leadsTo: record.tables };
}

function onDeleteText(reference: unknown, source: Source): string | undefined {
  const action = String((reference as { readonly on_delete?: unknown }).on_delete ?? 'IGNORE');
  if (action === 'IGNORE') return undefined;
  const script = /^THEN\s+([^]*)$/.exec(action)?.[1];
  return script === undefined ? quoted(action.toLowerCase()) : surqlText(script, source);
}

function embeddedText(
  { field, type, name }: ReadField<SurrealType>,
  below: readonly FieldModel[],
  context: ClassContext,
): Written | undefined {
  const { optional, type: bare } = withoutNone(type);
  const many = bare.kind === 'array' && bare.max === undefined && bare.items.kind === 'object';
  if (!(many || bare.kind === 'object') || field.flexible || below.length === 0) return undefined;
  const each = below.flatMap(({ path }) => path.slice(-1)).find((part) => typeof part === 'symbol');
  const around = many && each !== undefined ? [...field.path, each] : field.path;
  const named = below.filter(({ path }) => path.length === around.length + 1);
  if (named.length === 0) return undefined;
  const className = context.embeddedName(`${context.className}${pascal(String(field.path.at(-1)))}`);
  const properties = propertySources(below, around, { ...context, className, vectors: new Map() });
  const { source } = context;
  const preset = field.default === undefined ? undefined : defaultText(field.default, bare, source);
  const options = objectText({
    name,
    optional: optional ? 'true' : undefined,
    ...(field.defaultAlways ? { defaultAlways: preset } : { default: preset }),
    value: field.value === undefined ? undefined : surqlText(field.value, source),
    assert: field.assert === undefined ? undefined : surqlText(field.assert, source),
    readonly: field.readonly ? 'true' : undefined,
    permissions: permissionsText(field.permissions, true, source),
    comment: commentOf(field),
  });
  return {
    decorator: decoratorText(source.use('Field'), `() => ${many ? `[${className}]` : className}`, options),
    type: many ? `${className}[]` : className,
    optional,
    covers: true,
    embedded: { className, properties },
  };
}

/** What a link alone says, of a field that is none to a class; and the type that a class has to give a field without one. */
function noteUnsaid(field: FieldModel, { decorator }: Written, { remainder }: ClassContext): void {
  const name = pathText(field.path);
  if (field.reference !== undefined && !decorator.startsWith('@Relation'))
    remainder.push(
      `field ${name}: REFERENCE ON DELETE ${String((field.reference as { on_delete?: unknown }).on_delete)}`,
    );
  if (field.kind === undefined) remainder.push(`field ${name}: it has no type, which is any`);
}

/** What the server makes by itself below an array needs no words; anything else below a plain field has none. */
function noteUncovered(
  field: FieldModel,
  type: SurrealType,
  below: readonly FieldModel[],
  context: ClassContext,
): void {
  const implied = new Map<string, SurrealType>();
  let path = field.path;
  for (let item = elementType(type); item !== undefined; item = elementType(item)) {
    const each = below.find((one) => one.path.length === path.length + 1 && typeof one.path.at(-1) === 'symbol');
    if (each === undefined) {
      if (item.kind === 'any')
        context.remainder.push(`field ${pathText(path)}.*: none is defined, which is less than any`);
      break;
    }
    path = each.path;
    implied.set(pathKey(path), item);
  }
  for (const one of below) {
    const made = implied.get(pathKey(one.path));
    const isPlain = !isRefined({ ...one, flexible: false }) && one.computed === undefined;
    const isMade = made !== undefined && printType(parseType(one.kind ?? 'any')) === printType(made);
    const isFlexible = made !== undefined && field.flexible && mentions(made, 'object');
    if (isPlain && isMade && one.flexible === isFlexible) continue;
    context.remainder.push(`field ${pathText(one.path)}: ${one.kind ?? 'any'}`);
  }
}
