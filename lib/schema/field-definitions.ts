import { keepsReference } from '../metadata/references.js';
import { MetadataError } from '../errors/index.js';
import type {
  ComputedMetadata,
  EntityMetadata,
  FieldMetadata,
  LinkMetadata,
  LinksMetadata,
} from '../metadata/entity-metadata.js';
import { defineField, type DefineFieldNode } from '../surrealql/nodes/definitions.js';
import { EACH, value, type Expression } from '../surrealql/nodes/expressions.js';
import { isFragment } from '../surrealql/surql.js';
import { elementType, mentions } from './element-type.js';
import { fieldAssertion } from './field-assertion.js';
import type { FieldPath } from './field-path.js';
import { hashOnce } from './hash-once.js';
import { permissionsClause } from './table-definition.js';
import type { WantedField } from './wanted.js';

/** Whose fields they are. */
type Owner = Pick<EntityMetadata, 'table' | 'schema'>;
type Column = FieldMetadata | ComputedMetadata | LinkMetadata | LinksMetadata;

/**
 * Every `DEFINE FIELD` of an entity, parents before what stands below them. None for the id: where one is defined the server
 * refuses to write a record twice in one transaction (3.0.2: "changed value for field `id`"). Keys are checked in the client.
 */
export function fieldDefinitions(entity: EntityMetadata): readonly WantedField[] {
  if (entity.type === 'view') return [];
  return entity.properties.flatMap((property) =>
    'column' in property ? columnDefinitions(entity, property, [property.column]) : [],
  );
}

function columnDefinitions(owner: Owner, property: Column, path: FieldPath): readonly WantedField[] {
  const [own, ...more] = ownDefinitions(owner, property, path);
  const { renamedFrom } = property;
  if (own === undefined || renamedFrom === undefined) return own === undefined ? [] : [own, ...more];
  return [{ ...own, renamedFrom: Object.freeze([...path.slice(0, -1), renamedFrom]), keepsOld: true }, ...more];
}

function ownDefinitions(owner: Owner, property: Column, path: FieldPath): readonly WantedField[] {
  const { table } = owner;
  switch (property.kind) {
    case 'computed':
      return withElements(computedDefinition(table, property, path));
    case 'link':
      // The server defines the ends of an edge together with its table.
      return property.end === undefined ? [linkDefinition(table, property, path)] : [];
    case 'links':
      return withElements(linkDefinition(table, property, path));
    case 'field':
      return storedDefinitions(owner, property, path);
  }
}

function storedDefinitions(owner: Owner, field: FieldMetadata, path: FieldPath): readonly WantedField[] {
  const { table } = owner;
  // A SCHEMALESS table takes any key of any object, and the word in no definition.
  const flexible = field.flexible && owner.schema === 'full';
  const preset = defaultOf(field);
  const assert = fieldAssertion(field);
  const made = field.algorithm === undefined ? field.value : hashOnce(field.algorithm);
  const node = defineField({
    table,
    path,
    type: field.type,
    ...(flexible && { flexible: true }),
    ...(preset !== undefined && { default: Object.freeze({ value: preset, always: field.defaultAlways }) }),
    ...(field.immutable && { readonly: true }),
    ...(made !== undefined && { value: made }),
    ...(assert !== undefined && { assert }),
    ...shared(field),
  });
  const backfill = field.role === 'updatedAt' ? field.value : preset;
  const own = withElements({ node, implied: false, ...(backfill !== undefined && { backfill }) });
  const around: FieldPath = field.embeddedMany ? [...path, EACH] : path;
  const below = field.embedded?.fields.flatMap((each) => columnDefinitions(owner, each, [...around, each.column]));
  return below === undefined ? own : [...own, ...below];
}

/** The default as an expression. A function is called in the client for each entity, so the server knows nothing of it. */
function defaultOf(field: FieldMetadata): Expression | undefined {
  const preset = field.default;
  if (preset === undefined || typeof preset === 'function') return undefined;
  if (preset === null && !field.nullable) return undefined;
  return isFragment(preset) ? preset : value(preset);
}

function computedDefinition(table: string, computed: ComputedMetadata, path: FieldPath): WantedField {
  const { expression, stored, type } = computed;
  const node = defineField({
    table,
    path,
    type,
    ...(stored ? { value: expression } : { computed: expression }),
    ...shared(computed),
  });
  return { node, implied: false, ...(stored && { backfill: expression, recompute: true }) };
}

const ON_DELETE = { reject: 'REJECT', cascade: 'CASCADE', ignore: 'IGNORE', unset: 'UNSET' } as const;

function linkDefinition(table: string, link: LinkMetadata | LinksMetadata, path: FieldPath): WantedField {
  const { onDelete } = link;
  if (path.length > 1 && onDelete !== 'ignore') throw nestedReference(link);
  const reference = path.length === 1 && keepsReference(link);
  const node = defineField({
    table,
    path,
    type: link.type,
    ...(reference && { reference: { onDelete: typeof onDelete === 'string' ? ON_DELETE[onDelete] : onDelete } }),
    ...shared(link),
  });
  return { node, implied: false };
}

function nestedReference(link: LinkMetadata | LinksMetadata): MetadataError {
  return new MetadataError({
    what: `${link.path} cannot have onDelete`,
    why: 'SurrealDB knows references (REFERENCE ON DELETE …) at the top level of a record only, and this link stands in an embedded class',
    fix: [
      'move the link to the entity itself',
      'leave onDelete out and remove the link in the code that deletes its target',
    ],
  });
}

function shared(column: Column): Partial<DefineFieldNode> {
  const permissions = permissionsClause(column.permissions);
  return {
    ...(column.comment !== undefined && { comment: column.comment }),
    ...(permissions !== undefined && { permissions }),
  };
}

/**
 * A field together with the elements of its array. The server defines them itself, except where it leaves them without the
 * right to hold an object: below a FLEXIBLE array, and below one of `any`, whose elements it gives a type that only prints as
 * `any` (or none at all).
 */
function withElements(field: WantedField): readonly WantedField[] {
  const { node } = field;
  const items = node.type === undefined || node.computed !== undefined ? undefined : elementType(node.type);
  if (items === undefined) return [field];
  const flexible = node.flexible === true && mentions(items, 'object');
  const element = defineField({
    exists: 'overwrite',
    table: node.table,
    path: [...node.path, EACH],
    type: items,
    ...(flexible && { flexible: true }),
  });
  return [field, ...withElements({ node: element, implied: !flexible && items.kind !== 'any' })];
}
