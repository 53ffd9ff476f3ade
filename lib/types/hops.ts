import type { RecordId } from '../values/index.js';
import type { EndOf } from './relations.js';

/** Of edges that leave (`out`), lead to (`in`) or touch the records where a walk stands; else a text that no class is. */
export type StartsAt<T, E, D extends 'in' | 'out' | 'both'> = Meets<
  T,
  EndOf<E, D extends 'out' ? 'in' : D extends 'in' ? 'out' : 'in' | 'out'>,
  'these edges do not start here this way'
>;

/** Of an entity that the edges where a walk stands have at one of their ends. */
export type LeadsTo<U, E> = Meets<U, EndOf<E, 'in' | 'out'>, 'the edges do not lead to this entity'>;

/** Where a walk starts at a bare id, or the type of an edge does not tell its ends, the walk itself finds out. */
type Meets<A, B, Otherwise> = [A] extends [never]
  ? unknown
  : [B] extends [never]
    ? unknown
    : A extends B | RecordId
      ? unknown
      : B extends A
        ? unknown
        : Otherwise;
