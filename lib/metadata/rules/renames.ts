import type { PropertyMetadata } from '../entity-metadata.js';
import type { Problems } from '../problems.js';
import type { Rule } from './rule.js';

/** A column is renamed from one that the entity does not have any more. */
export const checkRenames: Rule = ({ entity, problems }) => check(entity.properties, problems);

function check(properties: readonly PropertyMetadata[], problems: Problems): void {
  const columns = new Map(
    properties.flatMap((each) => ('column' in each ? [[each.column, each.property] as const] : [])),
  );
  const sources = new Map<string, string>();
  for (const each of properties) {
    if (each.kind === 'field' && each.embedded !== undefined) check(each.embedded.fields, problems);
    if (!('renamedFrom' in each) || each.renamedFrom === undefined) continue;
    const { renamedFrom: old, path, property } = each;
    const holder = columns.get(old);
    const twin = sources.get(old);
    sources.set(old, property);
    if (holder !== undefined)
      problems.add(
        path,
        `it is renamed from "${old}", which is the column of ${holder === property ? 'the property itself' : holder}`,
        "{ renamedFrom: '…' } with the column's name in the last release",
      );
    else if (twin !== undefined)
      problems.add(path, `${twin} is renamed from "${old}" too`, 'renamedFrom at one of them');
  }
}
