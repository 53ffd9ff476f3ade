import { isUnreferable } from '../references.js';
import { didYouMean } from '../../types/nearest-word.js';
import type { CollectedProperty } from '../collect.js';
import type {
  EdgesMetadata,
  EntityMetadata,
  InverseMetadata,
  LinkMetadata,
  LinksMetadata,
} from '../entity-metadata.js';
import { isA, mayBe } from '../is-a.js';
import type { RelationOptions } from '../options.js';
import type { Problems } from '../problems.js';
import type { Rule } from './rule.js';

/** Relations lead somewhere and fit what stands there. */
export const checkRelations: Rule = ({ collected, entity, problems }) => {
  for (const each of collected.properties) {
    if (each.declaration.kind === 'relation') checkOptions(each, each.declaration.options, problems);
    const built = entity.byProperty.get(each.property);
    if ((built?.kind === 'link' || built?.kind === 'links') && UNLINKABLE.has(built.column.toLowerCase())) {
      problems.add(
        built.path,
        `the server cannot store a link in a column named ${built.column}`,
        `@Relation(() => Target, { name: '${built.column}_' }) ${built.property}`,
      );
    }
    if (built?.kind === 'link' || built?.kind === 'links') checkReference(built, problems);
    if (built?.kind === 'edges') checkEdges(entity, built, problems);
    if (built?.kind === 'inverse' && each.declaration.kind === 'relation') {
      checkInverse(entity, built, String(each.declaration.options.inverse), problems);
    }
  }
};

/** Names under which the server (3.0.2) fails to write a reference; other fields may be called so. */
const UNLINKABLE: ReadonlySet<string> = new Set(
  (
    'alter break continue create define delete explain false for function if info insert let none null rebuild relate remove ' +
    'return select sleep throw true update upsert'
  ).split(' '),
);

function checkReference(
  { path, property, column, onDelete, reference }: LinkMetadata | LinksMetadata,
  problems: Problems,
): void {
  if (!reference || onDelete === 'ignore' || !isUnreferable(column)) return;
  problems.add(
    path,
    `the server cannot carry out onDelete of a link in a column named ${column}`,
    `@Relation(() => Target, { name: '${column}_', onDelete: … }) ${property}`,
  );
}

function checkOptions({ path, property }: CollectedProperty, options: RelationOptions, problems: Problems): void {
  const kinds = [
    options.many === true && 'many',
    options.edge !== undefined && 'edge',
    options.inverse !== undefined && 'inverse',
  ].filter(Boolean);
  if (kinds.length > 1)
    problems.add(
      path,
      `${kinds.join(' and ')} exclude each other`,
      `@Relation(() => Target, { ${kinds[0]}: … }) ${property}`,
    );
  if (options.list === true && options.many !== true)
    problems.add(path, 'list belongs to many: true', `@Relation(() => Target, { many: true, list: true }) ${property}`);
  if (options.direction !== undefined && options.edge === undefined)
    problems.add(
      path,
      'direction belongs to an edge',
      `@Relation(() => Target, { edge: () => Edge, direction: '${options.direction}' }) ${property}`,
    );
  if (options.onDelete !== undefined && (options.edge !== undefined || options.inverse !== undefined)) {
    problems.add(
      path,
      'onDelete belongs to the side that stores the link; the server removes edges with their records',
      `@Relation(() => Target, { onDelete: … }) on the other side`,
    );
  }
}

/** An edge must connect the owner with the target, in the direction that was said. */
function checkEdges(
  entity: EntityMetadata,
  { edge, target, direction, path, property }: EdgesMetadata,
  problems: Problems,
): void {
  const { edge: ends, className } = edge();
  if (ends === undefined) {
    problems.add(
      path,
      `${className} is not an edge`,
      `@Table({ name: '${edge().table}', type: 'relation', in: () => ${entity.className}, out: () => ${target().className} })`,
    );
    return;
  }
  const leads = (from: readonly EntityMetadata[], to: readonly EntityMetadata[]): boolean =>
    from.some((each) => isA(entity, each)) && to.some((each) => mayBe(target(), each));
  const out = leads(ends.in, ends.out);
  const into = leads(ends.out, ends.in);
  if (direction === 'both' ? out || into : direction === 'out' ? out : into) return;
  const other = direction === 'out' && into ? 'in' : direction === 'in' && out ? 'out' : undefined;
  const reason = `${className} does not lead ${direction === 'in' ? 'into' : 'out of'} ${entity.className} ${direction === 'in' ? 'from' : 'to'} ${target().className}`;
  problems.add(
    path,
    reason,
    other === undefined
      ? `@Table({ type: 'relation', in: …, out: … }) class ${className}`
      : `@Relation(() => ${target().className}, { edge: () => ${className}, direction: '${other}' }) ${property}`,
  );
}

function checkInverse(
  entity: EntityMetadata,
  { target, path, property }: InverseMetadata,
  name: string,
  problems: Problems,
): void {
  const other = target();
  const write = `@Relation(() => ${entity.className}) ${name} in ${other.className}`;
  const back = other.byProperty.get(name);
  if (back === undefined) {
    problems.add(
      path,
      `inverse names ${other.className}.${name}, which does not exist.${didYouMean(name, other.byProperty.keys())}`,
      write,
    );
  } else if (back.kind !== 'link' && back.kind !== 'links') {
    problems.add(path, `inverse names ${other.className}.${name}, which stores no link`, write);
  } else if (back.kind === 'link' && back.end !== undefined) {
    const direction = back.end === 'in' ? 'out' : 'in';
    problems.add(
      path,
      `inverse names ${other.className}.${name}, the end of an edge; the server keeps references of links, not of edges`,
      `@Relation(() => …, { edge: () => ${other.className}, direction: '${direction}' }) ${property}, whose edges() are the edges; or find them: em.find(${other.className}, { ${name}: … })`,
    );
  } else if (!back.targets().some((each) => isA(entity, each))) {
    problems.add(
      path,
      `inverse names ${other.className}.${name}, which points to ${back.target().className}`,
      `@Relation(() => ${other.className}, { inverse: '…' }) ${property}`,
    );
  }
}
