import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { FetchNode } from './fetch-node.js';
import { describe, refused } from './query-errors.js';

/** What an instance, or whoever awaits it, understands as something else. */
const RESERVED: ReadonlySet<string> = new Set(['id', 'then', 'constructor', 'prototype', '__proto__', 'toJSON']);
const NAME = /^[A-Za-z_$][\w$]*$/;

/**
 * The names (`as`) that fetched relations are given: none that the entity has already, and each once.
 *
 * @throws ValidationError
 */
export function checkNames(meta: EntityMetadata, nodes: readonly FetchNode[]): void {
  const taken = new Set<string>();
  for (const node of nodes) {
    if (node.as !== undefined) checkName(meta, node, node.as);
    const name = node.as ?? node.property.property;
    if (taken.has(name)) throw twice(node, name);
    taken.add(name);
  }
}

function checkName(meta: EntityMetadata, { property, countAlias }: FetchNode, name: unknown): void {
  const why = wrongName(meta, name);
  if (why !== undefined)
    throw refused({
      path: property.path,
      what: `What is fetched of ${property.path} cannot be called ${describe(name)}`,
      why,
      fix: `{ fetch: { ${property.property}: { as: 'another name' } } }`,
      rule: 'option',
    });
  if (countAlias !== undefined)
    throw refused({
      path: property.path,
      what: `The fetch of ${property.path} takes either \`as\` or \`count\``,
      why: 'the number of all members is told by the relation itself',
      fix: `{ fetch: { ${property.property}: [{ as: '${String(name)}', … }, { count: true, limit: 0 }] } }`,
      rule: 'option',
    });
}

function wrongName(meta: EntityMetadata, name: unknown): string | undefined {
  if (typeof name !== 'string' || !NAME.test(name)) return 'it is no name of a property';
  if (meta.byProperty.has(name)) return `${meta.className} has a property of that name`;
  if (RESERVED.has(name) || name in (meta.target.prototype as object)) return 'the name is taken';
  return undefined;
}

function twice({ property }: FetchNode, name: string): Error {
  return refused({
    path: property.path,
    what: `${property.path} is fetched twice as "${name}"`,
    why: 'only one of them could be shown under that name',
    fix: `give each but one a name of its own: { ${property.property}: [true, { as: 'latest', limit: 3 }] }`,
    rule: 'option',
  });
}
