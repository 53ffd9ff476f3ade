import type { SurrealType } from '../types/surreal-type.js';
import { buildRelation } from './build-relation.js';
import { buildTimestamp, buildVector } from './build-role-field.js';
import { classText } from './class-text.js';
import { collect, type CollectedProperty, type Declared } from './collect.js';
import { defaultValue } from './default-value.js';
import { typeOfConstructor } from './design-type.js';
import { isArrow, resolveClasses, type DiscoveryContext } from './discovery-context.js';
import type {
  EmbeddedMetadata,
  EntityClass,
  FieldCodec,
  FieldMetadata,
  LinkMetadata,
  LinksMetadata,
} from './entity-metadata.js';
import { enumValuesOf, fieldType } from './field-type.js';
import { freezeField } from './freeze-field.js';
import type { FieldOptions } from './options.js';
import { withoutUndefined } from './without-undefined.js';

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
    defaultAlways: isFlag(options) ? options.defaultAlways === true : options.defaultAlways !== undefined,
    flexible: options.flexible === true,
    lazy: options.lazy === true,
    embeddedMany: embedded?.many === true,
  });
}

/** Beside a default it says whether that is one for each write; alone it is the value. */
function isFlag({ default: preset, defaultAlways }: FieldOptions): boolean {
  return preset !== undefined && typeof defaultAlways === 'boolean';
}

/** The value of a codec is its own business. */
function presetOf(type: SurrealType, { default: preset, defaultAlways, codec }: FieldOptions): unknown {
  const given = defaultAlways === undefined || isFlag({ default: preset, defaultAlways }) ? preset : defaultAlways;
  return codec === undefined ? defaultValue(type, given) : given;
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

/** A class inside an object field: its own fields and links, with paths from the entity. */
function buildEmbedded(
  context: DiscoveryContext,
  target: EntityClass,
  path: string,
  around: readonly EntityClass[],
): EmbeddedMetadata {
  const { className, properties } = collect(target, context.problems);
  if (around.includes(target)) {
    context.problems.add(
      path,
      `${className} holds itself; a class inside itself has no end`,
      `@Field('object', { flexible: true })`,
    );
    return Object.freeze({ target, className, fields: Object.freeze([]) });
  }
  if (properties.length === 0) {
    context.problems.add(
      path,
      `the embedded class ${className} declares no field`,
      `class ${className} { @Field('string') … }`,
    );
  }
  const fields = properties.flatMap((each) => {
    const built = buildMember(context, target, { ...each, path: `${path}.${each.property}` }, [...around, target]);
    return built === undefined ? [] : [built];
  });
  return Object.freeze({ target, className, fields: Object.freeze(fields) });
}

function buildMember(
  context: DiscoveryContext,
  owner: EntityClass,
  collected: CollectedProperty,
  around: readonly EntityClass[],
): FieldMetadata | LinkMetadata | LinksMetadata | undefined {
  const { declaration, path } = collected;
  if (collected.softDelete !== undefined)
    context.problems.add(path, 'an embedded class cannot have @SoftDelete; it belongs to the entity');
  switch (declaration.kind) {
    case 'field':
      return buildField(context, owner, collected, declaration, around);
    case 'createdAt':
    case 'updatedAt':
      return buildTimestamp(collected, declaration);
    case 'vector':
      return buildVector(collected, declaration);
    case 'relation': {
      const relation = buildRelation(context, collected, declaration);
      if (relation?.kind === 'link' || relation?.kind === 'links') return relation;
      if (relation !== undefined)
        context.problems.add(path, 'an embedded class has no record of its own, so it has no edges and no inverse');
      return undefined;
    }
    default:
      context.problems.add(
        path,
        `an embedded class cannot have ${decoratorOf(declaration.kind)}; it belongs to the entity`,
      );
      return undefined;
  }
}

function decoratorOf(kind: CollectedProperty['declaration']['kind']): string {
  return { id: '@Id', end: '@In or @Out', computed: '@Computed', encrypted: '@Encrypted', version: '@Version' }[
    kind as 'id' | 'end' | 'computed' | 'encrypted' | 'version'
  ];
}
