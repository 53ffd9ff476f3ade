import { admitsNone, admitsNull } from '../types/admits.js';
import { optionOf } from '../types/parse-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import { buildEmbedded } from './build-embedded.js';
import type { CollectedProperty } from './collect.js';
import { classText } from './class-text.js';
import { defaultValue } from './default-value.js';
import { typeOfConstructor } from './design-type.js';
import { isArrow, resolveClasses, type DiscoveryContext } from './discovery-context.js';
import type { EntityClass, FieldCodec, FieldMetadata, VectorMetadata } from './entity-metadata.js';
import { enumValuesOf, fieldType } from './field-type.js';
import type { FieldOptions } from './options.js';
import { serverTime } from './server-time.js';
import { withoutUndefined } from './without-undefined.js';

type Declared<K extends CollectedProperty['declaration']['kind']> = CollectedProperty['declaration'] & {
  readonly kind: K;
};

/** `@Field`: a scalar, an object, an embedded class or an array of them. */
export function buildField(
  context: DiscoveryContext,
  owner: EntityClass,
  collected: CollectedProperty,
  declaration: Declared<'field'>,
  around: readonly EntityClass[],
): FieldMetadata {
  const { property, path } = collected;
  const { options } = declaration;
  const embedded =
    declaration.embedded === undefined ? undefined : embeddedClass(context, path, property, declaration.embedded);
  const enumValues = enumValuesOf(options.enum);
  const type = fieldType(context, { owner, property, path, options, embeddedMany: embedded?.many, enumValues });
  return freezeField(collected, type, options, {
    ...withoutUndefined({
      default: presetOf(type, options),
      value: options.value,
      assert: options.assert,
      generate: options.generate,
      codec: options.codec as FieldCodec | undefined,
      enumValues,
      precision: typeof options.precision === 'number' ? options.precision : undefined,
      scale: options.scale,
      permissions: options.permissions,
      renamedFrom: options.renamedFrom,
      embedded: embedded?.target && buildEmbedded(context, embedded.target, path, around),
    }),
    ...(collected.softDelete !== undefined && { role: 'softDelete' as const }),
    immutable: options.readonly === true,
    defaultAlways: options.defaultAlways !== undefined,
    flexible: options.flexible === true,
    lazy: options.lazy === true,
    embeddedMany: embedded?.many === true,
  });
}

/** The value of a codec is its own business. */
function presetOf(type: SurrealType, { default: preset, defaultAlways, codec }: FieldOptions): unknown {
  const given = defaultAlways === undefined ? preset : defaultAlways;
  return codec === undefined ? defaultValue(type, given) : given;
}

/** `@CreatedAt` and `@UpdatedAt`. */
export function buildTimestamp(
  collected: CollectedProperty,
  { kind, options }: Declared<'createdAt' | 'updatedAt'>,
): FieldMetadata {
  const time = serverTime(options.precision);
  return freezeField(collected, DATETIME, options, {
    role: kind,
    serverProduced: true,
    ...(kind === 'createdAt' ? { default: time, immutable: true } : { value: time }),
    ...(options.codec !== undefined && { codec: options.codec as FieldCodec }),
  });
}

/** `@Version`: rows written past the unit of work start at 1 or at their time, as those of a flush do. */
export function buildVersion(collected: CollectedProperty, { options }: Declared<'version'>): FieldMetadata {
  return options.type === 'datetime'
    ? freezeField(collected, DATETIME, options, { role: 'version', serverProduced: true, default: serverTime('ms') })
    : freezeField(collected, INT, options, { role: 'version', default: 1 });
}

/** `@Encrypted`. */
export function buildEncrypted(
  collected: CollectedProperty,
  { algorithm, options }: Declared<'encrypted'>,
): FieldMetadata {
  return freezeField(collected, options.optional === true ? optionOf(STRING) : STRING, options, {
    role: 'encrypted',
    hidden: true,
    algorithm,
    ...withoutUndefined({ permissions: options.permissions }),
  });
}

/** `@VectorField`. */
export function buildVector(collected: CollectedProperty, { options }: Declared<'vector'>): FieldMetadata {
  const { dimension, distance, type, efc, m, degree, buildWidth, alpha, index, indexName } = options;
  const vector: VectorMetadata = Object.freeze({
    dimension,
    distance: distance === undefined ? 'euclidean' : distance,
    type: type === undefined ? 'F32' : type,
    index: index === undefined ? true : index,
    ...withoutUndefined({ efc, m, degree, buildWidth, alpha, indexName }),
  });
  return freezeField(collected, options.optional === true ? optionOf(FLOATS) : FLOATS, options, {
    role: 'vector',
    vector,
  });
}

const DATETIME: SurrealType = Object.freeze({ kind: 'datetime' });
const STRING: SurrealType = Object.freeze({ kind: 'string' });
const INT: SurrealType = Object.freeze({ kind: 'int' });
const FLOATS: SurrealType = Object.freeze({ kind: 'array', items: Object.freeze({ kind: 'float' }) });

function freezeField(
  { property, path, hidden, concurrencyCheck }: CollectedProperty,
  type: SurrealType,
  options: Pick<FieldOptions, 'name' | 'hidden' | 'comment'>,
  rest: Partial<FieldMetadata>,
): FieldMetadata {
  return Object.freeze({
    kind: 'field',
    property,
    path,
    column: options.name === undefined ? property : options.name,
    type,
    role: 'plain',
    hidden: hidden || options.hidden === true,
    immutable: false,
    serverProduced: false,
    optional: admitsNone(type),
    nullable: admitsNull(type),
    defaultAlways: false,
    flexible: false,
    embeddedMany: false,
    lazy: false,
    concurrencyCheck,
    ...(options.comment !== undefined && { comment: options.comment }),
    ...rest,
  });
}

/** `() => Address`, or `() => [Address]` for an array of them. */
function embeddedClass(
  context: DiscoveryContext,
  path: string,
  property: string,
  lazy: () => unknown,
): { readonly target: EntityClass | undefined; readonly many: boolean } {
  const given: unknown = isArrow(lazy) ? context.problems.catching(path, lazy) : lazy;
  const many = Array.isArray(given);
  const named: unknown = many ? (given as readonly unknown[])[0] : given;
  const type = typeOfConstructor(named);
  if (type !== undefined) {
    const write = `@Field('${many ? `array<${type}>` : type}') ${property}`;
    context.problems.add(path, `its type is written as a text, it was given ${classText(named)}`, write);
    return { target: undefined, many };
  }
  const classes = isArrow(lazy) ? () => given : lazy;
  const [target] = resolveClasses(context, path, classes, `@Field(() => Address) ${property}`);
  return { target, many };
}
