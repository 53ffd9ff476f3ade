import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { mayBe } from '../metadata/is-a.js';
import type { EdgeStep } from '../query/index.js';

type Arrow = EdgeStep['arrow'];

/** Where nothing can be at the other end, the walk would silently find nothing. */
export function refuseEnd({ arrow, edges }: EdgeStep, target: EntityMetadata): void {
  const ends = edges.map((edge) => endsOf(edge, arrow === '->' ? 'out' : arrow === '<-' ? 'in' : 'both'));
  if (ends.some((each) => each.length === 0 || each.some((end) => mayBe(target, end)))) return;
  const names = namesOf(ends.flat());
  throw refused(
    `${edges.map(({ className }) => className).join(', ')} does not lead to ${target.className} this way`,
    `it leads to ${names.join(' or ')}: .to(${names[0]}), or go the other way`,
  );
}

/** Every kind of edge must be able to start there. */
export function refuseStart(arrow: Arrow, edges: readonly EntityMetadata[], at: EntityMetadata | undefined): void {
  for (const edge of edges) {
    if (at === undefined || startsAt(arrow, edge, at)) continue;
    throw refused(
      `${edge.className} does not start at ${at.className} this way`,
      `it starts at ${namesOf(startsOf(arrow, edge)).join(' or ')}: take .to(…) first, or go the other way`,
    );
  }
}

export function startsAt(arrow: Arrow, edge: EntityMetadata, at: EntityMetadata): boolean {
  const ends = startsOf(arrow, edge);
  return ends.length === 0 || ends.some((each) => mayBe(at, each));
}

const startsOf = (arrow: Arrow, edge: EntityMetadata): readonly EntityMetadata[] =>
  endsOf(edge, arrow === '->' ? 'in' : arrow === '<-' ? 'out' : 'both');

const namesOf = (metas: readonly EntityMetadata[]): string[] => [...new Set(metas.map(({ className }) => className))];

/** Nothing where an edge was declared without ends: it may join anything. */
function endsOf({ edge }: EntityMetadata, end: 'in' | 'out' | 'both'): readonly EntityMetadata[] {
  if (edge === undefined) return [];
  if (end !== 'both') return edge[end];
  return edge.in.length === 0 || edge.out.length === 0 ? [] : [...edge.in, ...edge.out];
}

export function refused(what: string, fix: string): ValidationError {
  return new ValidationError({ what, fix, errors: [{ path: 'traverse', message: what, rule: 'graph' }] });
}
