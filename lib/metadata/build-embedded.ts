import { buildField, buildTimestamp, buildVector } from './build-field.js';
import { buildRelation } from './build-relation.js';
import { collect, type CollectedProperty } from './collect.js';
import type { DiscoveryContext } from './discovery-context.js';
import type { EmbeddedMetadata, EntityClass, FieldMetadata, LinkMetadata, LinksMetadata } from './entity-metadata.js';

/** A class inside an object field: its own fields and links, with paths from the entity. */
export function buildEmbedded(
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
