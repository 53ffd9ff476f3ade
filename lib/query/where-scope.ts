import type {
  EntityMetadata,
  FieldMetadata,
  LinkMetadata,
  LinksMetadata,
  PropertyMetadata,
} from '../metadata/entity-metadata.js';
import { path, pathOf, type Expression, type PathPart } from '../surrealql/nodes/index.js';
import type { QueryContext } from './query-context.js';
import { placeWithin, type ColumnPlace } from './target.js';

/** Where the names of a where are looked up: an entity's row, or an object or a linked record below it. */
export interface WhereScope {
  readonly query: QueryContext;
  /** `User` or `User.address`, for messages. */
  readonly label: string;
  readonly byProperty: ReadonlyMap<string, PropertyMetadata>;
  /** Path from the row to this scope. */
  readonly prefix: readonly PathPart[];
  /** The entity whose row this is; undefined inside an embedded object. */
  readonly meta: EntityMetadata | undefined;
  /** Something on the way here may be missing. */
  readonly mayLack: boolean;
  /** The names belong to another record than the row. */
  readonly linked: boolean;
  /** Of what is named here among the columns of its own record. */
  readonly place: ColumnPlace;
}

export function entityScope(meta: EntityMetadata, query: QueryContext): WhereScope {
  return {
    query,
    label: meta.className,
    byProperty: meta.byProperty,
    prefix: [],
    meta,
    mayLack: false,
    linked: false,
    place: rowPlace(meta, query),
  };
}

function rowPlace(meta: EntityMetadata, query: QueryContext): ColumnPlace {
  return { indexes: query.indexes === undefined ? meta.indexes : query.indexes(meta), column: '' };
}

/** The fields of an embedded class. */
export function embeddedScope(scope: WhereScope, field: FieldMetadata, ownPrefix?: readonly PathPart[]): WhereScope {
  const fields: readonly (FieldMetadata | LinkMetadata | LinksMetadata)[] =
    field.embedded === undefined ? [] : field.embedded.fields;
  return {
    query: scope.query,
    label: `${scope.label}.${field.property}`,
    byProperty: new Map(fields.map((each) => [each.property, each])),
    prefix: ownPrefix === undefined ? [...scope.prefix, field.column] : ownPrefix,
    meta: undefined,
    mayLack: true,
    linked: scope.linked,
    place: placeWithin(scope.place, field.embeddedMany ? `${field.column}.*` : field.column),
  };
}

/** The fields of the record that a link leads to; of one of its targets where there are several. */
export function linkedScope(scope: WhereScope, link: LinkMetadata, meta: EntityMetadata = link.target()): WhereScope {
  return {
    query: scope.query,
    label: `${scope.label}.${link.property}`,
    byProperty: meta.byProperty,
    prefix: [...scope.prefix, link.column],
    meta,
    mayLack: true,
    linked: true,
    place: rowPlace(meta, scope.query),
  };
}

export function columnPath(scope: WhereScope, column: string): Expression {
  return path(...scope.prefix, column);
}

/** `this.prefix`, or nothing where the row itself is meant: where a graph step starts. */
export function rowOf(scope: WhereScope): Expression | undefined {
  return scope.prefix.length === 0 ? undefined : path(...scope.prefix);
}

/** A filter behind an expression: its elements for which the condition holds. */
export function filtered(list: Expression, condition: Expression): Expression {
  return pathOf(list, { where: condition });
}
