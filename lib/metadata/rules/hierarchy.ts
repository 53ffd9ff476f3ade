import { acceptsValue } from '../../types/accepts-value.js';
import { printType } from '../../types/print-type.js';
import type { Rule } from './rule.js';

/** Classes of one table are told apart by a value each. */
export const checkHierarchy: Rule = ({ collected, entity, entities, problems }) => {
  const { className, target, root, ownTable } = collected;
  const write = `@Table({ value: '…' }) class ${className}`;
  if (root === undefined) {
    if (ownTable?.value !== undefined)
      problems.add(className, 'value belongs to a class whose base has a discriminator', "@Table({ name: '…' })");
    return;
  }
  const { hierarchy, options } = entity;
  if (target === root) {
    if (entity.type === 'relation')
      problems.add(className, 'an edge table has one class; it cannot have a discriminator', "@Table({ name: '…' })");
  } else {
    if (ownTable?.name !== undefined && ownTable.name !== hierarchy?.root().table)
      problems.add(className, `it shares the table of ${root.name}, and names another`, write);
    if (ownTable?.discriminator !== undefined)
      problems.add(className, `${root.name} says already what tells the classes apart`, write);
    if (ownTable !== undefined && ownTable.value === undefined)
      problems.add(className, `nothing tells its records from others of the table of ${root.name}`, write);
  }
  const { value } = options;
  if (value === undefined) return;
  const twin = entities.find((each) => each !== entity && each.table === entity.table && each.options.value === value);
  if (twin !== undefined)
    problems.add(className, `${twin.className} has the same value ${JSON.stringify(value)}`, write);
  const shown = entity.properties.find(
    (each) => each.kind === 'field' && (each.role === 'discriminator' || each.column === hierarchy?.column),
  );
  if (shown !== undefined && 'type' in shown && !acceptsValue(shown.type, value)) {
    const reason = `it holds ${printType(shown.type)}, and ${JSON.stringify(value)} is to stand there`;
    problems.add(shown.path, reason, `@Field('string') readonly ${shown.property}!: string`);
  }
};
