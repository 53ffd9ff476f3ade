import type { Rule } from './rule.js';

/** A relation table says what it connects and has both ends as properties; no other table has ends. */
export const checkEdge: Rule = ({ collected, entity, problems }) => {
  const { className } = collected;
  const ends = collected.properties.filter((each) => each.declaration.kind === 'end');
  if (entity.options.type !== 'relation') {
    const write = `@Table({ name: '${entity.table}', type: 'relation', in: () => From, out: () => To })`;
    for (const end of ends) problems.add(end.path, '@In and @Out belong to an edge', write);
    if (entity.options.in !== undefined || entity.options.out !== undefined)
      problems.add(className, "in and out belong to type: 'relation'", write);
    return;
  }
  for (const [end, decorator] of [
    ['in', '@In()'],
    ['out', '@Out()'],
  ] as const) {
    if (entity.options[end] === undefined)
      problems.add(
        className,
        `the edge does not say what its ${end} is`,
        `@Table({ name: '${entity.table}', type: 'relation', in: () => From, out: () => To })`,
      );
    const declared = ends.filter((each) => each.declaration.kind === 'end' && each.declaration.end === end);
    if (declared.length === 0)
      problems.add(className, `the edge has no property with ${decorator}`, `${decorator} ${end}!: Link<…>`);
    for (const twin of declared.slice(1)) problems.add(twin.path, `the edge has two properties with ${decorator}`);
  }
  for (const property of entity.properties) {
    if (
      'column' in property &&
      (property.column === 'in' || property.column === 'out') &&
      !(property.kind === 'link' && property.end !== undefined)
    ) {
      problems.add(
        property.path,
        `the column "${property.column}" of an edge is one of its ends`,
        property.column === 'in' ? '@In()' : '@Out()',
      );
    }
  }
};
