import type {
  EdgesMetadata,
  EntityMetadata,
  InverseMetadata,
  LinkMetadata,
  LinksMetadata,
} from '../metadata/entity-metadata.js';
import type { PathNode, Projection } from '../surrealql/nodes/index.js';

export type ToMany = LinksMetadata | EdgesMetadata | InverseMetadata;
export type Relation = LinkMetadata | ToMany;

/** Where in a row a fetched relation stands, and what the rows there are. */
export interface FetchNode {
  readonly property: Relation;
  /**
   * The member of the row: a row of the target for a link, a list of such rows for the many side.
   * NONE stands for a link into a missing record, also within the lists of many-links and edges; the column keeps the id.
   */
  readonly alias: string;
  /** The name that what is fetched has on the entity, where it is not to load the relation itself. */
  readonly as?: string;
  readonly many: boolean;
  /** The target's entity. A link to several tables may bring rows of others. */
  readonly meta: EntityMetadata;
  /** Of edges: their entity, and the member of each target row that holds the edge's own row, or those of several. */
  readonly edgeMeta?: EntityMetadata;
  readonly edgeAlias?: string;
  /** The member of the row that holds how many there are, where `count` was asked for. */
  readonly countAlias?: string;
  /** Not all members are shown: conditions, a limit or an offset were given. */
  readonly partial: boolean;
  /** The columns that were read of the target; undefined for all. */
  readonly columns: ReadonlySet<string> | undefined;
  /** The relations fetched below, in each row of the target. */
  readonly children: readonly FetchNode[];
}

/** What a select projects for its fetched relations. */
export interface FetchPlan {
  readonly nodes: readonly FetchNode[];
  readonly projections: readonly Projection[];
  /** Aliases for the FETCH clause of the select that projects them. */
  readonly fetched: readonly PathNode[];
}

export const NO_FETCH: FetchPlan = Object.freeze({ nodes: [], projections: [], fetched: [] });

/** The member of a fetched row that holds the row of the edge which led there, or a list of such rows. */
export const EDGE_ALIAS = '__edge';
