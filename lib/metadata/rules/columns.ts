import type { FieldMetadata, LinkMetadata, LinksMetadata, PropertyMetadata } from '../entity-metadata.js';
import type { Problems } from '../problems.js';
import type { Rule } from './rule.js';

/** Names that mean something else on an instance: `then` would make it awaitable, the others are JavaScript's own. */
export const RESERVED_PROPERTIES: ReadonlySet<string> = new Set([
  'then',
  'constructor',
  'prototype',
  '__proto__',
  'toJSON',
  'hasOwnProperty',
]);

/** Every property has a name of its own that an instance may have, and a column that no other has. */
export const checkColumns: Rule = ({ entity, problems }) => check(entity.className, entity.properties, problems, true);

function check(owner: string, properties: readonly PropertyMetadata[], problems: Problems, top: boolean): void {
  const taken = new Map<string, string>();
  for (const each of properties) {
    if (RESERVED_PROPERTIES.has(each.property)) {
      problems.add(
        each.path,
        `"${each.property}" cannot be the name of a property`,
        `@Field('…', { name: '${each.property}' }) another name`,
      );
    }
    if (!('column' in each)) continue;
    checkColumn(each, problems, top);
    const twin = taken.get(each.column);
    if (twin !== undefined)
      problems.add(
        each.path,
        `${owner}.${twin} has the same column "${each.column}"`,
        `@Field('…', { name: '…' }) ${each.property}`,
      );
    taken.set(each.column, each.property);
    if (each.kind === 'field' && each.embedded !== undefined) check(each.path, each.embedded.fields, problems, false);
  }
}

function checkColumn(
  property: FieldMetadata | LinkMetadata | LinksMetadata | (PropertyMetadata & { column: string }),
  problems: Problems,
  top: boolean,
): void {
  const { column, path } = property;
  if (column === '') problems.add(path, 'the name of the column is empty', `{ name: '…' }`);
  if (top && column === 'id') problems.add(path, 'the column "id" belongs to @Id', '@Id() id');
}
