import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { isConditions, toId } from '../../query/index.js';
import { isFragment } from '../../surrealql/surql.js';
import type { EmSession } from '../em-session.js';

/** What a builder has been told so far; each call makes another. */
export interface QueryState {
  readonly session: EmSession;
  readonly meta: EntityMetadata;
  readonly wheres: readonly unknown[];
}

/** All conditions together; undefined where none was given. */
export function whereOf({ session, meta, wheres }: QueryState): unknown {
  const [only] = wheres;
  if (wheres.length <= 1) return only;
  const term = (where: unknown) =>
    isConditions(where) || isFragment(where) ? where : { id: toId(meta, where, session.finder.context) };
  return { $and: wheres.map(term) };
}
