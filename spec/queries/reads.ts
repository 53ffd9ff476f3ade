import fc from 'fast-check';
import type { RecordId } from '../../lib/index.js';
import type { EntityMetadata } from '../../lib/metadata/entity-metadata.js';
import type { Conditions } from '../finds/operators.js';
import { whereOf } from './conditions.js';
import { Evaluator, Unknowable } from './evaluator.js';
import { optionsOf, orderOf, serverOrderOf } from './options.js';
import { Query } from './query.js';
import { keyOf, ROWS } from './rows.js';
import { asked } from './subquery.js';
import { withoutMissing } from './values.js';
import type { Row, Verbs, World } from './world.js';

interface Entity {
  readonly id: RecordId;
}
type Options = Readonly<{ orderBy?: object; limit?: number; offset?: number }>;

/** The rows that match, in memory; undefined where only the server can tell. */
export function expected({ rows }: World, meta: EntityMetadata, where: Conditions): Row[] | undefined {
  try {
    return new Evaluator(rows).find(meta, where);
  } catch (error) {
    if (error instanceof Unknowable) return undefined;
    throw error;
  }
}

export const textsOf = (entities: unknown): string[] => (entities as readonly Entity[]).map(({ id }) => String(id));
const sorted = (ids: readonly string[]): string[] => [...ids].sort();

/** Finds and their like of one entity. */
export function readsOf(meta: EntityMetadata): fc.Arbitrary<Query> {
  const where = whereOf(meta);
  return fc.oneof(
    { weight: 8, arbitrary: fc.tuple(where, optionsOf(meta)).map(([w, options]) => find(meta, w, options)) },
    {
      weight: 1,
      arbitrary: fc.tuple(where, serverOrderOf(meta)).map(([w, orderBy]) => findAnyOrder(meta, w, { orderBy })),
    },
    { weight: 2, arbitrary: where.map((w) => counted(meta, w)) },
    { weight: 1, arbitrary: fc.tuple(where, optionsOf(meta)).map(([w, options]) => findOne(meta, w, options)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(where, fc.option(orderOf(meta), { nil: undefined }), fc.integer({ min: 1, max: 4 }))
        .map(([w, order, size]) => pages(meta, w, order, size)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(where, optionsOf(meta), fc.boolean())
        .map(([w, options, full]) => explained(meta, w, options, full)),
    },
    { weight: 1, arbitrary: fc.array(fc.nat({ max: ROWS }), { maxLength: 5 }).map((keys) => byIds(meta, keys)) },
  );
}

function find(meta: EntityMetadata, where: Conditions, options: Options): Query {
  return new Query('find', [meta.className, where, options], async (world) => {
    const em = world.fork();
    const found = textsOf(await em['find']?.(meta.target, asked(where, em), asked(options, em)));
    const rows = expected(world, meta, where);
    if (rows === undefined) return false;
    const { orderBy, limit = Infinity, offset = 0 } = options;
    const isOrdered = orderBy !== undefined || limit < Infinity || offset > 0;
    const ids = textsOf(new Evaluator(world.rows).sort(meta, rows, orderBy).slice(offset, offset + limit));
    expect(isOrdered ? found : sorted(found)).toEqual(isOrdered ? ids : sorted(ids));
    return true;
  });
}

function findAnyOrder(meta: EntityMetadata, where: Conditions, options: object): Query {
  return new Query('find', [meta.className, where, options], async (world) => {
    const em = world.fork();
    const found = textsOf(await em['find']?.(meta.target, asked(where, em), options));
    const rows = expected(world, meta, where);
    if (rows !== undefined) expect(sorted(found)).toEqual(sorted(textsOf(rows)));
    return rows !== undefined;
  });
}

function counted(meta: EntityMetadata, where: Conditions): Query {
  return new Query('count', [meta.className, where], async (world) => {
    const em = world.fork();
    const count = await em['count']?.(meta.target, asked(where, em));
    const exists = await em['exists']?.(meta.target, asked(where, em));
    expect(exists).toBe(Number(count) > 0);
    const rows = expected(world, meta, where);
    if (rows !== undefined) expect(count).toBe(rows.length);
    return rows !== undefined;
  });
}

function findOne(meta: EntityMetadata, where: Conditions, { limit: _, ...options }: Options): Query {
  return new Query('findOne', [meta.className, where, options], async (world) => {
    const em = world.fork();
    const found = (await em['findOne']?.(meta.target, asked(where, em), asked(options, em))) as Entity | null;
    const [, total] = (await em['findAndCount']?.(meta.target, asked(where, em), asked(options, em))) as [
      unknown,
      number,
    ];
    const rows = expected(world, meta, where);
    if (rows === undefined) return false;
    expect(total).toBe(rows.length);
    const first = new Evaluator(world.rows).sort(meta, rows, options.orderBy)[options.offset ?? 0];
    expect(found === null ? undefined : String(found.id)).toBe(first === undefined ? undefined : String(first.id));
    return true;
  });
}

interface Page {
  readonly items: readonly Entity[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

function pages(meta: EntityMetadata, where: Conditions, orderBy: object | undefined, first: number): Query {
  const order = orderBy === undefined ? {} : { orderBy };
  return new Query('findPage', [meta.className, where, order, first], async (world) => {
    const em = world.fork();
    const items: Entity[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = (await em['findPage']?.(meta.target, asked(where, em), {
        ...order,
        first,
        after,
      })) as unknown as Page;
      items.push(...page.items);
      [after, more] = [page.endCursor, page.hasNextPage];
    }
    const streamed: Entity[] = [];
    const stream = em['stream']?.(meta.target, asked(where, em), { ...order, batch: first + 1 });
    for await (const entity of stream as unknown as AsyncIterable<Entity>) streamed.push(entity);
    expect(textsOf(streamed)).toEqual(textsOf(items));
    const rows = expected(world, meta, where);
    if (rows !== undefined)
      expect(textsOf(items)).toEqual(textsOf(new Evaluator(world.rows).sort(meta, rows, orderBy)));
    return rows !== undefined;
  });
}

function explained(meta: EntityMetadata, where: Conditions, { orderBy, limit }: Options, full: boolean): Query {
  const options = withoutMissing({ orderBy, limit });
  return new Query('explain', [meta.className, where, options, full], async (world) => {
    const em = world.fork();
    const plan = (await em['explain']?.(meta.target, asked(where, em), {
      ...(asked(options, em) as object),
      full,
    })) as unknown as { tree: string };
    expect(typeof plan.tree).toBe('string');
    const built = printed(em, meta, where, options);
    expect(typeof built.text).toBe('string');
    return false;
  });
}

function printed(em: Verbs, meta: EntityMetadata, where: Conditions, { orderBy }: Options): { text: string } {
  const select = em['select']?.(meta.target)['where']?.(asked(where, em)) as Verbs;
  const query = orderBy === undefined ? select : (select['orderBy']?.(orderBy) as Verbs);
  return query['toSurql']?.() as unknown as { text: string };
}

function byIds(meta: EntityMetadata, keys: readonly number[]): Query {
  return new Query('findByIds', [meta.className, keys], async (world) => {
    const ids = keys.map((n) => keyOf(meta, n));
    const found = (await world.fork()['findByIds']?.(meta.target, ids)) as readonly (Entity | null)[];
    expect(found).toHaveLength(keys.length);
    return false;
  });
}
