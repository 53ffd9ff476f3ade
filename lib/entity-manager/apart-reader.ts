import { ValidationError } from '../errors/index.js';
import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildRelations, requestsOf, targetsOf, type FetchNode } from '../query/index.js';
import { identityOf, type RecordId } from '../values/index.js';
import { Arrivals } from './arrivals.js';
import { attachFetched } from './attach-fetched.js';
import type { EmSession } from './em-session.js';
import type { ReadOptions } from './read-options.js';
import { runStatement } from './run-statement.js';

type Fetch = Readonly<Record<string, unknown>>;

/**
 * Reads the relations of entities that are here: a statement for each relation, with what is fetched below it. Where that is
 * nested deeper than the server's parser goes, what is below has statements of its own.
 */
export async function fetchApart(
  session: EmSession,
  meta: EntityMetadata,
  entities: readonly object[],
  fetch: Fetch,
  options: ReadOptions,
): Promise<void> {
  if (entities.length === 0) return;
  const byId = new Map(entities.map((entity) => [identityOf(idOf(entity)), entity]));
  const asked = Object.entries(fetch).flatMap(([name, given]) =>
    requestsOf(given).map((request) => ({ name, request })),
  );
  const reads = asked.map(({ name, request }) =>
    readOne(session, meta, [...byId.values()], { name, request, options }),
  );
  const arrivals = new Arrivals(session, options.refresh === true, session.filters.with(options.filters));
  const answers = await Promise.all(reads);
  for (const { rows, nodes } of answers)
    for (const row of rows) attachFetched(arrivals, byId.get(identityOf(row['id'] as RecordId)) as object, row, nodes);
  await arrivals.announce();
  for (const { below } of answers) await below?.();
}

interface Asked {
  readonly name: string;
  readonly request: unknown;
  readonly options: ReadOptions;
}
interface Answer {
  readonly rows: readonly Row[];
  readonly nodes: readonly FetchNode[];
  /** Reads what has not come along. */
  readonly below?: () => Promise<void>;
}

async function readOne(
  session: EmSession,
  meta: EntityMetadata,
  entities: readonly object[],
  { name, request, options }: Asked,
): Promise<Answer> {
  const read = async (relation: unknown): Promise<Answer> => {
    const query = session.finder.contextWith(options.filters);
    const { statement, fetch: nodes } = buildRelations(meta, entities.map(idOf), { [name]: relation }, query);
    return { rows: (await runStatement(session, statement, 'find', options)) as readonly Row[], nodes };
  };
  const { fetch, ...flat } = request as { readonly fetch?: Fetch };
  if (fetch === undefined) return read(request);
  return unlessTooDeep(
    () => read(request),
    async () => {
      const answer = await read(flat);
      const below = () => fetchBelow(session, entities, answer.nodes, { fetch, options });
      return { ...answer, below };
    },
  );
}

/** What hangs on the members that have come. */
async function fetchBelow(
  session: EmSession,
  entities: readonly object[],
  nodes: readonly FetchNode[],
  { fetch, options }: { readonly fetch: Fetch; readonly options: ReadOptions },
): Promise<void> {
  for (const { property, as } of nodes) {
    const [target] = targetsOf(property);
    const members = entities.flatMap((entity) =>
      as === undefined ? membersOf((entity as Row)[property.property]) : named((entity as Row)[as]),
    );
    if (target !== undefined) await fetchApart(session, target, members, fetch, options);
  }
}

const named = (value: unknown): readonly object[] => [value ?? []].flat() as object[];

interface Held {
  readonly isLoaded: boolean;
  get(): object | readonly object[];
}

function membersOf(held: unknown): readonly object[] {
  const links = held as Held | undefined;
  return links?.isLoaded === true ? [links.get()].flat() : [];
}

/** One way, or another where the text of the first would be nested too deeply: then nothing has been sent. */
export async function unlessTooDeep<R>(whole: () => Promise<R>, inParts: () => Promise<R>): Promise<R> {
  try {
    return await whole();
  } catch (error) {
    if (error instanceof ValidationError && error.errors.some(({ rule }) => rule === 'nesting')) return inParts();
    throw error;
  }
}

const idOf = (entity: object): RecordId => (entity as { readonly id: RecordId }).id;
