import fc from 'fast-check';
import { addToSet, append, increment, pull, surql, UniqueConstraintError, unset } from '../../lib/index.js';
import type { EntityMetadata, FieldMetadata, PropertyMetadata } from '../../lib/metadata/entity-metadata.js';
import type { Conditions } from '../finds/operators.js';
import { whereOf } from './conditions.js';
import { textOf } from './expressions.js';
import { Query } from './query.js';
import { expected } from './reads.js';
import { dataOf, idOf, inputOf, ROWS } from './rows.js';
import { asked } from './subquery.js';
import type { Verbs, World } from './world.js';

const returning = fc.constantFrom('after', 'before', 'diff', 'id');
const conflict = fc.constantFrom('ignore', 'update');
const anyRow = fc.nat({ max: ROWS - 1 });
/** Keys that no row has. */
const newRow = fc.integer({ min: ROWS, max: ROWS + 3 });

/** Writes of one entity by every builder and verb; each is taken back. */
export function writesOf(meta: EntityMetadata): fc.Arbitrary<Query> {
  const where = whereOf(meta, 1);
  const changes = changesOf(meta);
  const data = dataOf(meta);
  return fc.oneof(
    fc.tuple(where, changes, fc.option(returning)).map((given) => update(meta, ...given)),
    fc.tuple(where, fc.option(fc.constantFrom('before', 'id')), fc.boolean()).map((given) => remove(meta, ...given)),
    fc.tuple(anyRow, changes, fc.constantFrom('none', 'after')).map((given) => patch(meta, ...given)),
    ...(meta.type === 'relation'
      ? edgeWrites(meta)
      : [
          fc
            .tuple(fc.array(fc.tuple(data, newRow), { minLength: 1, maxLength: 3 }), fc.option(conflict), fc.boolean())
            .map((given) => insert(meta, ...given)),
          fc.tuple(data, fc.oneof(anyRow, newRow)).map((given) => upsert(meta, ...given)),
        ]),
  );
}

const isOwn = (property: PropertyMetadata): property is FieldMetadata =>
  property.kind === 'field' && !property.serverProduced && !property.immutable && property.role === 'plain';

/** A few changes: values, expressions, and operations on what a field holds. */
function changesOf(meta: EntityMetadata): fc.Arbitrary<object> {
  const unique = new Set(meta.indexes.filter((index) => index.unique === true).flatMap(({ columns }) => columns));
  const fields = meta.properties.filter(isOwn).filter(({ column }) => !unique.has(column));
  const members = fields.map(
    (field) => [field.property, fc.option(changeOf(meta, field), { nil: undefined, freq: 2 })] as const,
  );
  return fc
    .record(Object.fromEntries(members))
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, change]) => change !== undefined)))
    .filter((all) => Object.keys(all).length > 0);
}

function changeOf(meta: EntityMetadata, field: FieldMetadata): fc.Arbitrary<unknown> {
  const value = inputOf(field).filter((given) => given !== undefined);
  const { kind } = field.type;
  const more: fc.Arbitrary<unknown>[] = field.optional ? [fc.constant(unset())] : [];
  if (kind === 'int' || kind === 'decimal' || kind === 'number')
    more.push(fc.integer({ min: -3, max: 3 }).map(increment));
  if (kind === 'string') more.push(textOf(meta), fc.constant(surql`'x'`));
  if (kind === 'array' && field.embedded === undefined) {
    const one = inputOf(field)
      .filter((list) => (list as unknown[]).length > 0)
      .map((list) => (list as unknown[])[0]);
    more.push(
      one.map((each) => append(each)),
      one.map((each) => addToSet(each)),
      one.map((each) => pull(each)),
    );
  }
  return fc.oneof(value, ...more);
}

function update(meta: EntityMetadata, where: Conditions, changes: object, back: string | null): Query {
  return new Query('update', [meta.className, changes, where, back], async (world) => {
    const rows = expected(world, meta, where);
    await world.rolledBack(async (tx) => {
      const built = tx['update']?.(meta.target)['set']?.(changes)['where']?.(asked(where, tx))['all']?.() as Verbs;
      const ready = back === null ? built : (built['returning']?.(back) as Verbs);
      const answer = await ready['execute']?.();
      if (rows === undefined) return;
      if (back === null) expect(answer).toBe(rows.length);
      else expect(answer).toHaveLength(rows.length);
    });
    return rows !== undefined;
  });
}

