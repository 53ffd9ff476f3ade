import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { Permission, PermissionSet } from '../metadata/options.js';
import { fragment } from '../surrealql/nodes/expressions.js';
import {
  defineTable,
  type DefineTableNode,
  type PermissionClause,
  type PermissionsClause,
} from '../surrealql/nodes/definitions.js';

const TYPES = { normal: 'NORMAL', relation: 'RELATION', any: 'ANY', view: 'ANY' } as const;

/** `DEFINE TABLE` of an entity. */
export function tableDefinition(entity: EntityMetadata): DefineTableNode {
  const { options, edge, view } = entity;
  const { changefeed, comment } = options;
  const permissions = permissionsClause(options.permissions);
  return defineTable({
    name: entity.table,
    type: TYPES[entity.type],
    schemafull: entity.schema === 'full' && view === undefined,
    ...(edge !== undefined && { in: tablesOf(edge.in), out: tablesOf(edge.out), enforced: edge.enforced }),
    ...(options.drop === true && { drop: true }),
    ...(comment !== undefined && { comment }),
    ...(view !== undefined && { as: view.as }),
    ...(changefeed !== undefined && {
      changefeed: { expiry: changefeed.expiry, includeOriginal: changefeed.includeOriginal === true },
    }),
    ...(permissions !== undefined && { permissions }),
  });
}

function tablesOf(entities: readonly EntityMetadata[]): readonly string[] {
  return [...new Set(entities.map((each) => each.table))];
}

/** Permissions as the decorators give them, as a clause. What is not said stays the server's own default. */
export function permissionsClause(given: PermissionSet | 'full' | 'none' | undefined): PermissionsClause | undefined {
  if (given === undefined || typeof given === 'string') return given;
  const said = Object.entries(given).filter(([, permission]) => permission !== undefined);
  return Object.fromEntries(said.map(([operation, permission]) => [operation, permissionOf(permission as Permission)]));
}

/** A condition may be written with the WHERE that stands before it in SurrealQL. */
function permissionOf(permission: Permission): PermissionClause {
  if (typeof permission === 'boolean') return permission ? 'full' : 'none';
  if (typeof permission === 'string') return permission;
  const [first = '', ...more] = permission.strings;
  return fragment([first.replace(/^\s*WHERE\s/i, ''), ...more], permission.values);
}
