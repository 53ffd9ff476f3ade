import type {
  EntityMetadata,
  FieldMetadata,
  LinkMetadata,
  LinksMetadata,
  PropertyMetadata,
} from '../metadata/entity-metadata.js';
import { admitsNone, admitsNull, valueMembers } from '../types/admits.js';

/** What has to be known of an index's column to tell whether a read through it is right. */
export interface IndexedColumn {
  readonly name: string;
  readonly mayLack: boolean;
  readonly datetime: boolean;
  /** `tags.*`: the elements of a list. */
  readonly each: boolean;
  readonly indexable: boolean;
}

const SCALAR_KINDS: ReadonlySet<string> = new Set([
  'bool',
  'int',
  'float',
  'number',
  'decimal',
  'string',
  'uuid',
  'duration',
  'record',
  'bytes',
  'literal',
  'datetime',
]);

/** The column that an index names by its path; one whose type is not known is not used. */
export function describeColumn(meta: EntityMetadata, name: string): IndexedColumn {
  const each = name.endsWith('.*');
  const parts = (each ? name.slice(0, -2) : name).split('.');
  let fields: readonly PropertyMetadata[] = meta.properties;
  let found: FieldMetadata | LinkMetadata | LinksMetadata | undefined;
  let mayLack = meta.schema === 'less';
  for (const part of parts) {
    const next = fields.find(
      (field): field is FieldMetadata | LinkMetadata | LinksMetadata =>
        'column' in field && field.kind !== 'computed' && field.column === part,
    );
    if (next === undefined) return { name, mayLack: true, datetime: false, each, indexable: false };
    found = next;
    mayLack ||= admitsNone(next.type) || admitsNull(next.type);
    fields = next.kind === 'field' && next.embedded !== undefined && !next.embeddedMany ? next.embedded.fields : [];
  }
  const members = found === undefined ? [] : valueMembers(found.type);
  const items = each
    ? members.flatMap((member) => (member.kind === 'array' || member.kind === 'set' ? valueMembers(member.items) : []))
    : members;
  const indexable = items.length > 0 && items.every((member) => SCALAR_KINDS.has(member.kind));
  return {
    name: each ? name.slice(0, -2) : name,
    mayLack,
    datetime: items.some((member) => member.kind === 'datetime'),
    each,
    indexable,
  };
}