function remove(meta: EntityMetadata, where: Conditions, back: string | null, hard: boolean): Query {
  return new Query('delete', [meta.className, where, back, hard], async (world) => {
    const rows = expected(world, meta, where);
    await world.rolledBack(async (tx) => {
      let built = tx['delete']?.(meta.target)['where']?.(asked(where, tx))['all']?.() as Verbs;
      if (hard) built = built['hard']?.() as Verbs;
      if (back !== null) built = built['returning']?.(back) as Verbs;
      const answer = await built['execute']?.();
      if (rows === undefined) return;
      if (back === null) expect(answer).toBe(rows.length);
      else expect(answer).toHaveLength(rows.length);
      // What is gone is not found again.
      if (Object.keys(where).length === 0) expect(await tx['count']?.(meta.target)).toBe(0);
    });
    return rows !== undefined;
  });
}

function patch(meta: EntityMetadata, n: number, changes: object, back: string): Query {
  return new Query('patch', [meta.className, n, changes, back], async (world) => {
    const [row] = rowsOf(world, meta).slice(n % Math.max(1, rowsOf(world, meta).length));
    if (row === undefined) return false;
    await world.rolledBack(async (tx) => {
      const patched = await tx['patch']?.(meta.target, row.id, changes, { returning: back });
      if (back === 'after') expect(String((patched as { id: unknown }).id)).toBe(String(row.id));
    });
    return true;
  });
}

const rowsOf = (world: World, meta: EntityMetadata) => expected(world, meta, {}) ?? [];

function insert(
  meta: EntityMetadata,
  given: readonly (readonly [object, number])[],
  onConflict: string | null,
  after: boolean,
): Query {
  const rows = [...new Map(given.map(([data, n]) => [n, data])).entries()].map(([n, data]) => ({
    ...data,
    id: idOf(meta, n),
  }));
  const options = { ...(onConflict !== null && { onConflict }), ...(after && { returning: 'after' }) };
  return new Query('insert', [meta.className, rows, options], async (world) => {
    await unlessTaken(() =>
      world.rolledBack(async (tx) => {
        const result = (await tx['insert']?.(meta.target, rows, options)) as unknown as {
          inserted: number;
          entities?: unknown[];
        };
        if (onConflict === null) expect(result.inserted).toBe(rows.length);
        if (after && onConflict === null) expect(result.entities).toHaveLength(rows.length);
      }),
    );
    return onConflict === null;
  });
}

function upsert(meta: EntityMetadata, data: object, n: number): Query {
  const id = idOf(meta, n);
  return new Query('upsert', [meta.className, { ...data, id }], async (world) => {
    const [other] = [...(world.rows.get(meta.table)?.values() ?? [])].filter((row) => row.id.equals(id));
    const isOwn = other === undefined || rowsOf(world, meta).some((row) => row.id.equals(id));
    if (!isOwn) return false;
    await unlessTaken(() =>
      world.rolledBack(async (tx) => {
        const written = (await tx['upsert']?.(meta.target, { ...data, id })) as unknown as { id: unknown };
        expect(String(written.id)).toBe(String(id));
      }),
    );
    return true;
  });
}

/** A value under a unique index may be another row's. */
async function unlessTaken(write: () => Promise<void>): Promise<void> {
  await write().catch((error: unknown) => {
    if (!(error instanceof UniqueConstraintError)) throw error;
  });
}

function edgeWrites(meta: EntityMetadata): fc.Arbitrary<Query>[] {
  const [from, to] = [meta.edge?.in[0] as EntityMetadata, meta.edge?.out[0] as EntityMetadata];
  const ends = fc.tuple(
    anyRow.map((n) => idOf(from, n)),
    anyRow.map((n) => idOf(to, n)),
  );
  const way = fc.constantFrom('in', 'out', 'both');
  const run = (verb: string, ...args: readonly unknown[]): Query =>
    new Query(
      verb,
      args.map((each) => (each === meta.target ? meta.className : each)),
      async (world) => {
        await unlessTaken(() => world.rolledBack(async (tx) => void (await tx[verb]?.(...args))));
        return false;
      },
    );
  const ofEnd = (direction: string, id: unknown) => run('unrelateAll', id, meta.target, direction);
  return [
    fc
      .tuple(ends, dataOf(meta), fc.option(conflict))
      .map(([[a, b], data, onConflict]) =>
        run('relate', a, meta.target, b, data, onConflict === null ? {} : { onConflict }),
      ),
    ends.map(([a, b]) => run('unrelate', a, meta.target, b)),
    fc
      .tuple(ends, fc.constantFrom('in', 'out'))
      .map(([[a, b], direction]) => ofEnd(direction, direction === 'out' ? a : b)),
    ...(from === to ? [fc.tuple(ends, way).map(([[a], direction]) => run('related', a, meta.target, direction))] : []),
  ];
}
