import type { EntityManager } from '../../lib/index.js';
import { isConditions, type Conditions } from './operators.js';
import { Oracle, SubqueryOf, type TableName } from './oracle.js';
import type { Row } from './data.js';
import type { FetchRequest, Request } from './requests.js';
import type { Tables } from './tables.js';
import type { World } from './world.js';

type Entity = Readonly<Record<string, unknown>> & { readonly id: { readonly key: number } };
/** The verbs without their types: conditions are made at run time. */
type Reader = {
  readonly [V in 'find' | 'count' | 'exists' | 'findPage' | 'stream' | 'aggregate']: (...args: unknown[]) => unknown;
};

const CLASSES: Readonly<Record<TableName, keyof Tables>> = {
  item: 'Item',
  maker: 'Maker',
  label: 'Label',
  note: 'Note',
  likes: 'Likes',
};

/** Subqueries become those of this EntityManager. */
function forReading(given: unknown, em: EntityManager, tables: Tables): unknown {
  if (given instanceof SubqueryOf) {
    const select = em.select(tables[CLASSES[given.table]] as never);
    return select.where(forReading(given.where, em, tables) as never).value(given.property as never);
  }
  if (Array.isArray(given)) return given.map((each) => forReading(each, em, tables));
  if (!isConditions(given)) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, forReading(value, em, tables)]));
}

/** One find, by every verb that answers it, against a scan of the rows in memory. Answers whether it told rows apart. */
export async function checkFind(world: World, where: Conditions, request: Request): Promise<boolean> {
  const { tables, data } = world;
  const { Item } = tables;
  const oracle = new Oracle(data);
  const em = world.fork();
  const reader = em as unknown as Reader;
  const asked = forReading(where, em, tables);
  const matching = oracle.find('item', where);
  const sorted = oracle.sort(matching, request.orderBy);
  const { limit = Infinity, offset = 0 } = request;

  const found = (await reader.find(Item, asked, request)) as Entity[];
  const expected = sorted.slice(offset, offset + limit);
  const inOrder = isOrdered(request);
  expect(keysOf(found, inOrder)).toEqual(idsOf(expected, inOrder));
  for (const entity of found) {
    const row = data.item.get(entity.id.key) as Row;
    expect(entity).toMatchObject({ twice: row['twice'], triple: row['triple'], serial: row['serial'] });
    expectFetched(oracle, entity, row, request.fetch ?? {});
  }

  expect(await reader.count(Item, asked)).toBe(matching.length);
  expect(await reader.exists(Item, asked)).toBe(matching.length > 0);
  return matching.length > 0 && matching.length < data.item.size;
}

/** Pages from the start and from the end, and a stream, each put together again. */
export async function checkPages(
  world: World,
  where: Conditions,
  orderBy: object | undefined,
  size: number,
): Promise<void> {
  const { tables, data } = world;
  const em = world.fork();
  const reader = em as unknown as Reader;
  const asked = forReading(where, em, tables);
  const oracle = new Oracle(data);
  const expected = idsOf(oracle.sort(oracle.find('item', where), orderBy), true);
  const order = orderBy === undefined ? {} : { orderBy };
  type Page = {
    items: Entity[];
    startCursor: string | null;
    endCursor: string | null;
    hasNextPage: boolean;
    hasPreviousPage: boolean;
  };

  const forward: Entity[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page = (await reader.findPage(tables.Item, asked, { ...order, first: size, after })) as Page;
    forward.push(...page.items);
    [after, more] = [page.endCursor, page.hasNextPage];
  }
  expect(keysOf(forward, true)).toEqual(expected);

  const backward: Entity[] = [];
  for (let before: string | null = null, more = true; more;) {
    const page = (await reader.findPage(tables.Item, asked, { ...order, last: size, before })) as Page;
    backward.unshift(...page.items);
    [before, more] = [page.startCursor, page.hasPreviousPage];
  }
  expect(keysOf(backward, true)).toEqual(expected);

  const streamed: Entity[] = [];
  const stream = reader.stream(tables.Item, asked, { ...order, batch: size }) as AsyncIterable<Entity>;
  for await (const entity of stream) streamed.push(entity);
  expect(keysOf(streamed, true)).toEqual(expected);
}

/** Without an order rows may come in any; a cut needs one, and then it is that of the ids. */
const isOrdered = ({ orderBy, limit, offset }: Request): boolean =>
  orderBy !== undefined || limit !== undefined || (offset !== undefined && offset > 0);

const inTurn = (ids: number[], inOrder: boolean): number[] => (inOrder ? ids : ids.sort((a, b) => a - b));
const idsOf = (rows: readonly Row[], inOrder: boolean): number[] =>
  inTurn(
    rows.map(({ id }) => id),
    inOrder,
  );
const keysOf = (entities: readonly Entity[], inOrder: boolean): number[] =>
  inTurn(
    entities.map(({ id }) => id.key),
    inOrder,
  );

interface FetchedLink {
  readonly isLoaded: boolean;
  readonly id: { readonly key: number };
  readonly total?: number;
  get(): unknown;
}

function expectFetched(oracle: Oracle, entity: Entity, row: Row, fetch: NonNullable<Request['fetch']>): void {
  for (const [name, asked] of Object.entries(fetch)) {
    const request: FetchRequest = asked === true ? {} : asked;
    const held = entity[name] as FetchedLink | undefined;
    const related = oracle.related(row, name);
    if (name === 'maker') expectLink(oracle, held, row['maker'] as number | undefined, related, request);
    else expectMembers(oracle, held as FetchedLink, related, request, TABLES[name] as TableName);
  }
}

const TABLES: Readonly<Record<string, TableName>> = { labels: 'label', notes: 'note', likes: 'item', likedBy: 'item' };

function expectLink(
  oracle: Oracle,
  link: FetchedLink | undefined,
  key: number | undefined,
  related: readonly Row[],
  request: FetchRequest,
): void {
  expect(link?.id.key).toBe(key);
  if (link === undefined) return;
  const [target] = matching(oracle, related, request, 'maker');
  expect(link.isLoaded).toBe(target !== undefined);
  if (target !== undefined) expect(link.get()).toMatchObject({ name: target['name'] });
}

function expectMembers(
  oracle: Oracle,
  links: FetchedLink,
  related: readonly Row[],
  request: FetchRequest,
  table: TableName,
): void {
  const members = matching(oracle, related, request, table);
  const { limit = Infinity, offset = 0 } = request;
  const shown = oracle.sort(members, request.orderBy).slice(offset, offset + limit);
  const entities = links.get() as Entity[];
  const inOrder = isOrdered(request);
  expect(keysOf(entities, inOrder)).toEqual(idsOf(shown, inOrder));
  if (request.count === true) expect(links.total).toBe(members.length);
  const byId = new Map(shown.map((row) => [row.id, row]));
  for (const entity of entities) expectFetched(oracle, entity, byId.get(entity.id.key) as Row, request.fetch ?? {});
}

function matching(
  oracle: Oracle,
  related: readonly Row[],
  { where = {} }: FetchRequest,
  table: TableName,
): readonly Row[] {
  const all = new Set(oracle.find(table, where).map(({ id }) => id));
  return related.filter(({ id }) => all.has(id));
}
