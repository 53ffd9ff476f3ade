import { GraphTraversal } from '../graph-traversal.js';
import type { RecordId } from '../../values/index.js';
import { DirectVerbs } from './direct-verbs.js';

/** Edges between records, and walks along them. */
export abstract class GraphVerbs extends DirectVerbs {
  /**
   * Walks the graph.
   *
   * ```ts
   * const reachable = await em.traverse(abe).out(Route).to(Airport).out(Route).to(Airport).list();
   * ```
   * @see https://surrealdb.com/docs/surrealql/datamodel/idioms#graph-traversal
   */
  traverse<T extends object>(start: T | RecordId): GraphTraversal<T> {
    return GraphTraversal.from<T>(this.session, start);
  }
}
