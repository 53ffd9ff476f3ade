import type {
  ComputedMetadata,
  EntityMetadata,
  FieldMetadata,
  LinkMetadata,
  LinksMetadata,
} from '../metadata/entity-metadata.js';
import { path, type Expression } from '../surrealql/nodes/index.js';
import { admitsNone, admitsNull, valueMembers } from '../types/admits.js';
import type { SurrealType } from '../types/surreal-type.js';
import { isNone, NONE, toRecordId } from '../values/index.js';
import { isSecret } from '../metadata/is-secret.js';
import type { QueryContext } from './query-context.js';
import { describe, refused, unreadable } from './query-errors.js';
import { tableInText, toId } from './record-ids.js';
import { isWholeMilliseconds, placeWithin, type Target } from './target.js';
import { encodeEmbedded, encodeTyped } from './typed-value.js';
import { columnPath, type WhereScope } from './where-scope.js';

/** A stored or computed column. */
export function fieldTarget(scope: WhereScope, field: FieldMetadata | ComputedMetadata): Target {
  const label = `${scope.label}.${field.property}`;
  const place = placeWithin(scope.place, field.column);
  if (isSecret(field)) throw unreadable(field);
  const loose = scope.mayLack || scope.meta?.schema === 'less' || field.kind === 'computed';
  const base = typedTarget(columnPath(scope, field.column), field.type, label, loose);
  if (field.kind === 'computed') return base;
  return { ...base, wholeMilliseconds: isWholeMilliseconds(field), encode: fieldEncoder(field, label), place };
}

function fieldEncoder(field: FieldMetadata, label: string): (value: unknown) => unknown {
  const { codec, embedded, type } = field;
  if (codec !== undefined)
    return (given) => encodeTyped(type, given === null || isNone(given) ? given : codec.encode(given), label);
  if (embedded === undefined) return (given) => encodeTyped(type, given, label);
  const one = (given: unknown): unknown =>
    given === null || isNone(given) ? encodeTyped(type, given, label) : encodeEmbedded(embedded, given, label);
  return field.embeddedMany ? (given) => (Array.isArray(given) ? given.map(one) : one(given)) : one;
}

/** Anything of a known type. */
export function typedTarget(expression: Expression, type: SurrealType, label: string, loose: boolean): Target {
  const [member] = valueMembers(type);
  const isList = member !== undefined && (member.kind === 'array' || member.kind === 'set');
  return {
    expression,
    type,
    label,
    mayLack: loose || admitsNone(type) || admitsNull(type),
    wholeMilliseconds: false,
    encode: (given) => encodeTyped(type, given, label),
    ...(isList && { element: typedTarget(expression, member.items, label, true) }),
  };
}

/** A link: compared with anything that names a record of its target. */
export function linkTarget(scope: WhereScope, link: LinkMetadata): Target {
  const label = `${scope.label}.${link.property}`;
  return idTarget(columnPath(scope, link.column), label, link.type, true, linkEncoder(link, scope.query, label));
}

/** The elements of a relation's many side. */
export function memberTarget(
  list: Expression,
  targets: readonly EntityMetadata[],
  query: QueryContext,
  label: string,
): Target {
  const encode = recordEncoder(targets, query, label);
  const element = idTarget(list, label, recordType(targets), true, encode);
  return { ...element, type: { kind: 'array', items: element.type }, element };
}

/** The id of a row; through a link it is the link itself, since `link.id` would read the record. */
export function rowIdTarget(scope: WhereScope, meta: EntityMetadata): Target {
  const label = `${scope.label}.id`;
  const expression = scope.prefix.length === 0 ? path('id') : path(...scope.prefix);
  return idTarget(expression, label, recordType([meta]), scope.mayLack, recordEncoder([meta], scope.query, label));
}

function recordType(targets: readonly EntityMetadata[]): SurrealType {
  return { kind: 'record', tables: targets.map((meta) => meta.table) };
}

function idTarget(
  expression: Expression,
  label: string,
  type: SurrealType,
  mayLack: boolean,
  encode: Target['encode'],
): Target {
  return { expression, type, label, mayLack, wholeMilliseconds: true, encode };
}

function linkEncoder(link: LinkMetadata | LinksMetadata, query: QueryContext, label: string): Target['encode'] {
  const toRecord = recordEncoder(link.targets(), query, label);
  return (given) => (given === null && admitsNull(link.type) ? null : toRecord(given));
}

/** An id of one of the targets. A bare key says nothing where there are several. */
function recordEncoder(targets: readonly EntityMetadata[], query: QueryContext, label: string): Target['encode'] {
  const [only] = targets;
  return (given) => {
    if (given === null || isNone(given)) return NONE;
    if (targets.length === 1 && only !== undefined) return toId(only, given, query, label);
    return idOfSeveral(targets, given, query, label);
  };
}

function idOfSeveral(targets: readonly EntityMetadata[], given: unknown, query: QueryContext, label: string): unknown {
  const table = toRecordId(given)?.table ?? (typeof given === 'string' ? tableInText(given)?.table : undefined);
  // No targets at all is `record`: any table will do.
  const target =
    targets.length === 0 && table !== undefined
      ? query.registry.byTable(table)
      : targets.find((meta) => meta.table === table);
  if (target !== undefined) return toId(target, given, query);
  if (targets.length === 0 && toRecordId(given) !== undefined) return toRecordId(given);
  throw refused({
    path: label,
    what: `${describe(given)} is no id for ${label}`,
    why:
      targets.length === 0
        ? 'the link may lead to any table'
        : `the link leads to ${targets.map((meta) => meta.table).join(' or ')}`,
    fix: "give an entity, a RecordId or text such as 'table:key'",
    rule: 'table',
  });
}
