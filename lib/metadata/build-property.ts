import { parseType } from '../types/parse-type.js';
import type { CollectedProperty } from './collect.js';
import type { DiscoveryContext } from './discovery-context.js';
import { buildField } from './build-field.js';
import { buildEncrypted, buildTimestamp, buildVector, buildVersion } from './build-role-field.js';
import { buildEnd, buildRelation, type EdgeEnds } from './build-relation.js';
import type { ComputedMetadata, EntityClass, PropertyMetadata } from './entity-metadata.js';
import { ANY_TYPE } from './field-type.js';

/** Makes metadata of one property; undefined for the id. */
export function buildProperty(
  context: DiscoveryContext,
  owner: EntityClass,
  collected: CollectedProperty,
  ends: EdgeEnds | undefined,
): PropertyMetadata | undefined {
  const { declaration } = collected;
  switch (declaration.kind) {
    case 'id':
      return undefined;
    case 'field':
      return buildField(context, owner, collected, declaration, []);
    case 'computed':
      return buildComputed(context, collected, declaration);
    case 'relation':
      return buildRelation(context, collected, declaration);
    case 'end':
      return buildEnd(context, collected, declaration, ends);
    case 'vector':
      return buildVector(collected, declaration);
    case 'createdAt':
    case 'updatedAt':
      return buildTimestamp(collected, declaration);
    case 'encrypted':
      return buildEncrypted(collected, declaration);
    case 'version':
      return buildVersion(collected, declaration);
  }
}

function buildComputed(
  context: DiscoveryContext,
  { property, path, hidden }: CollectedProperty,
  { expression, options }: CollectedProperty['declaration'] & { readonly kind: 'computed' },
): ComputedMetadata {
  const text = options.type;
  const type = text === undefined ? ANY_TYPE : context.problems.catching(path, () => parseType(text));
  return Object.freeze({
    kind: 'computed',
    property,
    path,
    column: options.name === undefined ? property : options.name,
    type: type === undefined ? ANY_TYPE : type,
    expression,
    stored: options.stored === true,
    hidden: hidden || options.hidden === true,
    ...(options.comment !== undefined && { comment: options.comment }),
  });
}
