import { isStandardSchema } from '../../types/index.js';
import type { EntityMetadata } from '../entity-metadata.js';
import type { Rule } from './rule.js';

const TYPES: readonly unknown[] = [undefined, 'normal', 'relation', 'any'];
const SCHEMAS: readonly unknown[] = [undefined, 'full', 'less'];

/** An entity has @Table with the name of its table, and no other entity has that table. */
export const checkTable: Rule = ({ collected, entity, entities, problems }) => {
  const { className, table, view, root } = collected;
  if (table === undefined && view === undefined) {
    problems.add(
      className,
      'the class is registered as an entity but has no @Table',
      `@Table({ ${root === undefined ? 'name' : 'value'}: '…' }) class ${className}`,
    );
    return;
  }
  if (entity.options.name === undefined) {
    problems.add(
      className,
      '@Table names no table (the name of the class does not count: bundlers change it)',
      "@Table({ name: '…' })",
    );
    return;
  }
  if (entity.table.trim() === '') problems.add(className, 'the name of the table is empty', "@Table({ name: '…' })");
  const twin = entities.find((each) => each !== entity && each.table === entity.table && !shareTable(each, entity));
  if (twin !== undefined) {
    problems.add(
      className,
      `${twin.className} has the same table "${entity.table}"; one table has one entity`,
      "@Table({ name: '…' })",
    );
  }
  if (!TYPES.includes(entity.options.type))
    problems.add(
      className,
      `unknown table type "${String(entity.options.type)}"`,
      "@Table({ type: 'normal' | 'relation' | 'any' })",
    );
  if (!SCHEMAS.includes(entity.options.schema))
    problems.add(className, `unknown schema "${String(entity.options.schema)}"`, "@Table({ schema: 'full' | 'less' })");
  const { schemaValidator } = entity.options;
  if (schemaValidator !== undefined && !isStandardSchema(schemaValidator)) {
    problems.add(
      className,
      'schemaValidator is no schema of the Standard Schema convention',
      '@Table({ schemaValidator: z.object({ … }) }) of zod 3.24, valibot 1.0, arktype 2.0 or later',
    );
  }
};

/** A class without @Table of its own is reported as such. */
function shareTable(a: EntityMetadata, b: EntityMetadata): boolean {
  return a.hierarchy !== undefined && a.hierarchy.root() === b.hierarchy?.root();
}
