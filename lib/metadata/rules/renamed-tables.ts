import type { EntityMetadata } from '../entity-metadata.js';
import type { Rule } from './rule.js';

const WRITE = "@Table({ name: '…', renamedFrom: '…' }) with the table's name in the last release";

/** A table is renamed from one that no entity has any more, and no record of which is an edge. */
export const checkRenamedTables: Rule = ({ collected, entity, entities, problems }) => {
  const { className, ownTable, root, target, view } = collected;
  const old = ownTable?.renamedFrom;
  if (old === undefined) return;
  const add = (text: string, write = WRITE): void => problems.add(className, text, write);
  if (typeof old !== 'string' || old.trim() === '') {
    add('renamedFrom is no name of a table');
    return;
  }
  if (root !== undefined && root !== target)
    add(
      `it shares the table of ${root.name}, which alone can be renamed from "${old}"`,
      `renamedFrom in the @Table of ${root.name}`,
    );
  if (view !== undefined || entity.type === 'view')
    add(
      `a view holds no records of its own that could be copied from "${old}"`,
      'renamedFrom left out: the view is made anew under its name',
    );
  if (entity.type === 'relation')
    add(
      `the records of "${old}" are edges: a copy of them would lead nowhere`,
      'renamedFrom left out, and a migration that relates each edge anew with m.em',
    );
  const holder = entities.find((each) => each.table === old);
  if (holder !== undefined)
    add(
      `it is renamed from "${old}", which is the table of ${holder === entity ? 'the class itself' : holder.className}`,
    );
  const twin = entities.find((each) => isTwin(each, entity, old));
  if (twin !== undefined) add(`${twin.className} is renamed from the table "${old}" too`, 'renamedFrom at one of them');
};

function isTwin(each: EntityMetadata, entity: EntityMetadata, old: string): boolean {
  return each !== entity && each.table !== entity.table && each.options.renamedFrom === old;
}
