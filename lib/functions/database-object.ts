import { ValidationError } from '../errors/index.js';
import type { DatabaseObjectNode, PermissionClause } from '../surrealql/nodes/definitions.js';
import type { SurqlFragment } from '../surrealql/surql.js';

const DEFINITION: unique symbol = Symbol.for('reverie.definition');

/** What `defineFunction`, `defineParam` and `defineSequence` give: schema sync defines it in the database. */
export interface DatabaseObject {
  readonly [DEFINITION]: DatabaseObjectNode;
}

export function isDatabaseObject(candidate: unknown): candidate is DatabaseObject {
  const holds = typeof candidate === 'function' || (typeof candidate === 'object' && candidate !== null);
  return holds && DEFINITION in candidate;
}

export const definitionOf = (object: DatabaseObject): DatabaseObjectNode => object[DEFINITION];

/** What users may say of it beside its own. */
export interface ObjectOptions {
  readonly comment?: string;
  /** Who may use it, of those who are signed in as a record: `'full'` (the default), `'none'`, or a condition. */
  readonly permissions?: 'full' | 'none' | boolean | SurqlFragment<unknown>;
}

export function objectClauses({ comment, permissions }: ObjectOptions): {
  readonly comment?: string;
  readonly permissions?: PermissionClause;
} {
  const clause = typeof permissions === 'boolean' ? (permissions ? 'full' : 'none') : permissions;
  return { ...(comment !== undefined && { comment }), ...(clause !== undefined && { permissions: clause }) };
}

/** Puts the definition onto what stands for the object in queries, where it does not show. */
export function withDefinition<T extends object>(target: T, definition: DatabaseObjectNode): T & DatabaseObject {
  return Object.defineProperty(target, DEFINITION, { value: definition }) as T & DatabaseObject;
}

/** @throws ValidationError for what is no name */
export function checkName(what: string, name: unknown, pattern: RegExp, fix: string): asserts name is string {
  if (typeof name === 'string' && pattern.test(name)) return;
  throw new ValidationError({
    what: `${JSON.stringify(name)} is no name of a ${what}`,
    fix,
    errors: [{ path: 'name', message: `is no name of a ${what}`, rule: 'name' }],
  });
}
